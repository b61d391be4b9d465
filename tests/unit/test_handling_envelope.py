"""The envelope: ordered by mass and heat, bounded by what its certificates say, drawn and told."""

from __future__ import annotations

import itertools
import json
import math
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.reference_aircraft import reference_aircraft

from samruk import cli
from samruk.errors import InputError
from samruk.handling import Condition, trim
from samruk.handling.certificate import LIMITS
from samruk.handling.envelope import Envelope, best_climb, days, envelope, full_power_path, true_airspeed, usual_load
from samruk.handling.speeds import least_power_airspeed, stall_airspeed
from samruk.verdict import envelope as pictures

AIRCRAFT = reference_aircraft()
LOAD = usual_load(AIRCRAFT)
HOT = 20.0
"""K: warm enough that power, not the coldest air, ends the height."""


@pytest.fixture(scope="module")
def found() -> Envelope:
    return envelope(AIRCRAFT, 1500.0, HOT)


# Order ----------------------------------------------------------------------------------------------------------------


def test_ceiling_falls_with_mass_and_heat(found: Envelope) -> None:
    heavy, hotter = envelope(AIRCRAFT, 1600.0, HOT), envelope(AIRCRAFT, 1500.0, HOT + 10.0)
    for other in (heavy, hotter):
        assert other.top_limit == found.top_limit == "power"
        assert other.absolute_ceiling < found.absolute_ceiling - 100.0
        assert other.service_ceiling < found.service_ceiling - 100.0


def test_a_heavier_aircraft_climbs_slower_at_every_height() -> None:
    heights = np.linspace(0.0, 9000.0, 10)
    rates = [best_climb(AIRCRAFT, mass, heights)[0] for mass in (1200.0, 1400.0, 1600.0)]
    assert np.all(rates[0] > rates[1])
    assert np.all(rates[1] > rates[2])


def test_power_ends_lower_on_warmer_days() -> None:
    thirteen = days(AIRCRAFT, 1500.0)
    assert [day.celsius for day in thirteen] == list(range(-54, 55, 9))
    by_power = [day.by_power for day in thirteen]
    assert all(a > b for a, b in itertools.pairwise(by_power))
    assert thirteen[0].limit == "temperature"
    assert thirteen[-1].limit == "power"
    assert all(day.height <= day.by_power + 1e-6 for day in thirteen)


# Edges ----------------------------------------------------------------------------------------------------------------


def test_inside_is_certified_and_outside_is_not(found: Envelope) -> None:
    """1 % of airspeed inside and outside each edge: the grid's straight lines miss by less."""
    k = np.arange(0, int(np.sum(np.isfinite(found.low))), 5)
    height = found.heights[k]
    for edge, sign in ((found.low[k], 1.0), (found.high[k], -1.0)):
        wide = np.where(np.abs(found.high[k] - found.low[k]) > 2.0, 0.01, np.nan)
        k_ok = np.isfinite(wide)
        for side in (1.0, -1.0):
            V = true_airspeed(edge * (1.0 + sign * side * 0.01), height, HOT)
            flown = trim(AIRCRAFT, Condition(V, 1500.0, height, HOT, alternator=LOAD)).certified
            assert np.all(flown[k_ok] == (side > 0.0)), (sign, side)


def test_named_edges_are_those_of_the_certificates(found: Envelope) -> None:
    V = true_airspeed(found.high[5] * 1.01, found.heights[5], HOT)
    beyond = trim(AIRCRAFT, Condition(float(V), 1500.0, float(found.heights[5]), HOT, alternator=LOAD))
    assert beyond.limit[0] == found.high_limit[5]


def test_at_the_path_of_full_power_the_lever_is_full() -> None:
    c = Condition(np.linspace(40.0, 60.0, 8), 1500.0, 3000.0, alternator=LOAD)
    gamma = full_power_path(AIRCRAFT, c)
    assert math.isnan(full_power_path(AIRCRAFT, Condition(np.asarray([30.0]), 1500.0, 3000.0))[0])  # stalled
    lever = trim(AIRCRAFT, Condition(c.airspeed, 1500.0, 3000.0, gamma=gamma, alternator=LOAD)).delta_t
    assert lever == pytest.approx(np.ones(8), abs=1e-6)


def test_climb_is_excess_power_over_weight() -> None:
    """By thrust: (T - D) V / W at full power from the trim's own level thrust, within 3 % (a propeller in a climb)."""
    V = 45.0
    level = trim(AIRCRAFT, Condition(V, 1400.0, 2000.0, alternator=LOAD))
    gamma = float(full_power_path(AIRCRAFT, Condition(np.asarray([V]), 1400.0, 2000.0, alternator=LOAD))[0])
    full = trim(AIRCRAFT, Condition(V, 1400.0, 2000.0, gamma=gamma, alternator=LOAD))
    assert math.sin(gamma) == pytest.approx(float(full.thrust[0] - level.thrust[0]) / (1400.0 * 9.80665), rel=0.03)


def test_calibrated_airspeed_there_and_back() -> None:
    """The exact formula against the plant's series, right to 1e-5 below Mach 0.5."""
    cas, height = np.linspace(25.0, 65.0, 9), np.linspace(0.0, 9000.0, 9)
    seen = trim(AIRCRAFT, Condition(true_airspeed(cas, height, 5.0), 1400.0, height, 5.0)).airspeed_calibrated
    assert seen == pytest.approx(cas, rel=2e-5)


# Speeds ---------------------------------------------------------------------------------------------------------------


def test_at_the_stall_airspeed_nothing_is_left_of_the_stall() -> None:
    c = Condition(45.0, np.asarray([1100.0, 1600.0]), np.asarray([0.0, 6000.0]), bank=0.5, alternator=LOAD)
    V = stall_airspeed(AIRCRAFT, c)
    margins = trim(AIRCRAFT, Condition(V, c.mass, c.height, bank=0.5, alternator=LOAD)).margins
    assert margins[:, LIMITS.index("stall")] == pytest.approx([0.0, 0.0], abs=1e-3)


def test_no_airspeed_asks_less_power_than_that_of_least_power() -> None:
    c = Condition(45.0, 1400.0, 3000.0, alternator=LOAD)
    best = float(least_power_airspeed(AIRCRAFT, c)[0])
    power = trim(AIRCRAFT, Condition(best * np.asarray([0.99, 1.0, 1.01]), 1400.0, 3000.0, alternator=LOAD)).shaft_power
    assert power[1] < min(power[0], power[2])


def test_every_turn_climb_and_flap_is_certified_or_named() -> None:
    draw = np.random.default_rng(3).uniform
    n = 2048
    c = Condition(
        draw(12.0, 115.0, n), draw(1020.0, 1640.0, n), draw(0.0, 13000.0, n), draw(-20.0, 20.0, n),
        draw(-0.2, 0.2, n), draw(-1.2, 1.2, n), delta_f=draw(0.0, 1.0, n), gear=np.round(draw(0.0, 1.0, n)),
        alternator=4000.0,
    )  # fmt: skip
    found = trim(AIRCRAFT, c)
    counts = Counter(found.limit)
    assert counts["no balance found"] == 0
    assert counts[""] == np.sum(found.certified) > 50


# Told -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_is_whole_and_no_text_crosses_another(found: Envelope, theme: str) -> None:
    figure = pictures.envelope_picture(found, "test")
    root = ET.fromstring(figure.standalone(theme))
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    for word in ("stall", "power", "never exceed", "least power"):
        assert word in texts
    assert "NaN" not in figure.body
    assert "nan" not in figure.body


def test_a_mass_beyond_the_greatest_is_refused() -> None:
    with pytest.raises(InputError, match="2500 kg"):
        envelope(AIRCRAFT, 2500.0)


def run(capsys: Any, *words: str) -> tuple[int, str]:
    code = cli.main(["aircraft", *words])
    return code, capsys.readouterr().out


def test_the_command_line_tells_a_trim(capsys: Any) -> None:
    code, text = run(capsys, "trim", "anka", "--height_m", "3000", "--airspeed_kt", "80", "--mass", "1400")
    assert (code, text.splitlines()[0]) == (0, "Certified: in balance, within every limit.")
    code, text = run(capsys, "trim", "anka", "--stall", "0.9", "--json")
    told = json.loads(text)
    assert (code, told["limit"], told["certified"]) == (1, "stall", False)


def test_the_command_line_tells_modes(capsys: Any) -> None:
    code, text = run(capsys, "modes", "anka", "--height_m", "3000", "--airspeed_kt", "80", "--mass", "1400", "--json")
    told = json.loads(text)
    assert code == 0
    assert {"short period", "phugoid", "Dutch roll", "roll", "spiral"} <= {mode["name"] for mode in told["modes"]}
    assert np.asarray(told["A"]).shape == (12, 12)
    code, text = run(capsys, "modes", "anka", "--airspeed_kt", "80", "--mass", "1400")
    assert "Dutch roll" in text


def test_the_command_line_writes_an_envelope(capsys: Any, tmp_path: Path) -> None:
    code, text = run(capsys, "envelope", "anka", "--mass", "1500", "--offset", "20", "--out", str(tmp_path / "hot"))
    assert code == 0
    assert text.startswith("Level flight at 1500 kg")
    names = sorted(path.name for path in (tmp_path / "hot").iterdir())
    assert names == ["days-dark.svg", "days-light.svg", "envelope-dark.svg", "envelope-light.svg", "envelope.html"]


def test_the_command_line_refuses_in_one_line(capsys: Any) -> None:
    assert cli.main(["aircraft", "trim", "anka", "--bank_deg", "89"]) == 2
    assert capsys.readouterr().err.count("\n") == 1

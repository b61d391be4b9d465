"""Performance that comes out of the numbers: steady flight against the full trim, draws, and the sheet."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from samruk import cli, earth, load, performance
from samruk.aircraft import published
from samruk.errors import InputError
from samruk.performance import flight, spreads, steady
from samruk.plant.trim import Setting, trim
from samruk.units import FOOT

ANKA = load.aircraft("anka")
HEIGHT = 20000.0 * FOOT


@pytest.fixture(scope="module")
def one() -> flight.Reckoner:
    return flight.Reckoner({path: np.asarray([source.value]) for path, source in ANKA.sources.items()})


@pytest.fixture(scope="module")
def sheet() -> performance.Sheet:
    return performance.performance(ANKA, load.published("anka"), samples=160)


@pytest.mark.parametrize(("mass", "V"), [(1600.0, 60.0), (1300.0, 48.0), (1450.0, 75.0)])
def test_level_flight_is_that_of_the_full_trim(one: flight.Reckoner, mass: float, V: float) -> None:
    temperature, pressure, _ = (float(x) for x in earth.standard_atmosphere(HEIGHT))
    load_w = float(one.load[0])
    full = trim(ANKA.aircraft, Setting(V, mass, pressure, temperature, alternator=load_w))
    mine = one.level(np.asarray([mass]), np.asarray([HEIGHT]), np.full((1, 9), V), economy=False)
    # sideslip and torque, left out here, cost less than 0.2 % of power
    assert float(mine.power[0, 0]) == pytest.approx(float(full.shaft_power), rel=2e-3)
    assert float(mine.fuel_flow[0, 0]) == pytest.approx(float(full.fuel_flow), rel=2e-3)
    assert float(mine.residual[0, 0]) < 1e-9  # Newton has converged


def test_climb_follows_from_spare_thrust(one: flight.Reckoner) -> None:
    mass, height, V = np.asarray([1500.0]), np.asarray([3000.0]), np.full((1, 9), 50.0)
    temperature, pressure, _ = (float(x) for x in earth.standard_atmosphere(3000.0))
    here = one.level(mass, height, V, economy=False)
    gamma = float(here.spare[0, 0]) / (1500.0 * earth.GRAVITY)
    setting = Setting(50.0, 1500.0, pressure, temperature, gamma=float(np.arcsin(gamma)), alternator=float(one.load[0]))
    climbing = trim(ANKA.aircraft, setting)
    # level flight's drag is taken for the climb's: the full trim at that path needs full power to 1.5 %
    assert float(climbing.shaft_power) == pytest.approx(float(here.available[0, 0]), rel=0.015)


def test_the_peak_of_a_parabola_is_found_between_points() -> None:
    points = np.linspace(0.0, 8.0, 9)[None, :]
    place, size = flight.peak(3.0 - 0.5 * (points - 4.3) ** 2, points)
    assert (place[0], size[0]) == pytest.approx((4.3, 3.0))
    edge, least = flight.peak(-points, points)
    assert (edge[0], least[0]) == pytest.approx((0.0, 0.0))


def test_more_fuel_flies_longer_and_more_drag_shorter(one: flight.Reckoner) -> None:
    base = float(one.fly(HEIGHT).endurance[0])
    lighter = {**one.values, "mass.empty": one.values["mass.empty"] - 40.0}
    longer = float(flight.Reckoner(lighter).fly(HEIGHT).endurance[0])
    draggy = {**one.values, "aero.C_D_0": one.values["aero.C_D_0"] * 1.1}
    shorter = float(flight.Reckoner(draggy).fly(HEIGHT).endurance[0])
    assert shorter < base < longer
    # 40 kg at the loiter's flow of 11 to 13 kg/h is 3.1 to 3.6 h, and the whole flight is 40 kg lighter at its end
    assert 3.1 < (longer - base) / 3600.0 < 4.2


def test_the_fuel_is_what_the_greatest_mass_leaves(one: flight.Reckoner) -> None:
    m = ANKA.aircraft.mass
    assert float(one.fuel()[0]) == m.max_take_off - m.empty - m.payload_capacity


def test_draws_have_the_spread_of_the_definition_and_follow_each_other() -> None:
    drawn = spreads.draw(ANKA, 400, 3)
    area, chord = drawn.values["geometry.wing_area"], drawn.values["geometry.chord"]
    g = ANKA.aircraft.geometry
    np.testing.assert_allclose(chord / g.chord, area / g.wing_area, rtol=1e-12)  # rounding only
    # a Latin hypercube of 400 has the standard deviation to 2 %; the cut at 2.5 takes another 1 %
    assert np.log(area).std() == pytest.approx(ANKA.sources["geometry.wing_area"].spread, rel=0.03)
    heavy = np.corrcoef(drawn.values["mass.max_take_off"], drawn.values["mass.empty"])[0, 1]
    assert heavy > 0.4  # 0.7 x 4 % beside 4 % of its own: 0.57 expected
    assert set(drawn.values["engine.heating_value"] > 0) == {True}


def test_the_same_seed_draws_the_same_aircraft() -> None:
    first, second = (spreads.draw(ANKA, 50, 5).values for _ in range(2))
    assert all(np.array_equal(first[path], second[path]) for path in first)


def test_the_sheet_holds_every_figure_with_interval_and_drivers(sheet: performance.Sheet) -> None:
    assert [row.name for row in sheet.rows] == list(published.FIGURES)
    for row in sheet.rows:
        assert row.spread.low < row.spread.median < row.spread.high
        assert len(row.spread.drivers) == 5
        assert row.spread.explained > 0.8  # near its value each figure is nearly linear in the numbers


def test_the_published_figures_of_the_engine_are_set_beside(sheet: performance.Sheet) -> None:
    by_name = {row.name: row for row in sheet.rows}
    endurance = by_name["endurance"].published
    assert endurance is not None
    assert endurance.value == 30.0 * 3600.0
    assert by_name["take_off_run"].published is None
    early = load.published("anka").of("endurance", "centurion-20s")
    assert early is not None
    assert early.value == 24.0 * 3600.0


def test_the_page_and_the_json_say_the_same(sheet: performance.Sheet) -> None:
    page, told = performance.write(sheet), performance.as_json(sheet)
    assert page.count("<circle") == sum(row["published"] is not None for row in told["figures"])
    assert f"{told['figures'][0]['median']:.1f}" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("loiter_height_ft = true", "loiter_height_ft is no finite number"),
        ("loiter_height_ft = 1\n[[figure]]\nname = 'speed'", "figure 'speed' is unknown"),
        ("loiter_height_ft = 1\n[[figure]]\nname = 'ceiling'\nvalue_ft = 1", "figure ceiling names no source"),
        ("loiter_height_ft = 1\nheight = 2", "height is an unknown key"),
    ],
)
def test_a_broken_list_of_published_figures_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        published.read(text, "p.toml")


def test_stall_speed_is_that_of_the_plant() -> None:
    air = steady.Air.at(0.0)
    found = float(steady.stall_speed(ANKA.aircraft, 1500.0, air))
    at = steady.stall(ANKA.aircraft, 1500.0, 1.25 * found, air)
    assert found == pytest.approx(float(at.speed), rel=1e-3)  # two rounds of the Reynolds number
    heavier = float(steady.stall_speed(ANKA.aircraft, 1600.0, air))
    assert heavier > found


def test_the_words_of_the_program_refuse_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in (
        (("anka", "--samples", "3"), "--samples: 3 samples. Allowed: 100 to 10000."),
        (("anka", "--engine", "pd171"), "is not known. Did you mean pd170?"),
        (("kite",), "is not known."),
    ):
        assert cli.main(("aircraft", "performance", *words)) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert told in err
        assert err.count("\n") == 1


def test_the_program_prints_one_object(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("aircraft", "performance", "anka-a", "--samples", "100", "--json", "--out", str(tmp_path / "page"))
    assert cli.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["engine"], told["samples"], len(told["figures"])) == ("centurion-20s", 100, len(published.FIGURES))
    page = (tmp_path / "page" / "performance.html").read_text(encoding="utf-8")
    picture = page[page.index("<svg") : page.index("</svg>") + 6]
    assert len(ElementTree.fromstring(picture)) > 4 * len(published.FIGURES)  # drawn, and well-formed

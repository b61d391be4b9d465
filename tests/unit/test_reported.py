"""An aerodrome's report in a mission file makes its day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from samruk import load
from samruk.errors import InputError

METAR = "UACC 140600Z 23005G12MPS 9999 -SN BKN014 OVC030 M12/M15 Q1021 NOSIG"


def _with_report(*changes: str) -> Any:
    return load.mission("circuit", (f'weather.metar="{METAR}"', *changes)).flights[0]


def test_a_report_of_the_aerodrome_makes_the_day() -> None:
    flight = _with_report("conditions.turbulence_wind_m_s=12", "weather.wind=[]")
    seen, home = flight.task.conditions, flight.task.home
    profile = flight.tables.profile
    at_home = float(np.interp(home.elevation, profile.height, profile.temperature)) + seen.temperature_offset
    assert at_home == pytest.approx(261.15)
    assert seen.dew_point_spread == pytest.approx(3.0)
    assert seen.overcast == 1.0
    # an altimeter set to QNH shows the elevation of the aerodrome: pressure altitude 0.0065 / T0 by the standard law
    pressure = float(np.exp(np.interp(home.elevation, profile.height, profile.log_pressure)))
    qnh = 101325.0 * ((pressure / 101325.0) ** 0.190263 + 0.0065 * home.elevation / 288.15) ** (1.0 / 0.190263)
    assert qnh == pytest.approx(102100.0, abs=1.0)


def test_what_the_file_says_stands_before_the_report() -> None:
    flight = _with_report("conditions.temperature_offset_k=-3", "conditions.overcast=0.5")
    assert flight.task.conditions.temperature_offset == -3.0
    assert flight.task.conditions.overcast == 0.5
    plain = load.mission("circuit").flights[0].tables.profile
    assert np.array_equal(flight.tables.profile.wind_north, plain.wind_north)


@pytest.mark.parametrize("text", ["UACC 1406", "UACC 140600Z 23005MPS 9999 ?? Q1021"])
def test_a_report_that_cannot_be_read_is_told_at_its_key(text: str) -> None:
    with pytest.raises(InputError, match="metar"):
        load.mission("circuit", (f'weather.metar="{text}"',))


def test_a_report_goes_with_a_day_only(tmp_path: Path) -> None:
    changed = tmp_path / "mission.toml"
    text = (load.DATA / "missions" / "circuit" / "mission.toml").read_text()
    changed.write_text(text.replace('day = "standard"', f'metar = "{METAR}"\nsounding = "ascent.txt"'))
    with pytest.raises(InputError, match="stands beside sounding"):
        load.mission(str(changed))

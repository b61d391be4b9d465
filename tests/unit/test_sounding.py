"""Radiosonde ascents in the archive's text form."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from samruk import sounding
from samruk.errors import MissionError
from samruk.load import DATA
from samruk.weather import days

TEXT = (Path(__file__).parent.parent / "data" / "jan20_winter.txt").read_text(encoding="utf-8")
HEAD = "   PRES   HGHT   TEMP   DWPT   RELH   MIXR   DRCT   SKNT\n"


def refusal(text: str) -> str:
    with pytest.raises(MissionError) as caught:
        sounding.parse(text, "a.txt")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_levels_with_temperature_are_read_in_si() -> None:
    ascent = sounding.parse(TEXT, "a.txt")
    assert ascent.pressure[0] == 97800.0  # the level below ground at 1000 hPa has no temperature
    assert ascent.temperature[0] == pytest.approx(280.95, rel=1e-12)  # 7.8 C
    assert ascent.humidity[0] == pytest.approx(0.61, rel=1e-12)
    # 14 knot from 325 deg
    assert ascent.wind_north[0] == pytest.approx(-14 * 0.514444 * math.cos(math.radians(325)), abs=1e-5)
    assert ascent.wind_east[0] == pytest.approx(-14 * 0.514444 * math.sin(math.radians(325)), abs=1e-5)


def test_geopotential_heights_become_geometric() -> None:
    ascent = sounding.parse(TEXT, "a.txt")
    at_850 = int(np.argmin(np.abs(ascent.pressure - 85000.0)))
    # 1478 m geopotential; z = H + H^2/r to 1 mm at this height
    assert ascent.height[at_850] == pytest.approx(1478 + 1478**2 / 6356766, abs=1e-3)


def misfit(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Pressure, Pa, and what the hydrostatic sum over heights and temperatures differs from it, in its logarithm."""
    ascent = sounding.parse(text, "a.txt")
    summed = days.hydrostatic_log_pressure(ascent.height, ascent.temperature, ascent.humidity, ascent.pressure[0])
    return ascent.pressure, np.abs(summed - np.log(ascent.pressure))


def test_measured_pressures_agree_with_heights_and_temperatures() -> None:
    pressure, wrong = misfit(TEXT)
    mandatory = np.isin(pressure, 100.0 * np.array([925, 850, 700, 500, 400, 300, 250, 200, 150]))
    assert np.count_nonzero(mandatory) == 9
    # 5e-4 is 4 m of height: whole metres and 0.1 K in each of some forty layers; other levels are interpolated
    assert wrong[mandatory].max() < 5e-4


def test_the_composed_column_of_the_story_is_hydrostatic() -> None:
    _, wrong = misfit((DATA / "missions" / "astana-january" / "profile.txt").read_text(encoding="utf-8"))
    assert wrong.max() < 5e-4  # pressures are given to 0.05 hPa of 177 hPa at the top, 3e-4


def test_wind_that_was_not_measured_is_filled_in_between() -> None:
    rows = (
        "  900.0   1000    0.0   -5.0     50   2.00      0     20\n"
        "  850.0   1500   -3.0   -8.0     50   2.00\n"
        "  800.0   2000   -6.0  -10.0     50   2.00      0     40\n"
    )
    ascent = sounding.parse(HEAD + rows, "a.txt")
    assert ascent.wind_north[1] == pytest.approx(-30 * 1852 / 3600, rel=1e-9)  # half way between 20 and 40 knot


def test_humidity_comes_from_the_dew_point_where_it_must() -> None:
    rows = "  900.0   1000    0.0    0.0\n  850.0   1500   -3.0  -10.0\n"
    ascent = sounding.parse(HEAD + rows, "a.txt")
    assert ascent.humidity[0] == pytest.approx(1.0, rel=1e-12)
    # WMO saturation tables: 2.87 hPa at -10 C, 4.90 hPa at -3 C, over water; to their digits
    assert ascent.humidity[1] == pytest.approx(2.87 / 4.90, abs=3e-3)


def test_an_ascent_makes_a_column_of_air() -> None:
    ascent = sounding.parse(TEXT, "a.txt")
    profile = days.profile_from_levels(
        ascent.height, ascent.temperature, pressure=ascent.pressure, wind_north=ascent.wind_north,
        wind_east=ascent.wind_east, humidity=ascent.humidity,
    )  # fmt: skip
    assert profile.temperature.max() > 280.0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("   PRES   HGHT   TEMP", "   PRES   TEMP   HGHT", "a.txt: has no line of column heads PRES HGHT TEMP. "),
        ("   DWPT   RELH", "   RELH   DWPT", "a.txt:2: has other columns than the archive's text form. "),
        ("  971.0    404    7.2", "  971.0    404  777.2", "a.txt:7: TEMP is 777.2 C. Allowed: -110 to 60 C, "),
        ("  971.0    404    7.2", "  971.0    404    x.2", "a.txt:7: TEMP is 'x.2'. Allowed: -110 to 60 C, "),
        ("  971.0    404    7.2", "  971.0    304    7.2",
         "a.txt:7: level 971 hPa at 304 m is not above 978 hPa at 345 m. Sort the levels "),
        ("  971.0    404    7.2", "  981.0    404    7.2",
         "a.txt:7: level 981 hPa at 404 m is not above 978 hPa at 345 m. Sort the levels "),
        ("    327     17", "    397     17", "a.txt:7: DRCT is 397 deg. Allowed: 0 to 360 deg, "),
    ],
)  # fmt: skip
def test_a_broken_ascent_is_told_in_one_line(old: str, new: str, told: str) -> None:
    assert old in TEXT
    assert refusal(TEXT.replace(old, new, 1)).startswith(told.rstrip())


@pytest.mark.parametrize("text", ["", HEAD, HEAD + "  900.0   1000    0.0    0.0\n"])
def test_less_than_two_levels_are_no_ascent(text: str) -> None:
    assert refusal(text).startswith("a.txt: h")

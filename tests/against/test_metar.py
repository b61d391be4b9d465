"""Reports and forecasts of aerodromes: the examples of the codes' own manuals, and reports as they are sent.

The first report and the two forecasts follow the worked examples of WMO-No. 306 (FM 15, FM 51) and of the United
States' FMH-1; the numbers that they must give are the manuals' own explanations.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samruk import metar
from samruk.errors import InputError

KT = 1852.0 / 3600.0


def test_a_report_in_knots_with_showers_and_towering_cloud() -> None:
    text = "METAR YUDO 221630Z 24015KMH 0600 R12/1000U DZ FG SCT010 OVC020 17/16 Q1018 BECMG TL1700 0800="
    found = metar.report(text)
    assert (found.station, found.day, found.minute) == ("YUDO", 22, 16 * 60 + 30)
    assert found.conditions.wind == pytest.approx(15.0 / 3.6)
    assert found.conditions.visibility == 600.0
    assert [p.code for p in found.conditions.weather] == ["DZ", "FG"]
    assert found.conditions.weather[0].rain
    assert found.conditions.weather[1].obscures
    assert [round(layer.base or 0.0) for layer in found.conditions.clouds] == [305, 610]
    assert (found.temperature, found.dew_point, found.qnh) == (290.15, 289.15, 101800.0)


def test_a_cold_report_in_metres_a_second() -> None:
    found = metar.report("UACC 140600Z 23005G12MPS 9999 -SN BKN014 OVC030 M12/M15 Q1021 R22/290070 NOSIG")
    assert found.conditions.wind_from == pytest.approx(math.radians(230.0))
    assert (found.conditions.wind, found.conditions.gust) == (5.0, 12.0)
    assert found.conditions.visibility == metar.CLEAR_VISIBILITY
    snow = found.conditions.weather[0]
    assert (snow.snow, snow.rain, snow.intensity) == (True, False, 0.5)
    assert found.temperature == pytest.approx(261.15)
    # Magnus over water at -12 and -15 C: 2.44 and 1.91 hPa (WMO-No. 49, tables: 2.441, 1.912)
    assert found.humidity == pytest.approx(1.912 / 2.441, abs=0.003)


def test_a_report_of_the_united_states_has_miles_inches_and_tenths() -> None:
    found = metar.report("KHIE 201952Z AUTO 31012G22KT 1 1/2SM -FZRA BR FEW007 OVC012 M01/M02 A2983 RMK AO2 T10061022")
    assert found.automatic
    assert found.conditions.visibility == pytest.approx(1.5 * 1609.344)
    assert found.conditions.weather[0].freezing
    assert found.qnh == pytest.approx(29.83 * 3386.389)
    assert found.temperature == pytest.approx(273.15 - 0.6)
    assert found.dew_point == pytest.approx(273.15 - 2.2)


@pytest.mark.parametrize(
    ("group", "value"),
    [("CAVOK", 10000.0), ("0050", 50.0), ("P6SM", 1609.344 * 6), ("M1/4SM", 1609.344 / 4), ("3/4SM", 1609.344 * 0.75)],
)
def test_visibilities(group: str, value: float) -> None:
    found = metar.report(f"UACC 140600Z 00000KT {group} 10/05 Q1013")
    assert found.conditions.visibility == pytest.approx(min(value, 10000.0))


def test_a_variable_wind_has_no_bearing_and_what_is_not_measured_is_none() -> None:
    found = metar.report("SPECI UACC 140600Z AUTO VRB02KT 180V250 //// // ////// 03/// Q////")
    assert (found.conditions.wind_from, found.conditions.wind) == (None, pytest.approx(2 * KT))
    assert (found.conditions.visibility, found.dew_point, found.qnh, found.humidity) == (None, None, None, None)


def test_a_forecast_changes_by_its_parts() -> None:
    text = (
        "TAF YUDO 151800Z 1600/1618 13005MPS 9000 BKN020 BECMG 1606/1608 SCT015 BKN020 TEMPO 1608/1612 17006G12MPS "
        "1000 TSRA SCT010CB BKN020 FM161230 15004MPS 9999 BKN020"
    )
    found = metar.forecast(text)
    assert (found.station, found.day, found.start, found.end) == ("YUDO", 16, 0.0, 18 * 3600.0)
    assert [c.kind for c in found.changes] == ["base", "BECMG", "TEMPO", "FM"]
    assert len(found.at(3600.0).clouds) == 1
    at_ten = found.at(10 * 3600.0)
    assert len(at_ten.clouds) == 2
    assert at_ten.wind == 5.0
    after = found.at(13 * 3600.0)
    assert (after.wind, after.visibility) == (4.0, 10000.0)
    worst = found.worst(9 * 3600.0, 10 * 3600.0)
    assert any(c.gust == 12.0 and c.weather[0].thunder and c.clouds[0].convective for c in worst)
    assert all(c.gust is None for c in found.worst(0.0, 3600.0))


def test_a_forecast_may_run_into_the_next_month() -> None:
    found = metar.forecast("TAF UACC 302300Z 3100/0106 22010KT 9999 SCT040 PROB30 TEMPO 0100/0104 2000 -FZDZ")
    assert found.end == 30 * 3600.0
    assert (found.changes[1].start, found.changes[1].end, found.changes[1].probability) == (86400.0, 100800.0, 0.3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "begins with no station"),
        ("UACC 23005KT", "no time of observation"),
        ("UACC 140660Z 23005KT", "no time"),
        ("UACC 140600Z 23005KT 9999 XYZ 10/05 Q1013", "'XYZ' is not understood"),
        ("UACC 140600Z 99905KT 9999 10/05 Q1013", "999 degrees"),
        ("UACC 140600Z 23005KT 9999 10/15 Q1013", "dew point lies above"),
        ("UACC 140600Z 23005KT 9999 10/05 Q0013", "13 hPa; allowed are 850 to 1100 hPa"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        metar.report(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["TAF UACC 140500Z", "TAF UACC 140500Z 1406/1506 23005KT BECMG 9999"])
def test_what_cannot_be_forecast_is_named(text: str) -> None:
    with pytest.raises(InputError, match="period"):
        metar.forecast(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """It is read or refused in a line; pytest sees any other exception."""
    told = ""
    for read in (metar.report, metar.forecast):
        try:
            read(text)
        except InputError as error:
            told += str(error)
    assert "\n" not in told

"""What a mission file may say: every quantity with the unit used inside and the range that is not nonsense.

Ranges refuse slips of pen and unit; whether the aircraft can fly it is for the physics to say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from samruk.mission import (
    Cloud,
    Conditions,
    Crew,
    DiscreteGust,
    Failure,
    GapWindow,
    Links,
    Loading,
    Microburst,
    Rain,
    Rules,
    Runway,
    Soak,
    Wave,
)

HALF_TURN, TURN = math.pi, 2.0 * math.pi
LOWEST, HIGHEST = -430.0, 20000.0
"""m above mean sea level: below the lowest shore, above all flight here."""


@dataclass(frozen=True)
class Allowed:
    """Unit used inside and range of one quantity; or a flag."""

    unit: str = "1"
    """A suffix of `samruk.units`, or `flag`."""
    low: float = 0.0
    """Smallest value, inside."""
    high: float = 0.0
    """Greatest value, inside."""
    above: str = ""
    """`msl` or `agl` for a height: what it is measured above."""
    difference: bool = False
    """True for a difference of temperatures."""


FLAG = Allowed("flag")
_LATITUDE = Allowed("rad", -HALF_TURN / 2.0, HALF_TURN / 2.0)
_LONGITUDE = Allowed("rad", -HALF_TURN, HALF_TURN)
_GROUND = Allowed("m", LOWEST, 6000.0, "msl")
_HEIGHT = Allowed("m", LOWEST, HIGHEST, "msl")
_TEMPERATURE = Allowed("k", 203.15, 333.15)

SECTIONS: dict[type, dict[str, Allowed]] = {
    Loading: {
        "fuel": Allowed("kg", 0.0, 5000.0),
        "payload": Allowed("kg", 0.0, 5000.0),
        "fuel_temperature": _TEMPERATURE,
        "hangar_temperature": _TEMPERATURE,
        "frost": Allowed("m", 0.0, 0.02),
        "ground_ice": Allowed("m", 0.0, 0.1),
    },
    Conditions: {
        "temperature_offset": Allowed("k", -60.0, 60.0, difference=True),
        "wind_scale": Allowed("1", 0.0, 5.0),
        "turbulence_wind": Allowed("m_s", 0.0, 40.0),
        "turbulence_high": Allowed("m_s", 0.0, 10.0),
        "cloud_scale": Allowed("1", 0.0, 10.0),
        "gust_scale": Allowed("1", 0.0, 5.0),
        "rain_scale": Allowed("1", 0.0, 10.0),
        "gateway_rain": Allowed("mm_h", 0.0, 6e-5),
        "rain_effect": Allowed("1", 0.0, 3.0),
        "visibility": Allowed("m", 20.0, 200000.0),
        "haze_top": Allowed("m", 10.0, 8000.0),
        "swing": Allowed("k", 0.0, 25.0, difference=True),
        "inversion": Allowed("k", -25.0, 25.0, difference=True),
        "swing_depth": Allowed("m", 50.0, 4000.0),
        "roughness": Allowed("m", 1e-5, 3.0),
        "surface_depth": Allowed("m", 20.0, 304.8),
        "wind_turn": Allowed("rad", -HALF_TURN / 2.0, HALF_TURN / 2.0),
        "overcast": Allowed("1", 0.0, 1.0),
        "sunlight_peak": Allowed("w_m2", 0.0, 1400.0),
        "albedo": Allowed("1", 0.0, 0.95),
        "dew_point_spread": Allowed("k", 0.0, 60.0, difference=True),
        "ground_elevation": _GROUND,
    },
    Soak: {
        "duration": Allowed("s", 0.0, 864000.0),
        "hottest": _TEMPERATURE,
        "coldest": _TEMPERATURE,
        "wind": Allowed("m_s", 0.0, 20.0),
        "powered": Allowed("s", 0.0, 864000.0),
        "preheat": Allowed("w", 0.0, 20000.0),
        "preheat_time": Allowed("s", 0.0, 172800.0),
        "cover": FLAG,
        "refuel": FLAG,
    },
    Links: {
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
        "antenna_height": Allowed("m", 0.5, 1000.0, "agl"),
        "elevation": _GROUND,
        "gain_db": Allowed("db", -10.0, 60.0),
        "noise_dbm": Allowed("dbm", -150.0, -50.0),
        "required_db": Allowed("db", -20.0, 40.0),
        "satellite": FLAG,
        "satellite_longitude": _LONGITUDE,
        "satellite_delay": Allowed("s", 0.1, 10.0),
    },
    Crew: {
        "reaction": Allowed("s", 0.1, 7200.0),
        "reaction_spread": Allowed("1", 0.0, 3.0),
        "scan": Allowed("s", 0.1, 7200.0),
        "action": Allowed("s", 0.0, 3600.0),
        "protects": FLAG,
        "alarm_holds": FLAG,
        "leaves_ice": FLAG,
    },
    Rules: {
        "reserve": Allowed("s", 0.0, 43200.0),
        "lost_link_time": Allowed("s", 1.0, 7200.0),
        "automatic_protection": FLAG,
        "escape": FLAG,
        "escape_up": Allowed("m", 0.0, 5000.0),
        "escape_floor": _HEIGHT,
        "ceiling": _HEIGHT,
        "loiter_radius": Allowed("m", 200.0, 20000.0),
        "glide_slope": Allowed("rad", math.radians(1.0), math.radians(10.0)),
        "station_time": Allowed("s", 0.0, 172800.0),
        "heed_systems": FLAG,
        "cold_correction": FLAG,
        "arbitrates": FLAG,
        "heed_shear": FLAG,
        "reject_take_off": FLAG,
        "sight": FLAG,
        "contrast": Allowed("1", 0.06, 1.0),
        "infrared": FLAG,
        "allow_crosswind": FLAG,
    },
    Runway: {
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
        "elevation": _GROUND,
        "heading": Allowed("rad", 0.0, TURN),
        "length": Allowed("m", 200.0, 8000.0),
    },
    Cloud: {
        "water": Allowed("kg_m3", 0.0, 5e-3),
        "drop": Allowed("m", 2e-6, 500e-6),
        "base": _HEIGHT,
        "top": _HEIGHT,
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
        "bearing": Allowed("rad", -TURN, TURN),
        "half_length": Allowed("m", 10.0, 5e6),
        "half_width": Allowed("m", 10.0, 5e6),
        "edge": Allowed("m", 1.0, 1e5),
        "cell": Allowed("m", 0.0, 5e5),
        "spacing": Allowed("m", 0.0, 1e6),
    },
    Rain: {
        "rate": Allowed("mm_h", 0.0, 6e-4),
        "top": _HEIGHT,
        "melting": Allowed("m", -1000.0, HIGHEST, "msl"),
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
        "bearing": Allowed("rad", -TURN, TURN),
        "half_length": Allowed("m", 10.0, 5e6),
        "half_width": Allowed("m", 10.0, 5e6),
        "edge": Allowed("m", 1.0, 1e5),
    },
    DiscreteGust: {
        "amplitude": Allowed("m_s", -30.0, 30.0),
        "gradient": Allowed("m", 5.0, 500.0),
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
    },
    Microburst: {
        "outflow": Allowed("m_s", 0.0, 50.0),
        "radius": Allowed("m", 100.0, 5000.0),
        "height": Allowed("m", 10.0, 500.0),
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
    },
    Wave: {
        "ridge": Allowed("m", 0.0, 3000.0),
        "half_width": Allowed("m", 500.0, 100000.0),
        "latitude": _LATITUDE,
        "longitude": _LONGITUDE,
        "across": Allowed("rad", 0.0, TURN),
        "stability": Allowed("per_s", 0.001, 0.03),
        "top": Allowed("m", 500.0, 30000.0),
        "trapped": Allowed("m_s", 0.0, 15.0),
        "length": Allowed("m", 3000.0, 40000.0),
        "reach": Allowed("m", 3000.0, 300000.0),
        "lid": Allowed("m", 1000.0, 15000.0),
        "rotor": Allowed("m_s", 0.0, 8.0),
    },
    Failure: {
        "part": Allowed("1", 0.0, 1.0),
    },
    GapWindow: {
        "duration": Allowed("s", 0.0, 172800.0),
        "line_of_sight": FLAG,
        "satellite": FLAG,
    },
}
"""Group of `samruk.mission` -> its quantities; the key in a file is the field's name with its unit."""

LEG: dict[str, Allowed] = {
    "latitude": _LATITUDE,
    "longitude": _LONGITUDE,
    "altitude": _HEIGHT,
    "airspeed": Allowed("m_s", 0.0, 300.0),
    "loiter": Allowed("s", 0.0, 172800.0),
    "station": FLAG,
    "radius": Allowed("m", -50000.0, 50000.0),
    "turns": Allowed("1", 0.0, 1000.0),
    "to_altitude": FLAG,
    "over": FLAG,
    "arc": Allowed("m", -200000.0, 200000.0),
}
"""One leg of a route."""

LEVEL: dict[str, Allowed] = {
    "height": _HEIGHT,
    "temperature": Allowed("k", 150.0, 340.0),
    "pressure": Allowed("pa", 1000.0, 110000.0),
    "wind": Allowed("m_s", 0.0, 150.0),
    "from": Allowed("rad", 0.0, TURN),
    "humidity": Allowed("1", 0.0, 1.2),
}
"""One level of the air."""

COSTS: dict[str, Allowed] = {
    "per_minute_delay": Allowed("kg", 0.0, 1000.0),
    "per_minute_crew": Allowed("kg", 0.0, 1000.0),
    "per_100_m": Allowed("kg", 0.0, 1000.0),
    "per_equipment": Allowed("kg", 0.0, 1000.0),
}
"""Exchange rates to kilograms of fuel-equivalent."""

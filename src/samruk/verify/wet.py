"""Rain, runways and sight against tables, Recommendations and the bands of tests.

Tables of one formula prove that it is written down right, no more. The heavy-rain tests are known here by their bands
only, from memory: NASA TP-3184 (NACA 64-210 in the Langley tunnel) and the full-size track tests of the Aircraft
Landing Dynamics Facility.
"""

from __future__ import annotations

import math

import numpy as np

from samruk import load
from samruk.plant import wet
from samruk.plant.ice import IceEffects
from samruk.radio import propagation as path
from samruk.radio import rain as on_link
from samruk.verify.check import Check
from samruk.weather import rain
from samruk.weather.air import Air
from samruk.weather.rain import MM_PER_HOUR

WATER = ((10, 0.55), (25, 1.22), (50, 2.25), (100, 4.14), (250, 9.28), (500, 17.1), (1000, 31.4), (1900, 55.3))
"""mm/h and g/m^3: 0.072 R^0.88, three digits."""

SIGHT = ((1.0, 10.7), (5.0, 3.9), (10.0, 2.5), (25.0, 1.4), (50.0, 0.9), (100.0, 0.6))
"""mm/h and km: Koschmieder's 3.912 (contrast 2 %) over 0.365 R^0.63 per km, two digits."""

TILTED = (
    (14.25e9, 35, 45, 0.041318979, 1.09519968), (12.5e9, 35, 45, 0.027802629, 1.13655086),
    (14.25e9, 35, 0, 0.039888226, 1.12162106), (14.25e9, 60, 90, 0.041852038, 1.08581769),
    (14.25e9, 20, 20, 0.039876661, 1.12184237),
)  # fmt: skip
"""Hz, degrees of elevation and tilt, k and alpha: ITU-R P.838-3 by itur 0.4.0."""

CLOUD = (
    (5e9, 0, 0.0233158134), (5e9, 10, 0.0172025272), (12.5e9, 0, 0.1437871299), (12.5e9, -8, 0.1881769107),
    (14.25e9, 0, 0.1859862484), (14.25e9, 10, 0.1384469092), (14.25e9, -8, 0.2424511774),
)  # fmt: skip
"""Hz, C, dB/km per g/m^3: ITU-R P.840-8 by itur 0.4.0."""

GATEWAY = ((5.0, 1.233), (10.0, 2.468), (21.2, 5.001), (40.0, 7.940), (60.0, 10.443))
"""mm/h exceeded 0.01 % of a year, and dB in rain: ITU-R P.618 by itur 0.4.0, 14.25 GHz, Ankara at 900 m, 35 degrees."""

CRUISE, LANDING = (0.07, 0.15), (0.10, 0.18)
"""Part of C_L_max lost at 46 g/m^3, flaps up and down: bands of NASA TP-3184 (recalled, unverified)."""
TRACK = (0.15, 0.20)
"""The same at 1016 mm/h, full size on the track, flaps down (recalled, unverified); at 51 mm/h next to nothing."""

BRAKED = ((0.0, 0.7064), (50.0, 0.4237), (100.0, 0.2424))
"""kt and braking coefficient on wet ground at 50 psi and an efficiency of 0.8: 14 CFR 25.109(c)(1), worked by hand."""


def lift_left(rate: float, delta_f: float) -> float:
    """Part of C_L_max that is left in rain, mm/h, with a part of full flap."""
    return float(effects(rate, delta_f).C_L_max_factor)


def effects(rate: float, delta_f: float = 0.0, ice: IceEffects | None = None, effect: float = 1.0) -> IceEffects:
    """What rain, mm/h, does to the reference aircraft at sea level."""
    fall = rate * MM_PER_HOUR
    air = Air(rain_rate=fall, rain_water=float(rain.rain_water(fall)))
    return wet.upon(ice or IceEffects(), air, 1.225, delta_f, effect, load.aircraft("anka").aircraft)


def rate_of(water: float) -> float:
    """mm/h at which this water, g/m^3, is in the air."""
    return math.exp(math.log(water / 0.072) / 0.88)


def outside(value: float, band: tuple[float, float]) -> float:
    """By how much a value misses a band."""
    return max(band[0] - value, value - band[1], 0.0)


def checks() -> list[Check]:
    """Tables of formulas; bands of tests; the runway's law."""
    return [*_water(), *_links(), *_wing(), *_runway()]


def _largest(miss: list[float]) -> float:
    return float(np.max(np.abs(miss)))


def _water() -> list[Check]:
    water = [1e3 * float(rain.rain_water(rate * MM_PER_HOUR)) / g - 1.0 for rate, g in WATER]
    sight = [3.912e-3 / float(rain.extinction(rate * MM_PER_HOUR)) - km for rate, km in SIGHT]
    fog = float(rain.cloud_extinction(1e-3)) * 1e3 / 144.7 - 1.0
    return [
        Check("water in the air by rain, 10 to 1900 mm/h", "0.072 R^0.88 (Marshall & Palmer)", _largest(water), 9e-3,
              "1", "two to three digits given: half of the last"),
        Check("sight through rain, 1 to 100 mm/h", "Koschmieder, 0.365 R^0.63 per km (recalled)", _largest(sight),
              0.051, "km", "given to 0.1 km"),
        Check("extinction of fog at 1 g/m3", "Kunkel 1984, 144.7 per km", abs(fog), 1e-9, "1", "rounding"),
    ]  # fmt: skip


def _links() -> list[Check]:
    tilted = []
    for frequency, elevation, tilt, k, alpha in TILTED:
        sine = math.sin(math.radians(elevation))
        found = path.rain_coefficients_tilted(frequency, sine, math.radians(tilt))
        tilted += [float(found[0]) / k - 1.0, float(found[1]) / alpha - 1.0]
    cloud = [float(path.cloud_coefficient(f, 273.15 + celsius)) / k - 1.0 for f, celsius, k in CLOUD]
    gateway = [gateway_rain(rate) / loss - 1.0 for rate, loss in GATEWAY]
    return [
        Check("rain on slant ways, tilted polarisation", "ITU-R P.838-3 by itur 0.4.0", _largest(tilted), 2e-6, "1",
              "coefficients printed to six digits"),
        Check("cloud, 5 to 14 GHz, -8 to 10 C", "ITU-R P.840-8 by itur 0.4.0", _largest(cloud), 5e-9, "1",
              "ten digits given"),
        Check("rain at the gateway, to 21 mm/h", "ITU-R P.618 by itur 0.4.0, Ankara", _largest(gateway[:3]), 0.15, "1",
              "P.618 itself scatters by 30 % between years"),
        Check("rain at the gateway, 40 and 60 mm/h", "ITU-R P.618 by itur 0.4.0, Ankara", _largest(gateway[3:]), 0.40,
              "1", "small cells: another law of the way's length"),
    ]  # fmt: skip


def gateway_rain(rate: float) -> float:
    """dB at the gateway in rain, mm/h, without the water on its antenna."""
    fall = rate * MM_PER_HOUR
    loss: float = float(on_link.gateway(fall)) - float(on_link.wet_antenna(fall))
    return loss


def _wing() -> list[Check]:
    heavy = rate_of(46.0)
    tunnel = max(outside(1.0 - lift_left(heavy, 0.0), CRUISE), outside(1.0 - lift_left(heavy, 1.0), LANDING))
    track = outside(1.0 - lift_left(1016.0, 1.0), TRACK)
    light = 1.0 - lift_left(51.0, 1.0)
    return [
        Check("C_L_max lost at 46 g/m3, outside the band", "NASA TP-3184 (recalled)", tunnel, 1e-9, "1",
              "a band; rounding"),
        Check("C_L_max lost at 1016 mm/h, outside the band", "ALDF track tests (recalled)", track, 0.03, "1",
              "the tunnel's band lies lower"),
        Check("C_L_max lost at 51 mm/h", "ALDF track tests: negligible (recalled)", light, 0.03, "1",
              "what a track of that scatter can show"),
    ]  # fmt: skip


def _runway() -> list[Check]:
    grip = [float(wet.braking(knots * wet.KNOT, 1.0, 0.0, 0.0, 0.0, 2.0)) - mu for knots, mu in BRAKED]
    speed = wet.HYDROPLANING / wet.KNOT / math.sqrt(wet.TYRE_PSI) - 9.0
    return [
        Check("braking on wet ground, 0 to 100 kt", "14 CFR 25.109(c)(1), 50 psi (recalled)", _largest(grip), 1e-4, "1",
              "four digits worked"),
        Check("speed of hydroplaning over the root of pressure", "NASA TN D-2056: 9 kt per root psi", abs(speed), 1e-9,
              "1", "the same number"),
    ]  # fmt: skip

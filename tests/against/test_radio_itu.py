"""The ways of the links against the Recommendations of the ITU-R and their validation examples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from samruk.radio import propagation as path
from samruk.radio import satellite as sky
from samruk.verify.waves import GAS, KNIFE_EDGE, P838, RAIN, SPHERE


@pytest.mark.parametrize(("frequency", "k_h", "alpha_h", "k_v", "alpha_v"), P838)
def test_coefficients_of_rain(frequency: float, k_h: float, alpha_h: float, k_v: float, alpha_v: float) -> None:
    for vertical, k, alpha in ((False, k_h, alpha_h), (True, k_v, alpha_v)):
        found = path.rain_coefficients(frequency, vertical)
        assert float(found[0]) == pytest.approx(k, rel=4e-4)  # the table has four digits
        assert float(found[1]) == pytest.approx(alpha, rel=1e-4)


@pytest.mark.parametrize(("frequency", "losses"), RAIN)
def test_rain_over_a_short_way(frequency: float, losses: tuple[float, ...]) -> None:
    for rate, loss in zip((5.0, 25.0, 50.0, 100.0), losses, strict=True):
        found = float(path.rain_loss(frequency, rate, 1.0, vertical=False)) * 1e3
        assert found == pytest.approx(loss, rel=0.02, abs=6e-5)  # two to three digits of the table


def test_rain_on_a_long_way_counts_only_its_cells() -> None:
    def along(kilometres: float) -> float:
        return float(path.rain_loss(5e9, 50.0, 1e3 * kilometres, vertical=False))

    cell = 35.0 * math.exp(-0.015 * 50.0)
    assert along(60.0) / along(1.0) == pytest.approx(60.0 / (1.0 + 60.0 / cell) * (1.0 + 1.0 / cell), rel=1e-9)
    assert along(1e6) < 0.165 * cell * 1.01  # never more than one cell's worth


def test_dry_air_takes_nothing_by_rain() -> None:
    assert float(path.rain_loss(14.25e9, 0.0, 5e4)) < 1e-9


@pytest.mark.parametrize(("frequency", "loss"), GAS)
def test_gas_at_sea_level(frequency: float, loss: float) -> None:
    """ITU-R P.676, dB/km at 7.5 g/m^3."""
    assert float(path.gas_loss(frequency, 1e3, 0.0, 1.0)) == pytest.approx(loss, rel=5e-3)  # three digits given


@pytest.mark.parametrize(("v", "loss"), KNIFE_EDGE)
def test_a_knife_edge(v: float, loss: float) -> None:
    """ITU-R P.526, J(v)."""
    assert float(path.knife_edge_loss(v)) == pytest.approx(loss, abs=0.05)  # given to 0.1 dB


@pytest.mark.parametrize(("length", "frequency", "height_a", "height_b", "loss"), SPHERE)
def test_diffraction_over_a_smooth_sphere(
    length: float, frequency: float, height_a: float, height_b: float, loss: float
) -> None:
    arguments = 1e3 * length, float(height_a), float(height_b), path.LIGHT / (1e6 * frequency)
    found = float(path.diffraction_loss(*arguments, path.touch(*arguments).clear))
    # the examples allow 0.1 dB; their Earth is 0.06 % larger, which moves the deepest by 0.05 dB more
    assert found == pytest.approx(loss, abs=0.15)


@pytest.mark.parametrize(("ground", "aircraft"), [(15.0, 3048.0), (15.0, 9144.0), (3.0, 600.0)])
def test_the_ground_takes_over_without_a_step(ground: float, aircraft: float) -> None:
    """Loss grows steadily through the zone of partial clearance and past the horizon."""
    horizon = float(path.horizon_distance(ground, aircraft))
    loss = []
    for distance in np.linspace(0.8 * horizon, 1.05 * horizon, 400):
        arguments = float(distance), ground, aircraft, 0.06
        loss.append(float(path.diffraction_loss(*arguments, path.touch(*arguments).clear)))
    steps = np.diff(loss)
    assert loss[0] == 0.0
    assert loss[-1] > 20.0
    assert steps.min() >= -1e-9
    assert steps.max() < 3.0 * 0.25 * horizon / 400 * 1.6e-3  # at most three times the slope in the deep shadow


REFLECTION = ((15.0, 3048.0), (30.0, 30.0), (543.0, 160.0))


@pytest.mark.parametrize(("height_a", "height_b"), REFLECTION)
def test_the_wave_leaves_the_ground_as_steep_as_it_came(height_a: float, height_b: float) -> None:
    distance = 0.7 * float(path.horizon_distance(height_a, height_b))
    d_a = float(path.reflection_point(distance, height_a, height_b))
    d_b = distance - d_a
    angle_a = height_a / d_a - 0.5 * d_a / path.EFFECTIVE_RADIUS
    angle_b = height_b / d_b - 0.5 * d_b / path.EFFECTIVE_RADIUS
    assert angle_a == pytest.approx(angle_b, rel=1e-6)  # the closed form is exact for small angles


def test_two_waves_over_a_mirror_cancel_and_double() -> None:
    assert float(path.two_waves(1.0, 0.5)) == pytest.approx(20.0 * math.log10(2.0), abs=1e-9)
    assert float(path.two_waves(1.0, 3.0)) == pytest.approx(-40.0, abs=1e-9)  # the floor
    assert float(path.two_waves(0.0, 0.3)) == 0.0


def test_land_ripples_a_grazing_path_by_its_reflection() -> None:
    """A smooth plane of reflection 0.3 moves the signal between +2.3 and -3.1 dB."""
    ripple = [float(path.round_earth(d, 15.0, 3048.0, 0.06)) for d in np.linspace(0.5, 0.85, 2000) * 243e3]
    assert 1.0 < max(ripple) <= 20.0 * math.log10(1.3) + 1e-9
    assert -1.0 > min(ripple) >= 20.0 * math.log10(0.7) - 1e-9


FADES = ((1.0, 0.75), (0.5, 0.96), (0.1, 1.94), (0.05, 2.67), (0.01, 5.35))
"""% of a year, dB: total attenuation at 14.25 GHz for Ankara, 35 degrees, 1.2 m (ITU-R P.618 by itur 0.4.0)."""


@pytest.mark.parametrize(("percent", "loss"), FADES)
def test_the_gateways_fades_are_as_frequent_as_the_climate(percent: float, loss: float) -> None:
    """By the quantiles of the log-normal; rain of other years scatters by 30 % about P.618 itself."""
    z = {1.0: 2.3263, 0.5: 2.5758, 0.1: 3.0902, 0.05: 3.2905, 0.01: 3.7190}[percent]
    assert math.exp(sky.FADE_MEDIAN_LOG + sky.FADE_SPREAD * z) == pytest.approx(loss, rel=0.15)


def test_fades_over_many_hours_have_that_distribution_and_short_outages_their_share() -> None:
    seeds = np.arange(4000)
    logs = np.array([math.log(float(x)) for x in np.asarray(sky.fade(seeds, np.int32(5400)))])
    assert logs.mean() == pytest.approx(sky.FADE_MEDIAN_LOG, abs=0.07)  # three standard errors of 4,000 draws
    assert logs.std() == pytest.approx(sky.FADE_SPREAD, rel=0.04)
    ticks = np.arange(400_000, dtype=np.int32)
    down = np.asarray(sky.outage(np.int32(3), ticks))
    # the chance per minute times the mean length (cut at a minute, whole seconds); 67 outages expected
    assert down.mean() == pytest.approx(sky.OUTAGE_CHANCE * sky.OUTAGE_MEAN / 60.0, rel=0.5)


def test_outages_last_their_mean_and_do_not_end_with_the_minute() -> None:
    down = np.asarray(sky.outage(np.int32(5), np.arange(2_000_000, dtype=np.int32))).astype(int)
    begins, ends = np.flatnonzero(np.diff(down) == 1) + 1, np.flatnonzero(np.diff(down) == -1) + 1
    lengths = ends - begins[: len(ends)]
    # whole seconds rounded up, cut at 60 s: 12.4 s expected; 333 outages, three standard errors
    assert lengths.mean() == pytest.approx(12.4, abs=2.0)
    assert np.mean(ends % sky.OUTAGE_STEP == 0) < 0.06  # by chance one in sixty


def test_fades_change_slowly() -> None:
    ticks = np.arange(7200, dtype=np.int32)
    course = np.log(np.asarray(sky.fade(np.int32(11), ticks)))
    assert np.abs(np.diff(course)).max() < 0.01  # 1 % a second at most: rain cells take minutes
    assert np.ptp(course) > 0.1


DELAYS = 20_000


def test_frames_over_the_satellite_take_a_quarter_second_and_never_outrun_light() -> None:
    ticks = np.arange(DELAYS, dtype=np.int32)
    delays = np.asarray(sky.delay(0.27, 0.245, np.int32(1), ticks))
    assert np.median(delays) == pytest.approx(0.27, rel=0.01)  # four standard errors of the median
    assert delays.min() == 0.245
    assert np.log(delays[delays > 0.27] / 0.27).std() > 0.05

"""Microburst and mountain waves: their published figures, continuity, and what a mission file says of them."""

from __future__ import annotations

import math
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.reference_aircraft import reference_aircraft
from tests.unit.test_mission_file import TEXT, read

from samruk import earth
from samruk.errors import InputError
from samruk.frames import Vec3
from samruk.mission import Microburst, Wave
from samruk.plant.world import World, beyond
from samruk.weather import downburst

BURST = Microburst(outflow=15.0, radius=700.0, height=80.0)
RIDGE = Wave(ridge=500.0, half_width=10000.0, across=0.0, stability=0.01, top=30000.0)
LEE = Wave(trapped=5.0, length=10000.0, reach=30000.0, lid=6000.0)
WEST = Vec3(10.0, 0.0, 0.0)


def blow(north: float, east: float, height: float) -> Vec3:
    """The microburst's wind, NED."""
    return downburst.microburst(BURST, jnp.asarray(north), jnp.asarray(east), jnp.asarray(height), jnp.asarray(100.0))


def divergence(flow: object, north: float, east: float, height: float) -> float:
    """1/s, by differentiation."""

    def wind(r: jax.Array) -> jax.Array:
        v = flow(r[0], r[1], -r[2])  # type: ignore[operator]
        return jnp.stack([v.x, v.y, v.z])

    return float(jnp.trace(jax.jacfwd(wind)(jnp.array([north, east, -height]))))


def test_the_outflow_is_greatest_at_its_radius_and_height() -> None:
    assert float(blow(700.0, 0.0, 80.0).x) == pytest.approx(15.0, abs=0.002)  # c2 is published to five digits
    around = [float(blow(r, 0.0, z).x) for r in (600.0, 700.0, 800.0) for z in (60.0, 80.0, 100.0)]
    assert max(around) == around[4]


def test_the_air_sinks_in_the_middle() -> None:
    assert float(blow(0.0, 0.0, 300.0).z) == pytest.approx(13.72, abs=0.005)  # two digits printed


@pytest.mark.parametrize("place", [(0.0, 0.0, 100.0), (300.0, 500.0, 250.0), (900.0, -200.0, 40.0)])
def test_no_air_is_made(place: tuple[float, float, float]) -> None:
    def flow(n: object, e: object, z: object) -> Vec3:
        return downburst.microburst(BURST, n, e, z, jnp.asarray(100.0))

    assert abs(divergence(flow, *place)) < 1e-10  # rounding


def test_the_hazard_of_a_pass_through_the_middle() -> None:
    V, t = 60.0, np.arange(-30.0, 30.0, 0.01)
    wind = [blow(float(V * s), 0.0, 100.0) for s in t[::10]]
    x, z = (np.array([float(getattr(w, axis)) for w in wind]) for axis in "xz")
    F = np.gradient(x, 0.1) / earth.GRAVITY + z / V
    assert max(F) == pytest.approx(0.241, abs=0.001)  # printed to three digits


def test_it_grows_and_dies() -> None:
    burst = replace(BURST, start=100.0, end=200.0)

    def at(time: float) -> float:
        zero = jnp.asarray(0.0)
        return float(downburst.microburst(burst, zero + 700.0, zero, zero + 80.0, zero + time).x)

    assert [round(at(t), 2) for t in (30.0, 70.0, 100.0, 150.0, 230.0, 261.0)] == [0.0, 7.5, 15.0, 15.0, 7.5, 0.0]


def test_the_hydrostatic_wave_has_its_length_upwards() -> None:
    z = np.linspace(0.0, 12000.0, 2401)
    w = np.array([-float(v) for v in downburst.wave(RIDGE, jnp.asarray(0.0), jnp.asarray(0.0), jnp.asarray(z), WEST).z])
    crossings = z[1:][np.diff(np.sign(w)) != 0]
    assert np.diff(crossings)[-1] == pytest.approx(
        math.pi * 10.0 / 0.01, abs=10.0
    )  # half of 2 pi U/N = 6.28 km; grid 5 m


def test_no_air_is_made_over_the_ridge() -> None:
    def flow(n: object, e: object, z: object) -> Vec3:
        return downburst.wave(RIDGE, n, e, z, WEST)

    for place in ((3000.0, 0.0, 1500.0), (-8000.0, 200.0, 4000.0)):
        assert abs(divergence(flow, *place)) < 1e-9  # rounding


def test_streamlines_follow_the_ridge() -> None:
    x = np.linspace(-60000.0, 60000.0, 2401)
    w = -np.asarray(downburst.wave(RIDGE, jnp.asarray(x), jnp.asarray(0.0), jnp.asarray(0.0), WEST).z)
    rise = np.cumsum(0.5 * (w[1:] + w[:-1])) * (x[1] - x[0]) / 10.0
    bell = 500.0 * 1e8 / (1e8 + x**2)
    assert rise == pytest.approx(bell[1:] - bell[0], abs=1.0)  # trapezoids of 50 m


def test_a_wave_too_steep_is_held_and_told() -> None:
    high = replace(RIDGE, ridge=2000.0)
    here = jnp.asarray(0.0)
    assert float(downburst.steep(high, here, here, WEST)) == pytest.approx(2.0)
    assert float(downburst.steep(RIDGE, here, here, WEST)) == pytest.approx(0.5)
    w = (
        downburst.wave(high, here + 5000.0, here, here, WEST).z,
        downburst.wave(RIDGE, here + 5000.0, here, here, WEST).z,
    )
    assert float(w[0] / w[1]) == pytest.approx(850.0 / 500.0)  # N h/U = 0.85


def test_no_air_is_made_in_the_lee() -> None:
    def flow(n: object, e: object, z: object) -> Vec3:
        return downburst.trapped(LEE, n, e, z)

    for place in ((7000.0, 0.0, 1500.0), (21000.0, 200.0, 4000.0)):
        assert abs(divergence(flow, *place)) < 1e-12  # rounding


def test_trapped_waves_sink_first_and_never_before_the_crest() -> None:
    x = jnp.linspace(-10000.0, 40000.0, 501)
    w = -np.asarray(downburst.trapped(LEE, x, 0.0 * x, 0.0 * x + 3000.0).z)
    assert np.all(w[x <= 0.0] == 0.0)
    assert w[np.argmax(np.abs(w))] < 0.0
    assert np.abs(w).max() == pytest.approx(5.0 * math.exp(-2500.0 / 30000.0), rel=0.02)  # fading over a quarter wave
    assert float(downburst.rotor(replace(LEE, rotor=4.0), jnp.asarray(7500.0), 0.0, jnp.asarray(0.0))) == 4.0


GUST = "\n[[weather.gust]]\namplitude_m_s = 9.0\ngradient_m = 15.0\n"


def test_a_mission_file_says_gusts_of_both_kinds() -> None:
    text = TEXT + GUST + 'latitude_deg = 40.0\nlongitude_deg = 32.0\nform = "ramp"\n'
    gust = read(text).flights[0].task.conditions.gust_a
    assert (gust.placed, gust.ramp, gust.axis) == (1, 1, 0)
    assert gust.latitude == pytest.approx(math.radians(40.0))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GUST, "needs an instant or a place"),
        (GUST + "latitude_deg = 40.0\n", "needs an instant or a place"),
        ("\n[weather.microburst]\nlatitude_deg = 40.0\nlongitude_deg = 32.0\noutflow_m_s = 80.0\n", "Allowed: 0"),
        ("\n[weather.wave]\nlatitude_deg = 40.0\nlongitude_deg = 32.0\nridge_m = 500.0\n", "across"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read(TEXT + text)
    assert "\n" not in str(caught.value)


def test_a_mission_file_says_the_form_of_gusts() -> None:
    assert read(TEXT).flights[0].task.conditions.karman == 0
    assert read(TEXT, ["weather.turbulence=von-karman"]).flights[0].task.conditions.karman == 1
    with pytest.raises(InputError, match="Allowed: dryden, von-karman"):
        read(TEXT, ["weather.turbulence=kolmogorov"])


def test_a_flight_over_a_ridge_too_steep_leaves_the_model() -> None:
    world = World()
    for steepness, out in ((0.8, 0), (0.9, 1)):
        air = replace(world.air, steepness=steepness)
        assert int(beyond(replace(world, air=air), reference_aircraft())) == out

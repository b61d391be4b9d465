"""Facts about the airframe in the air, before, in and beyond the stall."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference_aircraft import reference_aircraft

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Vec3
from samruk.plant import aerodynamics
from samruk.plant.aerodynamics import AirLoads
from samruk.plant.ice import IceEffects
from samruk.plant.state import Stall, Surfaces

AIRCRAFT = reference_aircraft()
REYNOLDS = AIRCRAFT.aero.reynolds_reference
CLEAN = IceEffects()
STILL = Vec3(0.0, 0.0, 0.0)
RHO = 1.0


def relative_wind(V: float, alpha: float, beta: float = 0.0) -> Vec3:
    """Velocity of the body through the air."""
    c = math.cos(beta)
    return Vec3(V * c * math.cos(alpha), V * math.sin(beta), V * c * math.sin(alpha))


def stall_of(flap: float = 0.0, ice: IceEffects = CLEAN, aircraft: Aircraft = AIRCRAFT) -> Stall:
    """Where the lift curve breaks."""
    return aerodynamics.stall(jnp.asarray(flap), jnp.asarray(REYNOLDS), jnp.asarray(1450.0), ice, aircraft)


def loads(
    V: float = 45.0, alpha: Any = 0.05, beta: float = 0.0, omega: Vec3 = STILL, surfaces: Surfaces | None = None,
    ice: IceEffects = CLEAN, aircraft: Aircraft = AIRCRAFT, height: float = 1000.0, wind: Vec3 | None = None,
    asymmetry: float = 0.0, flap: float = 0.0,
) -> AirLoads:  # fmt: skip
    """Air loads in a given flow."""
    v = wind or relative_wind(V, alpha, beta)
    surfaces = surfaces or Surfaces(delta_f=flap, gear=0.0)
    return aerodynamics.airloads(
        aerodynamics.flow(v), omega, jnp.asarray(0.0), RHO, height, surfaces, stall_of(flap, ice, aircraft), 1.0, ice,
        asymmetry, aircraft,
    )  # fmt: skip


def lift_curve(flap: float = 0.0, ice: IceEffects = CLEAN) -> tuple[np.ndarray, np.ndarray]:
    """Angles of attack and lift coefficients through the stall."""
    alpha = np.linspace(-0.6, 0.7, 1301)
    stall, a = stall_of(flap, ice), AIRCRAFT.aero
    over, under = aerodynamics.separation(jnp.asarray(alpha), stall, a.stall_sharpness)
    apart = 1.0 - (1.0 - over) * (1.0 - under)
    line = ice.C_L_factor * (a.C_L_0 + a.C_L_alpha * alpha) + a.C_L_delta_f * flap
    plate = aerodynamics.plate_normal(jnp.sin(alpha)) * np.cos(alpha)
    return alpha, np.asarray(line + apart * (plate - line))


@pytest.mark.parametrize("flap", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("factor", [1.0, 0.8, 0.5])
def test_the_peak_of_the_lift_curve_is_the_largest_lift(flap: float, factor: float) -> None:
    ice = replace(CLEAN, C_L_max_factor=factor, C_L_factor=0.9)
    alpha, C_L = lift_curve(flap, ice)
    a, near = AIRCRAFT.aero, np.abs(alpha - float(stall_of(flap, ice).alpha)) < 0.15
    wanted = factor * (a.C_L_max + flap * (a.C_L_max_flap - a.C_L_max))
    assert C_L[near].max() == pytest.approx(wanted, abs=0.005)  # four rounds of the fixed point


def test_negative_lift_breaks_like_positive_lift() -> None:
    a = AIRCRAFT.aero
    mirrored = replace(AIRCRAFT, aero=replace(a, C_L_0=-a.C_L_0, C_L_min=-a.C_L_max))
    assert float(stall_of(aircraft=mirrored).alpha_negative) == pytest.approx(-float(stall_of().alpha), rel=1e-12)


def test_the_attached_lift_curve_has_its_slope() -> None:
    alpha, C_L = lift_curve()
    slope = np.polyfit(alpha[(alpha > 0.0) & (alpha < 0.05)], C_L[(alpha > 0.0) & (alpha < 0.05)], 1)[0]
    assert slope == pytest.approx(AIRCRAFT.aero.C_L_alpha, rel=0.01)  # 1 % of separation is left at 0.05 rad


def test_stall_speed_carries_the_weight_at_the_largest_lift() -> None:
    stall = stall_of()
    lift = 0.5 * earth.RHO0 * float(stall.speed) ** 2 * AIRCRAFT.geometry.wing_area * float(stall.C_L_max)
    assert lift == pytest.approx(1450.0 * earth.GRAVITY, rel=1e-12)


def test_a_plate_across_the_wind_has_the_drag_of_a_plate() -> None:
    beyond = loads(V=30.0, alpha=0.5 * math.pi)
    q = 0.5 * RHO * 30.0**2 * AIRCRAFT.geometry.wing_area
    assert -float(beyond.F_b.z) / q == pytest.approx(1.98 + AIRCRAFT.aero.C_D_0, abs=0.02)  # Hoerner: 1.98


def test_induced_drag_falls_with_the_square_of_span() -> None:
    wide = replace(AIRCRAFT, geometry=replace(AIRCRAFT.geometry, span=2.0 * AIRCRAFT.geometry.span))
    flat = replace(AIRCRAFT, geometry=replace(AIRCRAFT.geometry, span=1e6))
    C_D = [float(loads(alpha=0.08, aircraft=a, height=1e9).C_D) for a in (AIRCRAFT, wide, flat)]
    assert (C_D[0] - C_D[2]) / (C_D[1] - C_D[2]) == pytest.approx(4.0, rel=1e-3)


def test_the_ground_takes_induced_drag_as_mccormick_says() -> None:
    ratio = 0.1
    high, low = (loads(alpha=0.08, height=h).C_D for h in (1e9, ratio * AIRCRAFT.geometry.span))
    C_L = float(loads(alpha=0.08).C_L)
    aspect = AIRCRAFT.geometry.span**2 / AIRCRAFT.geometry.wing_area
    induced = C_L**2 / (math.pi * AIRCRAFT.aero.oswald * aspect)
    phi = (16 * ratio) ** 2 / (1 + (16 * ratio) ** 2)
    # 0.4 % of the flow is separated at 0.08 rad
    assert float(high - low) == pytest.approx(induced * (1.0 - phi), rel=0.006)


@pytest.mark.parametrize(
    ("surfaces", "axis", "sign"),
    [
        (Surfaces(delta_e=0.1, gear=0.0), "y", -1),
        (Surfaces(delta_a=0.1, gear=0.0), "x", 1),
        (Surfaces(delta_r=0.1, gear=0.0), "z", 1),
    ],
)
def test_controls_turn_the_way_that_they_should(surfaces: Surfaces, axis: str, sign: int) -> None:
    moved, still = loads(surfaces=surfaces).M_b, loads().M_b
    assert sign * (float(getattr(moved, axis)) - float(getattr(still, axis))) > 100.0


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_rates_are_damped_in_attached_flow(axis: str) -> None:
    turning, still = loads(omega=replace(STILL, **{axis: 0.2})).M_b, loads().M_b
    assert float(getattr(turning, axis)) < float(getattr(still, axis))


def test_roll_damping_turns_over_in_the_stall() -> None:
    alpha = float(stall_of().alpha)
    rolling, still = (loads(alpha=alpha, omega=Vec3(p, 0.0, 0.0)).M_b.x for p in (0.2, 0.0))
    assert float(rolling) > float(still)


def test_the_nose_drops_beyond_the_stall() -> None:
    plain = replace(AIRCRAFT, aero=replace(AIRCRAFT.aero, C_m_stall=0.0))
    alpha = float(stall_of().alpha) + 0.15
    broken, unbroken = (float(loads(alpha=alpha, aircraft=a).M_b.y) for a in (AIRCRAFT, plain))
    assert broken < unbroken < 0.0


def test_one_wing_drops_first_in_the_stall_only() -> None:
    alpha = float(stall_of().alpha)
    assert float(loads(alpha=alpha, asymmetry=0.02).M_b.x) > 1000.0
    assert abs(float(loads(alpha=0.03, asymmetry=0.02).M_b.x)) < 20.0


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(*[st.floats(-60.0, 60.0)] * 3), st.tuples(*[st.floats(-1.0, 1.0)] * 3),
    st.tuples(*[st.floats(-0.3, 0.3)] * 3), st.floats(-0.02, 0.02),
)  # fmt: skip
def test_left_and_right_are_mirrors(wind: Any, omega: Any, d: Any, asymmetry: float) -> None:
    right = loads(wind=Vec3(*wind), omega=Vec3(*omega), surfaces=Surfaces(*d), asymmetry=asymmetry)
    left = loads(
        wind=Vec3(wind[0], -wind[1], wind[2]), omega=Vec3(-omega[0], omega[1], -omega[2]),
        surfaces=Surfaces(d[0], -d[1], -d[2]), asymmetry=-asymmetry,
    )  # fmt: skip
    F, M, F2, M2 = right.F_b, right.M_b, left.F_b, left.M_b
    mirrored = [F2.x, -F2.y, F2.z, -M2.x, M2.y, -M2.z]
    given_ = [F.x, F.y, F.z, M.x, M.y, M.z]
    assert np.allclose(np.asarray(mirrored, float), np.asarray(given_, float), rtol=1e-12, atol=1e-9)
    assert np.isfinite(np.asarray(given_, float)).all()


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.floats(-60.0, 60.0)] * 3))
def test_the_air_never_drives_a_body_without_controls(wind: Any) -> None:
    V = math.sqrt(sum(w * w for w in wind))
    got = loads(wind=Vec3(*wind), surfaces=Surfaces(gear=1.0))
    power = float(got.F_b.x * wind[0] + got.F_b.y * wind[1] + got.F_b.z * wind[2])
    assert power <= 1e-6 * (1.0 + V**3)  # no lift-like force does work on the flow, drag takes it


def test_still_air_does_nothing() -> None:
    got = loads(wind=Vec3(0.0, 0.0, 0.0))
    assert max(abs(float(v)) for v in (got.F_b.x, got.F_b.y, got.F_b.z, got.M_b.y)) < 1e-6


def test_ice_takes_lift_and_adds_drag() -> None:
    ice = replace(CLEAN, C_L_factor=0.9, C_L_max_factor=0.7, C_D_added=0.02, control_factor=0.9)
    assert float(loads(alpha=0.08, ice=ice).C_L) < float(loads(alpha=0.08).C_L)
    assert float(stall_of(ice=ice).speed) == pytest.approx(float(stall_of().speed) / math.sqrt(0.7), rel=1e-9)
    assert float(loads(alpha=-0.05, ice=ice).C_D) > float(loads(alpha=-0.05).C_D) + 0.015


def test_friction_falls_with_reynolds_number() -> None:
    assert float(aerodynamics.friction(jnp.asarray(REYNOLDS), AIRCRAFT)) == pytest.approx(1.0)
    assert float(aerodynamics.friction(jnp.asarray(2.0 * REYNOLDS), AIRCRAFT)) == pytest.approx(2.0**-0.15)

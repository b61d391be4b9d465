"""The linear model: an equilibrium, the derivative's by differences, the flying plant's, and its modes told apart."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.plant_flight import begin
from tests.reference_aircraft import quiet_task, reference_aircraft, still_air
from tests.unit.test_handling_trim import command

from samruk import earth
from samruk.errors import InputError
from samruk.frames import Vec3, compose
from samruk.handling import Condition, Linear, linearise, modes, trim
from samruk.handling.derivative import STATES, outputs
from samruk.handling.linear import LATERAL, LONGITUDINAL, rates, scales
from samruk.handling.modes import by_name, identified
from samruk.handling.textbook import closed_forms
from samruk.handling.trim import beginning
from samruk.plant import aerodynamics
from samruk.plant import world as nature

AIRCRAFT = reference_aircraft()
CRUISE = Condition(45.0, 1400.0, 3000.0, alternator=2000.0)
CONDITIONS = (CRUISE, replace(CRUISE, bank=0.5), Condition(62.0, 1600.0, 6500.0, offset=10.0, gamma=0.02))


@pytest.fixture(scope="module")
def cruise() -> Linear:
    return linearise(AIRCRAFT, CRUISE)[0]


# The matrices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_trim_is_an_equilibrium_of_the_derivative(condition: Condition) -> None:
    """All rates vanish to rounding but heading in a turn and height in a climb."""
    model = linearise(AIRCRAFT, condition)[0]
    still = rates(AIRCRAFT, condition, model.x, model.u)
    moving = {STATES[k]: float(v) for k, v in enumerate(still) if abs(v) > 1e-9 * max(1.0, abs(model.x[k]))}
    assert set(moving) <= {"psi", "h"}
    assert ("psi" in moving) == (condition.bank != 0.0)
    assert ("h" in moving) == (condition.gamma != 0.0)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_exact_derivatives_are_those_of_central_differences(condition: Condition) -> None:
    """Differences over 1e-3 of each scale: rounding leaves 1e-16/1e-5, curvature the square of the step: 1e-6 with
    both in hand, relative to the largest entry of a scaled row."""
    model = linearise(AIRCRAFT, condition)[0]
    z, split = np.concatenate([model.x, model.u]), model.x.size
    steps = 1e-3 * np.concatenate([scales(model), [0.01, 0.01, 0.01, 0.01]])

    def both(values: Any) -> Any:
        seen = np.asarray(outputs(values[:split], values[split:], condition, AIRCRAFT))
        return np.concatenate([rates(AIRCRAFT, condition, values[:split], values[split:]), seen])

    J = np.stack([(both(z + d) - both(z - d)) / (2.0 * h) for d, h in zip(np.diag(steps), steps, strict=True)], axis=1)
    exact = np.block([[model.A, model.B], [model.C, model.D]])
    largest = np.max(np.abs(exact * steps), axis=1, keepdims=True)
    assert np.max(np.abs((J - exact) * steps) / largest) < 1e-6


def test_the_linear_model_is_that_of_the_flying_plant(cruise: Linear) -> None:
    """Columns of A and B for the rigid body against differences of `samruk.plant.world.act`, which has the turning
    Earth: its Coriolis terms, 2 Omega = 1.5e-4 1/s, are what may differ."""
    c = replace(CRUISE, mass=AIRCRAFT.mass.empty + 435.0)
    model = linearise(AIRCRAFT, c)[0]
    found = beginning(c, trim(AIRCRAFT, c))
    home = quiet_task().home
    world = nature.initial_airborne(
        AIRCRAFT, quiet_task(), still_air(), found, home.latitude, home.longitude, 3000.0, home.heading
    )
    world = replace(world, power=replace(world.power, shaft_power=2000.0), asymmetry=0.0)
    assert float(world.held.inertia.mass) == c.mass
    body = ("u", "v", "w", "p", "q", "r")
    step = {"u": 0.1, "v": 0.1, "w": 0.1, "p": 0.01, "q": 0.01, "r": 0.01, "delta_e": 0.01, "delta_a": 0.01,
            "delta_r": 0.01}  # fmt: skip
    for name, h in step.items():
        column = (moved(world, name, h) - moved(world, name, -h)) / (2.0 * h)
        k = model.states.index(name) if name in body else model.inputs.index(name)
        expected = (model.A if name in body else model.B)[:6, k]
        assert column == pytest.approx(expected, rel=2e-4, abs=3e-4), name


def moved(world: Any, name: str, step: float) -> Any:
    """Rates of u v w p q r, body, relative to a flat Earth's frame, after a small change of one state or deflection."""
    R_eb = compose(world.anchor.R_ne.T, nature.attitude(world))
    v, w = R_eb.T @ world.truth.v_be_e, world.truth.omega_ib_b
    along = {axis: step * (name == axis) for axis in "uvwpqr"}
    v = v + Vec3(along["u"], along["v"], along["w"])
    w = w + Vec3(along["p"], along["q"], along["r"])
    truth = replace(world.truth, v_be_e=R_eb @ v, omega_ib_b=w)
    surfaces = world.surfaces
    if name.startswith("delta"):
        surfaces = replace(surfaces, **{name: getattr(surfaces, name) + step})
    speed = float(np.sqrt(float(v.x) ** 2 + float(v.y) ** 2 + float(v.z) ** 2))
    reynolds = world.loads.rho * speed * AIRCRAFT.geometry.chord / earth.viscosity(world.air.temperature)
    held = replace(world.held, friction=aerodynamics.friction(reynolds, AIRCRAFT))  # as the slow tick would
    there = replace(world, truth=truth, surfaces=surfaces, held=held)
    f_b = nature.act(there, AIRCRAFT).rates.f_b  # the specific force that the tick before would have left
    now = nature.act(replace(there, truth=replace(truth, f_b=f_b)), AIRCRAFT).rates
    a_b, turned = R_eb.T @ now.a_e, Vec3(w.y * v.z - w.z * v.y, w.z * v.x - w.x * v.z, w.x * v.y - w.y * v.x)
    alpha = now.alpha_ib_b
    return np.asarray([float(part) for part in (
        a_b.x - turned.x, a_b.y - turned.y, a_b.z - turned.z, alpha.x, alpha.y, alpha.z,
    )])  # fmt: skip


def test_the_two_halves_hardly_touch_in_straight_flight(cruise: Linear) -> None:
    """Torque and gyroscopic moment of the propeller are all that joins them; a bank joins them much more."""
    assert cruise.coupling < 0.05
    banked = linearise(AIRCRAFT, replace(CRUISE, bank=0.8))[0]
    assert banked.coupling > 2.0 * cruise.coupling
    assert set(LONGITUDINAL) | set(LATERAL) == set(STATES)


def test_many_flights_at_once_are_the_same_as_one(cruise: Linear) -> None:
    many = linearise(AIRCRAFT, replace(CRUISE, airspeed=np.linspace(40.0, 50.0, 41)))
    assert np.array_equal(many[20].A, cruise.A)


def test_without_a_steady_state_there_is_no_linear_model() -> None:
    with pytest.raises(InputError, match="stall"):
        linearise(AIRCRAFT, replace(CRUISE, airspeed=25.0))


# The modes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_mode_has_its_name_once(condition: Condition) -> None:
    names = [mode.name for mode in modes(linearise(AIRCRAFT, condition)[0])]
    expected = {"short period", "phugoid", "Dutch roll", "roll", "spiral", "height", "heading", "engine", "governor"}
    assert sorted(names) == sorted(expected)


def test_the_halves_have_the_modes_of_the_whole(cruise: Linear) -> None:
    """To what the propeller's gyroscopic moment joins: 2 % of the root."""
    whole = by_name(modes(cruise))
    for part in (cruise.longitudinal, cruise.lateral):
        for mode in modes(part):
            assert abs(mode.root - whole[mode.name].root) < 0.02 * abs(whole[mode.name].root) + 1e-4, mode.name


def test_names_do_not_depend_on_units_of_the_states(cruise: Linear) -> None:
    scale = np.geomspace(1e-3, 1e3, len(STATES))
    other = identified(cruise.A * scale[:, None] / scale[None, :], cruise.states)
    assert [mode.name for mode in other] == [mode.name for mode in modes(cruise)]


def test_a_short_period_fallen_apart_is_named_twice() -> None:
    """Neutral stability: two real roots of incidence and pitch rate."""
    A = np.asarray([[-0.02, 0.05, 0.0, -9.8], [-0.4, -1.0, 45.0, 0.0], [0.0, -0.002, -3.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
    names = [mode.name for mode in identified(A, ("u", "w", "q", "theta"))]
    assert names == ["short period", "short period 2", "phugoid"]


def test_times_and_dampings_follow_the_root() -> None:
    mode = identified(np.asarray([[-0.3, -2.0], [2.0, -0.3]]), ("w", "q"))[0]
    assert mode.frequency == pytest.approx(math.hypot(0.3, 2.0))
    assert mode.damping == pytest.approx(0.3 / math.hypot(0.3, 2.0))
    assert mode.period == pytest.approx(math.pi)
    assert mode.half_time == pytest.approx(math.log(2.0) / 0.3)


def test_closed_forms_are_near_the_roots_where_they_should_be(cruise: Linear) -> None:
    """Short period within 3 %, roll 5 %, spiral 5 %, phugoid's frequency 12 % (Lanchester) and 2 % (balanced); the two
    degree Dutch roll misses a quarter of the frequency on a long wing with this much N_p: documented, not hidden."""
    whole, book = by_name(modes(cruise)), closed_forms(cruise)
    assert abs(book["short period"] / whole["short period"].root - 1.0) < 0.03
    assert abs(book["roll"] / whole["roll"].root - 1.0) < 0.05
    assert abs(book["spiral"] / whole["spiral"].root - 1.0) < 0.05
    assert abs(book["phugoid"].imag / whole["phugoid"].root.imag - 1.0) < 0.12
    assert abs(book["phugoid, balanced"] / whole["phugoid"].root - 1.0) < 0.1
    assert 0.1 < 1.0 - abs(book["Dutch roll"]) / whole["Dutch roll"].frequency < 0.3


def test_the_plant_swings_as_the_phugoid_says() -> None:
    """Two minutes with fixed controls after 1 m/s too much: period within 2 %, growth a half turn within 5 % (the swing
    is finite, the plant holds power available for a second, the wind axes follow the round Earth)."""
    c = replace(CRUISE, mass=AIRCRAFT.mass.empty + 435.0, gravity=9.789)
    mode = by_name(modes(linearise(AIRCRAFT, c)[0].longitudinal))["phugoid"]
    start = beginning(c, trim(AIRCRAFT, c))
    home = quiet_task().home
    world = nature.initial_airborne(
        AIRCRAFT, quiet_task(), still_air(), start, home.latitude, home.longitude, 3000.0, home.heading
    )
    faster = world.truth.v_be_e * (1.0 + 1.0 / 45.0)
    batch = begin(replace(world, truth=replace(world.truth, v_be_e=faster)), command(start))
    speeds = []
    for _ in range(60):
        batch.advance(1, 0)
        speeds.append(float(batch.carry(0).world.loads.airspeed_true))
    period, growth = swing(np.asarray(speeds[4:]))
    assert period == pytest.approx(mode.period, rel=0.02)
    assert growth == pytest.approx(mode.root.real, abs=0.05 * mode.frequency)


def swing(values: Any) -> tuple[float, float]:
    """Period, s, and growth, 1/s, of a sampled oscillation about a constant: y[k+2] = a y[k+1] + b y[k] + c."""
    rows = np.stack([values[1:-1], values[:-2], np.ones(values.size - 2)], axis=1)
    a, b, _ = np.linalg.lstsq(rows, values[2:], rcond=None)[0]
    root = np.log(np.roots([1.0, -a, -b]).astype(complex))[0]
    return 2.0 * math.pi / abs(root.imag), float(root.real)



"""The same aircraft flown by JSBSim and by this model's equations of motion, Earth and air; the differences.

JSBSim 1.3 flies over WGS-84 with J2 and the Earth's rotation, in the standard atmosphere of 1976 over geopotential
height (its pressure at sea level is 5e-6 high), and takes the rate of the angle of attack from the accelerations of
the step before. So does this side, which reads the aircraft from the same file and integrates by the model's own rule
(`plant.motion.advance`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from samruk import earth, jsbsim_file
from samruk.engine.layout import rebuild, walk
from samruk.frames import (
    Rotation,
    Scalar,
    Vec3,
    compose,
    cross,
    quaternion_from_euler,
    quaternion_from_rotation,
    rotation,
)
from samruk.jsbsim_file import JsbsimAircraft, MassProperties
from samruk.lazy import jnp
from samruk.peer import jsbsim_flight
from samruk.peer.jsbsim_flight import RATE, SECONDS, Glide, History
from samruk.plant import motion
from samruk.plant.state import Inertia, Truth
from samruk.units import DEGREE, FOOT

SEEN = 10
"""Comparisons a second."""
LIMIT = 1e-3
"""Root mean square of a difference as a part of that of the change since the beginning."""

GLIDES = (
    Glide("c172x", 40.0, 2000.0, 2.0 * DEGREE, 6.0 * DEGREE, -1.0 * DEGREE, 2.0 * DEGREE, "fcs/effective-aileron-pos"),
    Glide("f16", 200.0, 6000.0, 4.0 * DEGREE, 5.0 * DEGREE, -2.0 * DEGREE, 1.0 * DEGREE, "fcs/aileron-pos-rad"),
    Glide("737", 180.0, 6000.0, 3.0 * DEGREE, 4.0 * DEGREE, 0.0, 1.0 * DEGREE),
)  # fmt: skip
"""Flights compared: tables in one to three variables, lateral mass; one rolls off, one is not stable."""


@dataclass(frozen=True)
class Difference:
    """How far the two flights of one aircraft part: root mean squares, as parts of the change over the flight."""

    aircraft: str
    position: float
    velocity: float
    attitude: float
    way: float
    """m flown."""


@dataclass(frozen=True)
class Flight:
    """State of this side: the rigid body, and what aerodynamics remembers of the step before."""

    truth: Truth
    v_dot_b: Vec3
    """m/s^2, body: rate of the body components of velocity."""
    lift: Scalar
    """N."""


def differences() -> list[Difference]:
    """All flights of `GLIDES`, by both; JSBSim must be installed."""
    return [difference(glide) for glide in GLIDES]


def difference(glide: Glide, rate: int = RATE) -> Difference:
    """One flight by both."""
    aircraft = jsbsim_file.read(jsbsim_flight.file_of(glide.aircraft).read_bytes(), f"{glide.aircraft}.xml")
    history = jsbsim_flight.fly(glide, aircraft.needed, rate)
    with jax.enable_x64(True):
        ours = np.asarray(flown(aircraft, history, rate))
        theirs = np.asarray(jax.vmap(_theirs)(jnp.asarray(history.states[:: rate // SEEN])))
    return _compared(glide.aircraft, ours, theirs)


def _theirs(row: Any) -> Any:
    """A recorded state as place, velocity (ECEF) and attitude (a rotation, ECEF)."""
    return _told(_truth(row))


def _truth(row: Any) -> Truth:
    """The rigid body of a row of `KEPT`."""
    r = Vec3(row[0], row[1], row[2]) * FOOT
    R_en = earth.R_ne(row[12], row[13]).T
    v_e = R_en @ (Vec3(row[3], row[4], row[5]) * FOOT)
    R_eb = compose(R_en, rotation(quaternion_from_euler(row[6], row[7], row[8])))
    return Truth(r, v_e, quaternion_from_rotation(R_eb), Vec3(row[9], row[10], row[11]))


def _told(truth: Truth) -> Any:
    r, v, R = truth.r_be_e, truth.v_be_e, rotation(truth.q_eb)
    return jnp.stack([r.x, r.y, r.z, v.x, v.y, v.z, R.xx, R.xy, R.xz, R.yx, R.yy, R.yz, R.zx, R.zy, R.zz])


def inertia(mass: MassProperties) -> Inertia:
    """Mass properties as the equations of motion take them."""
    tensor = np.array([[mass.J_xx, -mass.J_xy, -mass.J_xz], [-mass.J_xy, mass.J_yy, -mass.J_yz],
                       [-mass.J_xz, -mass.J_yz, mass.J_zz]])  # fmt: skip
    i = np.linalg.inv(tensor)
    return Inertia(
        mass.mass, mass.J_xx, mass.J_yy, mass.J_zz, mass.J_xz, 1.0 / mass.mass, float(i[0, 0]), float(i[1, 1]),
        float(i[2, 2]), float(i[0, 2]), mass.J_xy, mass.J_yz, float(i[0, 1]), float(i[1, 2]),
    )  # fmt: skip


def flown(aircraft: JsbsimAircraft, history: History, rate: int) -> Any:
    """This side's flight from the first recorded state under the recorded controls: rows as `_theirs` makes them."""
    body, data = inertia(aircraft.mass), jnp.asarray(aircraft.aerodynamics.data, jnp.float64)
    first = Flight(_truth(jnp.asarray(history.states[0])), Vec3(0.0, 0.0, 0.0), 0.0)
    begun, controls = first, jnp.asarray(history.controls)
    for _ in range(2):  # the second time with the rate of the angle of attack that the first found
        begun = step(begun, controls[0], aircraft, body, data, 0.0)

    def one(values: list[Any], controls: Any) -> tuple[list[Any], None]:
        return _leaves(step(rebuild(first, iter(values)), controls, aircraft, body, data, 1.0 / rate)), None

    def stretch(values: list[Any], controls: Any) -> tuple[list[Any], Any]:
        values, _ = jax.lax.scan(one, values, controls)
        return values, _told(rebuild(first, iter(values)).truth)

    per = rate // SEEN
    stretches = controls[:-1].reshape(SECONDS * SEEN, per, -1)
    _, rows = jax.jit(lambda values, given: jax.lax.scan(stretch, values, given))(_leaves(begun), stretches)
    return jnp.concatenate([_told(begun.truth)[None], rows])


def _leaves(flight: Flight) -> list[Any]:
    return [jnp.asarray(leaf, jnp.float64) for _, leaf, _ in walk(flight)]


def step(flight: Flight, controls: Any, aircraft: JsbsimAircraft, body: Inertia, data: Any, dt: float) -> Flight:
    """The state after a step of `dt` seconds; with 0 s the rates of the beginning."""
    truth, R_eb = flight.truth, rotation(flight.truth.q_eb)
    given = {name: controls[k] for k, name in enumerate(aircraft.needed)}
    seen, omega = flow(flight, R_eb, aircraft)
    known = {**jsbsim_file.properties(seen, aircraft.metrics), **given}
    loads = jsbsim_file.loads(aircraft.aerodynamics, aircraft.metrics, aircraft.mass.centre, known, data)
    found = motion.rates(truth, loads.F_b, loads.M_b, body, R_eb, earth.gravitation(truth.r_be_e))
    v_dot_b = R_eb.T @ found.a_e - cross(omega, seen.v_b)
    if dt == 0.0:
        return Flight(replace(truth, a_e=found.a_e, alpha_ib_b=found.alpha_ib_b), v_dot_b, loads.lift)
    return Flight(motion.advance(truth, found, R_eb, dt), v_dot_b, loads.lift)


def flow(flight: Flight, R_eb: Rotation, aircraft: JsbsimAircraft) -> tuple[jsbsim_file.Flow, Vec3]:
    """Still standard air over the ellipsoid, and the rate of the body relative to the Earth, rad/s."""
    truth = flight.truth
    latitude, longitude, height = earth.geodetic(truth.r_be_e)
    temperature, _, rho = earth.standard_atmosphere(height)
    omega = truth.omega_ib_b - motion.earth_rate(R_eb)
    centre, at = aircraft.mass.centre, aircraft.metrics.reference
    arm = Vec3(centre[0] - at[0], at[1] - centre[1], centre[2] - at[2])
    down = (compose(earth.R_ne(latitude, longitude), R_eb) @ arm).z
    return jsbsim_file.Flow(
        R_eb.T @ truth.v_be_e, omega, flight.v_dot_b, rho, earth.speed_of_sound(temperature),
        earth.viscosity(temperature) / rho, height, height - down, flight.lift,
    ), omega  # fmt: skip


def _compared(name: str, ours: Any, theirs: Any) -> Difference:
    """Root mean squares, as parts of those of the change."""
    position, velocity = (
        _rms(np.linalg.norm((ours - theirs)[:, columns], axis=1))
        / _rms(np.linalg.norm((theirs - theirs[0])[:, columns], axis=1))
        for columns in (slice(0, 3), slice(3, 6))
    )
    turned = _rms(_angle(theirs, theirs[:1]))
    way = float(np.linalg.norm(np.diff(theirs[:, :3], axis=0), axis=1).sum())
    return Difference(name, position, velocity, _rms(_angle(ours, theirs)) / turned, way)


def _rms(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _angle(a: Any, b: Any) -> Any:
    """rad between attitudes: by the chord, exact to the third order for small ones."""
    chord = np.sqrt(np.sum((a[:, 6:] - b[:, 6:]) ** 2, axis=1)) / np.sqrt(8.0)
    return 2.0 * np.arcsin(np.clip(chord, 0.0, 1.0))

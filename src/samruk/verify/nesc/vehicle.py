"""A vehicle made of DAVE-ML models: mass properties, loads of the air and the engine, control laws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samruk import earth
from samruk.daveml import Model
from samruk.errors import InputError
from samruk.frames import Scalar, Vec3, cross
from samruk.lazy import jnp
from samruk.plant.state import Inertia
from samruk.units import DEGREE, FOOT, KNOT
from samruk.verify.falls import SLUG

POUND = SLUG * FOOT
"""N, a pound-force."""
STANDARD_DENSITY = 1.225
"""kg/m^3, of equivalent airspeed."""


@dataclass(frozen=True)
class Flow:
    """What the models are told of the moment, SI."""

    v_b: Vec3
    """m/s, relative to the air, body."""
    omega_b: Vec3
    """rad/s, body, relative to the Earth."""
    rho: Scalar
    temperature: Scalar
    latitude: Scalar
    longitude: Scalar
    height: Scalar
    euler: tuple[Scalar, Scalar, Scalar]
    """Roll, pitch, yaw."""


@dataclass(frozen=True)
class Vehicle:
    """Models by role."""

    models: dict[str, Model]
    held: dict[str, float]
    """Outputs held at a value."""
    inertia: Inertia
    moment_arm: Vec3
    """m, body: centre of mass from the moment reference."""

    @property
    def control(self) -> Model | None:
        """The control laws."""
        return self.models.get("control") or self.models.get("gnc")


def vehicle(models: dict[str, Model], held: dict[str, float], constants: Mapping[str, float]) -> Vehicle:
    """A vehicle, its mass properties computed once.

    Args:
        models: by role.
        held: outputs held at a value.
        constants: inputs by name, of which those of the inertia model are taken.
    """
    model = models["inertia"]
    named = {v.name: constants[v.name] for v in model.inputs if v.name in constants}
    found = {name: float(value) for name, value in model.evaluate(named).items()}
    try:
        mass = found["totalMass"] * SLUG
        j = {axis: found[f"bodyMomentOfInertia_{axis}"] * SLUG * FOOT**2 for axis in ("Roll", "Pitch", "Yaw")}
        products = {axes: found[f"bodyProductOfInertia_{axes}"] * SLUG * FOOT**2 for axes in ("ZX", "XY", "YZ")}
    except KeyError as missing:
        raise InputError(f"gives no {missing.args[0]}", model.place) from None
    if products["XY"] or products["YZ"]:
        raise InputError("has products of inertia XY or YZ, which are not flown here", model.place)
    per = 1.0 / (j["Roll"] * j["Yaw"] - products["ZX"] ** 2)
    inertia = Inertia(mass, j["Roll"], j["Pitch"], j["Yaw"], products["ZX"], 1.0 / mass, j["Yaw"] * per,
                      1.0 / j["Pitch"], j["Roll"] * per, products["ZX"] * per)  # fmt: skip
    arm = Vec3(*(FOOT * found.get(f"bodyPositionOfCmWrtMrc_{axis}", 0.0) for axis in "XYZ"))
    return Vehicle(models, held, inertia, arm)


def angles(v_b: Vec3) -> tuple[Scalar, Scalar, Scalar]:
    """Airspeed (m/s), angle of attack and sideslip (rad)."""
    across = jnp.sqrt(v_b.x * v_b.x + v_b.z * v_b.z)
    speed = jnp.sqrt(v_b.x * v_b.x + v_b.y * v_b.y + v_b.z * v_b.z)
    return speed, jnp.arctan2(v_b.z, v_b.x), jnp.arctan2(v_b.y, across)


def signals(flow: Flow) -> dict[str, Scalar]:
    """Standard names and the units of the models."""
    speed, alpha, beta = angles(flow.v_b)
    phi, theta, psi = flow.euler
    return {
        "trueAirspeed": speed / FOOT, "angleOfAttack": alpha / DEGREE, "angleOfSideslip": beta / DEGREE,
        "bodyAngularRate_Roll": flow.omega_b.x, "bodyAngularRate_Pitch": flow.omega_b.y,
        "bodyAngularRate_Yaw": flow.omega_b.z, "eulerAngle_Roll": phi / DEGREE, "eulerAngle_Pitch": theta / DEGREE,
        "eulerAngle_Yaw": psi / DEGREE, "altitudeMsl": flow.height / FOOT, "altitudeMSL": flow.height / FOOT,
        "mach": speed / earth.speed_of_sound(flow.temperature), "geLatitude": flow.latitude / DEGREE,
        "geLongitude": flow.longitude / DEGREE,
        "equivalentAirspeed": speed * jnp.sqrt(flow.rho * (1.0 / STANDARD_DENSITY)) / KNOT,
    }  # fmt: skip


def evaluated(model: Model, known: Mapping[str, Scalar], held: Mapping[str, float]) -> dict[str, Scalar]:
    """Outputs of a model, given what it asks for of what is known."""
    given = {v.name: known[v.name] for v in model.inputs if v.name in known}
    found = model.evaluate(given)
    return {**found, **{name: value for name, value in held.items() if name in found}}


def loads(craft: Vehicle, flow: Flow, inputs: Mapping[str, Scalar]) -> tuple[Vec3, Vec3]:
    """Force (N) and moment (N m) about the centre of mass, body.

    Args:
        craft: the vehicle.
        flow: the moment.
        inputs: inputs of the control laws, or of the models themselves, by name.
    """
    known: dict[str, Scalar] = {**signals(flow), **inputs}
    if craft.control is not None:
        known |= evaluated(craft.control, known, craft.held)
    F_b, M_b = Vec3(0.0, 0.0, 0.0), Vec3(0.0, 0.0, 0.0)
    if "aero" in craft.models:
        F_b, M_b = _air(craft, flow, evaluated(craft.models["aero"], known, craft.held))
    if "prop" in craft.models:
        found = evaluated(craft.models["prop"], known, craft.held)
        F_b = F_b + Vec3(*(found.get(f"thrustBodyForce_{axis}", 0.0) * POUND for axis in "XYZ"))
        turn = [found.get(f"thrustBodyMoment_{axis}", 0.0) * POUND * FOOT for axis in ("Roll", "Pitch", "Yaw")]
        M_b = M_b + Vec3(*turn)
    return F_b, M_b


def _air(craft: Vehicle, flow: Flow, found: Mapping[str, Scalar]) -> tuple[Vec3, Vec3]:
    """Aerodynamic loads from coefficients of either form; moments are carried from their reference to the centre."""
    speed, alpha, _ = angles(flow.v_b)
    area = 0.5 * flow.rho * speed * speed * found["referenceWingArea"] * FOOT**2
    along = 1.0 / jnp.maximum(speed, 1e-9)
    X, Y, Z = (found.get(f"aeroBodyForceCoefficient_{axis}", 0.0) for axis in "XYZ")
    if "totalCoefficientOfDrag" in found:
        C_D, C_L = found["totalCoefficientOfDrag"], found.get("totalCoefficientOfLift", 0.0)
        X = X - C_D * flow.v_b.x * along + C_L * jnp.sin(alpha)
        Y = Y - C_D * flow.v_b.y * along
        Z = Z - C_D * flow.v_b.z * along - C_L * jnp.cos(alpha)
    F_b = Vec3(area * X, area * Y, area * Z)
    b, c = found.get("referenceWingSpan", 0.0) * FOOT, found.get("referenceWingChord", 0.0) * FOOT
    M_b = Vec3(
        area * b * found.get("aeroBodyMomentCoefficient_Roll", 0.0),
        area * c * found.get("aeroBodyMomentCoefficient_Pitch", 0.0),
        area * b * found.get("aeroBodyMomentCoefficient_Yaw", 0.0),
    )
    return F_b, M_b - cross(craft.moment_arm, F_b)

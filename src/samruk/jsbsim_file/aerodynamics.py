"""Aerodynamics of a JSBSim file: functions added up by axis, as force and moment in body axes.

Functions speak of properties by JSBSim's names, in the units that these names tell (feet, pounds-force, slugs);
`properties` makes those of the air and the motion, and whoever flies adds those of the controls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from samruk.frames import Scalar, Vec3, cross
from samruk.jsbsim_file import expression
from samruk.jsbsim_file.expression import Expression
from samruk.jsbsim_file.text import POUND_FORCE, SLUG, location, measured, part, refused
from samruk.lazy import jnp
from samruk.units import DEGREE, FOOT

FORCES = {
    "wind": ("DRAG", "SIDE", "LIFT"),
    "axial": ("AXIAL", "SIDE", "NORMAL"),
    "body": ("X", "Y", "Z"),
}
"""Axes that forces are given along; drag, lift, axial and normal count backward and up."""
MOMENTS = ("ROLL", "PITCH", "YAW")
READ = {"axis", "function", "property", "alphalimits", "hysteresis_limits", *expression.TOLD}
"""Elements that are read or, like limits which only warn a pilot, do not act on the flight."""


@dataclass(frozen=True)
class Metrics:
    """Reference lengths of an aircraft."""

    S: float
    """m^2, wing."""
    b: float
    """m, span."""
    c: float
    """m, mean chord."""
    incidence: float
    """rad, of the wing."""
    reference: tuple[float, float, float]
    """m, structural axes: where the forces act and about which the moments are."""
    named: Mapping[str, float]
    """Properties `metrics/...` in JSBSim's units."""


@dataclass(frozen=True)
class Aerodynamics:
    """Functions by axis."""

    frame: str
    """Key of `FORCES`."""
    first: tuple[tuple[str, Expression], ...]
    """Named functions outside the axes, in order: each becomes a property."""
    axes: Mapping[str, tuple[tuple[str, Expression], ...]]
    """Named functions that add up along an axis, lbf or lbf ft; each becomes a property too."""
    defaults: Mapping[str, float]
    """Properties that the file declares, with their values."""
    data: tuple[float, ...]
    """Numbers of all tables."""


@dataclass(frozen=True)
class Flow:
    """Air and motion, as aerodynamics sees them."""

    v_b: Vec3
    """m/s, body: relative to the air."""
    omega_b: Vec3
    """rad/s, body: relative to the Earth."""
    v_dot_b: Vec3
    """m/s^2, body: rate of the components of `v_b`, at the tick before."""
    rho: Scalar
    """kg/m^3."""
    sound: Scalar
    """m/s, speed of sound."""
    viscosity: Scalar
    """m^2/s, kinematic."""
    clearance: Scalar
    """m above the ground, of the centre of gravity."""
    clearance_reference: Scalar
    """m above the ground, of the reference point."""
    lift_before: Scalar = 0.0
    """N, along the wind axes, at the tick before."""


@dataclass(frozen=True)
class Loads:
    """What the air does."""

    F_b: Vec3
    """N, body."""
    M_b: Vec3 = field(default_factory=Vec3)
    """N m, body, about the centre of gravity."""
    lift: Scalar = 0.0
    """N, wind axes."""


def read_metrics(aircraft: Element) -> Metrics:
    """Lengths and places."""
    found = part(aircraft, "metrics")
    S, b, c = (
        measured(part(found, name), unit) for name, unit in (("wingarea", "FT2"), ("wingspan", "FT"), ("chord", "FT"))
    )
    angle = found.find("wing_incidence")
    incidence = 0.0 if angle is None else measured(angle, "DEG")
    places = [at for at in found.findall("location") if at.get("name") == "AERORP"]
    if not places:
        raise refused(found, 'holds no <location name="AERORP">')
    named = {
        "metrics/Sw-sqft": S / FOOT**2, "metrics/bw-ft": b / FOOT, "metrics/cbarw-ft": c / FOOT,
        "metrics/iw-rad": incidence, "metrics/iw-deg": incidence / DEGREE,
    }  # fmt: skip
    for name, element, unit, scale in (
        ("metrics/Sh-sqft", "htailarea", "FT2", FOOT**2), ("metrics/lh-ft", "htailarm", "FT", FOOT),
        ("metrics/Sv-sqft", "vtailarea", "FT2", FOOT**2), ("metrics/lv-ft", "vtailarm", "FT", FOOT),
    ):  # fmt: skip
        extra = found.find(element)
        named[name] = 0.0 if extra is None else measured(extra, unit) / scale
    return Metrics(S, b, c, incidence, location(places[0]), named)


def read(aircraft: Element) -> Aerodynamics:
    """All functions.

    Raises:
        AircraftError: an element, axis or operation that is not known, by name.
    """
    found, data = part(aircraft, "aerodynamics"), list[float]()
    for element in found:
        if element.tag not in READ:
            raise refused(element, f"<{element.tag}> of <aerodynamics> is not read")
    first = tuple(_function(element, data) for element in found.findall("function"))
    axes = {_axis(element): tuple(_function(f, data) for f in element.findall("function"))
            for element in found.findall("axis")}  # fmt: skip
    defaults = {(e.text or "").strip(): float(e.get("value", "0")) for e in found.findall("property")}
    return Aerodynamics(_frame(found, axes), first, axes, defaults, tuple(data))


def _function(element: Element, data: list[float]) -> tuple[str, Expression]:
    """Name and expression."""
    if element.get("apply_at_cg") == "true" or element.get("type") not in (None, "pre"):
        raise refused(element, f"function {element.get('name')!r}: apply_at_cg and types other than pre are not read")
    return element.get("name", ""), expression.read(element, data)


def _axis(element: Element) -> str:
    """Name of an axis."""
    name = element.get("name", "")
    frame, known = element.get("frame", "BODY"), {*MOMENTS, *(n for names in FORCES.values() for n in names)}
    if name not in known or frame != "BODY":
        raise refused(element, f"the axis {name!r} in the frame {frame!r} is not read")
    return name


def _frame(found: Element, axes: Mapping[str, Any]) -> str:
    """The one system of axes that holds all forces."""
    forces = {name for name in axes if name not in MOMENTS}
    fitting = [frame for frame, names in FORCES.items() if forces <= set(names)]
    if not fitting:
        raise refused(found, f"forces along {', '.join(sorted(forces))}: axes of different systems")
    return fitting[0]


def needed(air: Aerodynamics, metrics: Metrics) -> tuple[str, ...]:
    """Names of the properties that must be given besides those that `properties` makes: controls, gear and the like."""
    functions = [*air.first, *(f for functions in air.axes.values() for f in functions)]
    known = {*made(), *metrics.named, *air.defaults, *(name for name, _ in functions)}
    wanted = dict.fromkeys(name for _, tree in functions for name in expression.needed(tree))
    return tuple(name for name in wanted if name not in known)


def properties(flow: Flow, metrics: Metrics) -> dict[str, Scalar]:
    """Properties of the air and the motion, by JSBSim's names and in its units."""
    v, a, w = flow.v_b, flow.v_dot_b, flow.omega_b
    across = v.x * v.x + v.z * v.z
    speed = jnp.sqrt(across + v.y * v.y)
    plane = jnp.sqrt(across)
    alpha, beta = jnp.arctan2(v.z, v.x), jnp.arctan2(v.y, plane)
    speed_dot = (v.x * a.x + v.y * a.y + v.z * a.z) / speed
    alpha_dot, beta_dot = (v.x * a.z - v.z * a.x) / across, (a.y * speed - v.y * speed_dot) / (speed * plane)
    pressure = 0.5 * flow.rho * speed * speed
    psf = pressure * (FOOT**2 / POUND_FORCE)
    cl = flow.lift_before / (metrics.S * pressure)
    return {
        "aero/alpha-rad": alpha, "aero/alpha-deg": alpha / DEGREE, "aero/alpha-wing-rad": alpha + metrics.incidence,
        "aero/beta-rad": beta, "aero/beta-deg": beta / DEGREE, "aero/mag-beta-rad": jnp.abs(beta),
        "aero/mag-beta-deg": jnp.abs(beta) / DEGREE,
        "aero/alphadot-rad_sec": alpha_dot, "aero/alphadot-deg_sec": alpha_dot / DEGREE,
        "aero/betadot-rad_sec": beta_dot, "aero/betadot-deg_sec": beta_dot / DEGREE,
        "aero/qbar-psf": psf, "aero/qbar-area": psf * (metrics.S / FOOT**2),
        "aero/bi2vel": 0.5 * metrics.b / speed, "aero/ci2vel": 0.5 * metrics.c / speed, "aero/cl-squared": cl * cl,
        "aero/h_b-mac-ft": flow.clearance_reference / metrics.b, "aero/h_b-cg-ft": flow.clearance / metrics.b,
        "aero/Re": speed * metrics.c / flow.viscosity, "velocities/mach": speed / flow.sound,
        "velocities/vt-fps": speed / FOOT, "velocities/u-aero-fps": v.x / FOOT, "velocities/v-aero-fps": v.y / FOOT,
        "velocities/w-aero-fps": v.z / FOOT, "velocities/p-aero-rad_sec": w.x, "velocities/q-aero-rad_sec": w.y,
        "velocities/r-aero-rad_sec": w.z, "velocities/p-rad_sec": w.x, "velocities/q-rad_sec": w.y,
        "velocities/r-rad_sec": w.z, "atmosphere/rho-slugs_ft3": flow.rho * (FOOT**3 / SLUG),
    }  # fmt: skip



def loads(
    air: Aerodynamics, metrics: Metrics, centre: tuple[float, float, float], known: Mapping[str, Scalar], data: Any
) -> Loads:
    """Force and moment of the air.

    Args:
        air: the functions.
        metrics: lengths and the reference point.
        centre: m, structural axes: centre of gravity.
        known: `properties` and those named by `needed`.
        data: `air.data` as an array, float64.
    """
    named: dict[str, Scalar] = {**metrics.named, **air.defaults, **known}
    for name, tree in air.first:
        named[name] = expression.evaluate(tree, named, data)
    sums = {axis: _sum(air.axes.get(axis, ()), named, data) for axis in (*FORCES[air.frame], *MOMENTS)}
    native = Vec3(*(sums[axis] * POUND_FORCE for axis in FORCES[air.frame]))
    F_b, lift = _turned(native, air.frame, named["aero/alpha-rad"], named["aero/beta-rad"])
    M_b = Vec3(*(sums[axis] * (POUND_FORCE * FOOT) for axis in MOMENTS))
    arm = Vec3(centre[0] - metrics.reference[0], metrics.reference[1] - centre[1], centre[2] - metrics.reference[2])
    return Loads(F_b, M_b + cross(arm, F_b), lift)


def _sum(functions: tuple[tuple[str, Expression], ...], named: dict[str, Scalar], data: Any) -> Scalar:
    """Functions of one axis added up; each becomes a property for those that follow."""
    total: Scalar = 0.0 * named["aero/alpha-rad"]
    for name, tree in functions:
        named[name] = expression.evaluate(tree, named, data)
        total = total + named[name]
    return total


def _turned(native: Vec3, frame: str, alpha: Scalar, beta: Scalar) -> tuple[Vec3, Scalar]:
    """Forces along body axes, and lift across the wind."""
    ca, sa, cb, sb = jnp.cos(alpha), jnp.sin(alpha), jnp.cos(beta), jnp.sin(beta)
    if frame == "wind":
        x, y, z = -native.x, native.y, -native.z
        return Vec3(ca * cb * x - ca * sb * y - sa * z, sb * x + cb * y, sa * cb * x - sa * sb * y + ca * z), native.z
    F_b = native if frame == "body" else Vec3(-native.x, native.y, -native.z)
    return F_b, sa * F_b.x - ca * F_b.z


@lru_cache(maxsize=1)
def made() -> frozenset[str]:
    """Names of the properties that `properties` makes."""
    still = Flow(Vec3(1.0, 0.0, 0.0), Vec3(), Vec3(), 1.0, 1.0, 1.0, 1.0, 1.0)
    return frozenset(properties(still, Metrics(1.0, 1.0, 1.0, 0.0, (0.0, 0.0, 0.0), {})))

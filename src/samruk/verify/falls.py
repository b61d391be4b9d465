"""The free falls and throws of NASA's check cases: bodies, Earths and beginnings.

Cases 01 to 06 and 08 to 10 of NASA/TM-2015-218675, bodies as in the DAVE-ML models published with it. Each
lasts 30 s. What the cases call an Earth (its attraction, figure and rate) comes with the case; the equations of motion
and the air are the model's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from samruk import earth
from samruk.frames import Scalar, Vec3, dot
from samruk.lazy import jnp
from samruk.plant.state import Inertia
from samruk.units import DEGREE, FOOT

SLUG = 0.45359237 * earth.GRAVITY / FOOT
"""kg, what one pound-force moves by a foot per second squared."""
SPHERE_RADIUS = 6371007.1809
"""m, radius of the round Earth of cases 04 and 05: the sphere with the ellipsoid's area."""
DURATION = 30
"""s, of every case."""


@dataclass(frozen=True)
class Figure:
    """An Earth's form: how it attracts and where its surface is; alike all around the axis."""

    gravitation: Callable[[Vec3], Vec3]
    """m/s^2 at a place from the centre, m."""
    geodetic: Callable[[Vec3], tuple[Scalar, Scalar, Scalar]]
    """Latitude, longitude (rad) and height (m) of a place."""
    ecef: Callable[[Scalar, Scalar, Scalar], Vec3]
    """The place, m, of a latitude, longitude and height."""


@dataclass(frozen=True)
class Body:
    """A body that falls: mass properties, constant drag, and damping of its own turning."""

    inertia: Inertia
    drag_area: Scalar = 0.0
    """m^2, drag coefficient times reference area."""
    damping_p: Scalar = 0.0
    """m^4: C_l_p S b^2, moment over a quarter of rho V p."""
    damping_q: Scalar = 0.0
    """m^4: C_m_q S c^2."""
    damping_r: Scalar = 0.0
    """m^4: C_n_r S b^2."""


@dataclass(frozen=True)
class Conditions:
    """The numbers of a case: cases with one figure of the Earth fly side by side."""

    body: Body
    rate: Scalar = earth.OMEGA
    """rad/s, of the case's Earth and its air about the z axis."""
    wind_east: Scalar = 0.0
    """m/s at height 0, towards east."""
    wind_slope: Scalar = 0.0
    """1/s: growth of that wind with height."""


@dataclass(frozen=True)
class Fall:
    """One case."""

    number: str
    title: str
    figure: Figure
    conditions: Conditions
    height: float
    """m, at latitude 0 and longitude 0."""
    v_n: Vec3 = field(default_factory=Vec3)
    """m/s, relative to the case's Earth."""
    psi: float = 0.0
    """rad, yaw; pitch and roll are 0."""
    omega_ib_b: Vec3 = field(default_factory=Vec3)
    """rad/s, body, relative to inertial space."""


def attraction_of_a_sphere(r_e: Vec3) -> Vec3:
    """The central field alone, m/s^2."""
    r2 = dot(r_e, r_e)
    attracted: Vec3 = r_e * (-earth.GM / (r2 * jnp.sqrt(r2)))
    return attracted


def on_the_sphere(r_e: Vec3) -> tuple[Scalar, Scalar, Scalar]:
    """Latitude, longitude and height over the round Earth."""
    across = jnp.sqrt(r_e.x * r_e.x + r_e.y * r_e.y)
    height = jnp.sqrt(dot(r_e, r_e)) - SPHERE_RADIUS
    return jnp.arctan2(r_e.z, across), jnp.arctan2(r_e.y, r_e.x), height


def from_the_sphere(latitude: Scalar, longitude: Scalar, height: Scalar) -> Vec3:
    """The place of a latitude, longitude and height over the round Earth."""
    r, across = SPHERE_RADIUS + height, (SPHERE_RADIUS + height) * jnp.cos(latitude)
    return Vec3(across * jnp.cos(longitude), across * jnp.sin(longitude), r * jnp.sin(latitude))


ELLIPSOID = Figure(earth.gravitation, earth.geodetic, earth.ecef)
"""WGS-84 with J2: the model's own."""
ROUND = Figure(attraction_of_a_sphere, on_the_sphere, from_the_sphere)


def inertia(mass_slug: float, xx_slug_ft2: float, yy_slug_ft2: float, zz_slug_ft2: float) -> Inertia:
    """Mass properties without products of inertia."""
    xx, yy, zz = (part * SLUG * FOOT**2 for part in (xx_slug_ft2, yy_slug_ft2, zz_slug_ft2))
    mass = mass_slug * SLUG
    return Inertia(mass, xx, yy, zz, 0.0, 1.0 / mass, 1.0 / xx, 1.0 / yy, 1.0 / zz, 0.0)


SPHERE = inertia(1.0, 3.6, 3.6, 3.6)
"""cannonball_inertia.dml."""
BRICK = inertia(0.155404754, 0.00189422, 0.006211019, 0.007194665)
"""brick_inertia.dml: 5 lb, 8 by 4 by 2.25 inches."""
_AREA, _SPAN, _CHORD = 0.22222 * FOOT**2, 0.33333 * FOOT, 0.66667 * FOOT
"""brick_aero.dml, which damps with C_l_p = C_m_q = C_n_r = -1; the cases fly it without drag."""
SLOWEST = 0.5 * FOOT
"""m/s, least airspeed that brick_aero.dml allows in its damping."""

SMOOTH_SPHERE = Conditions(Body(SPHERE))
DRAGGED = Body(SPHERE, drag_area=0.1 * 0.1963495 * FOOT**2)
"""cannonball_aero.dml: C_D 0.1 on 0.1963495 ft^2."""
FREE_BRICK = Conditions(Body(BRICK))
DAMPED_BRICK = Conditions(Body(BRICK, 0.0, -_AREA * _SPAN**2, -_AREA * _CHORD**2, -_AREA * _SPAN**2))
STILL = Conditions(DRAGGED)
"""Air that turns with the Earth."""
NOT_TURNING = Conditions(DRAGGED, rate=0.0)
SHEAR = Conditions(DRAGGED, wind_east=-20.0 * FOOT, wind_slope=90.0 / 30_000.0)
"""70 ft/s towards east at 30,000 ft, 20 ft/s towards west at 0 ft."""

HIGH = 30_000.0 * FOOT
TUMBLE = Vec3(10.0 * DEGREE, 20.0 * DEGREE, 30.0 * DEGREE)
_THROW = 1000.0 * FOOT

FALLS = (
    Fall("01", "sphere dropped, no drag", ELLIPSOID, SMOOTH_SPHERE, HIGH),
    Fall("02", "brick tumbling, no damping", ELLIPSOID, FREE_BRICK, HIGH, omega_ib_b=TUMBLE),
    Fall("03", "brick tumbling, damped", ELLIPSOID, DAMPED_BRICK, HIGH, omega_ib_b=TUMBLE),
    Fall("04", "sphere with drag, round Earth at rest", ROUND, NOT_TURNING, HIGH, omega_ib_b=TUMBLE),
    Fall("05", "sphere with drag, round Earth turning", ROUND, STILL, HIGH, omega_ib_b=TUMBLE),
    Fall("06", "sphere with drag, ellipsoid", ELLIPSOID, STILL, HIGH),
    Fall("08", "sphere in wind that grows with height", ELLIPSOID, SHEAR, HIGH),
    Fall("09", "sphere thrown east", ELLIPSOID, STILL, 0.0, Vec3(0.0, _THROW, -_THROW), 90.0 * DEGREE,
         Vec3(0.0, -0.004178073 * DEGREE, 0.0)),
    Fall("10", "sphere thrown north", ELLIPSOID, STILL, 0.0, Vec3(_THROW, 0.0, -_THROW), 0.0,
         Vec3(0.004178074 * DEGREE, 0.0, 0.0)),
)  # fmt: skip
"""The cases flown."""
NOT_FLOWN = {
    "07, 12, 13p2, 13p4, 15, 16": "flown by `samruk verify nesc`, whose folder holds their descriptions; the published "
    "histories to compare with are not in the package",
    "14": "no trajectories of it were published with the others",
}
"""What of the publication is not flown here, and why."""

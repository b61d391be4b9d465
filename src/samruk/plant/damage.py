"""What breaks an aircraft, and what breaks the model."""

from __future__ import annotations

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Rotation, Scalar, Vec3, dot
from samruk.lazy import jnp
from samruk.mission import Runway, Task
from samruk.plant.state import (
    FLUTTER,
    GROUND_IMPACT,
    HARD_LANDING,
    NOT_A_NUMBER,
    OUT_OF_RANGE,
    OVERLOAD,
    Loads,
    World,
)
from samruk.tables import to_int
from samruk.weather.air import Anchor

FLUTTER_FACTOR = 1.1
"""Speed at which the airframe comes apart, over the never-exceed speed (design dive speed by CS-23.1505)."""
BELLY = 0.45
"""Height of the fuselage's under side over the height of the legs (estimated)."""
TAIL_BEYOND = 0.3
"""m that the tail reaches beyond its quarter chord (estimated)."""
RUNWAY_HALF_WIDTH, RUNWAY_OVERRUN, SAFE_TAXI = 25.0, 60.0, 8.0
"""m beside the centre line, m beyond the ends, and m/s below which leaving the surface does no harm (estimated)."""
LEAST_HEIGHT, MOST_HEIGHT, MOST_SPEED, MOST_RATE = -1000.0, 25000.0, 400.0, 20.0
"""m, m, m/s, rad/s: beyond these the model says nothing."""


def of_tick(before: Loads, loads: Loads, R_nb: Rotation, strength: Scalar, aircraft: Aircraft) -> Scalar:
    """The damage that a fast tick does, 0 for none; where several come together, the worst to see is named.

    Args:
        before: loads of the tick before.
        loads: those of this tick.
        R_nb: attitude.
        strength: part of its strength that the structure has left in heat.
        aircraft: its gear, structure and size.
    """
    g, st, h = aircraft.gear, aircraft.structure, loads.height_agl
    tip = h - jnp.abs(R_nb.zy) * 0.5 * aircraft.geometry.span
    tail = h + R_nb.zx * (aircraft.geometry.tail_arm + TAIL_BEYOND)
    belly = h - BELLY * g.height * R_nb.zz
    hit = (jnp.minimum(jnp.minimum(tip, tail), belly) < 0.0) | ((R_nb.zz < 0.0) & (h < g.height))
    factor = strength * st.ultimate_factor
    most, least = factor * st.load_factor_max, factor * st.load_factor_min
    broken = (loads.on_ground == 0) & ((loads.load_factor > most) | (loads.load_factor < least))
    flutter = loads.airspeed_calibrated > FLUTTER_FACTOR * st.airspeed_never_exceed
    hard = (loads.on_ground > 0) & (before.on_ground == 0) & (loads.touchdown_sink > g.max_sink)
    damage = to_int(hard) * HARD_LANDING
    for which, name in ((flutter, FLUTTER), (broken, OVERLOAD), (hit, GROUND_IMPACT)):
        damage = jnp.where(which, name, damage)
    return damage


def status(world: World) -> Scalar:
    """State of the model after a step: range checks; a NaN fails all comparisons."""
    t, l = world.truth, world.loads
    v2, w2 = dot(t.v_be_e, t.v_be_e), dot(t.omega_ib_b, t.omega_ib_b)
    total = v2 + w2 + t.q_eb.w + t.q_eb.x + l.height + l.rho + world.fuel + world.motor.power
    inside = (v2 < MOST_SPEED**2) & (w2 < MOST_RATE**2) & (l.height > LEAST_HEIGHT) & (l.height < MOST_HEIGHT)
    number = total == total
    return to_int(~number) * NOT_A_NUMBER + to_int(number & ~inside) * OUT_OF_RANGE


def off_runway(loads: Loads, anchor: Anchor, task: Task) -> Scalar:
    """Whether it rolls fast beside every runway of the mission."""
    paved = anchor.height < LEAST_HEIGHT
    for runway in (task.home, task.alternate_a, task.alternate_b):
        paved = paved | _inside(anchor.latitude, anchor.longitude, runway)
    return (loads.on_ground > 0) & (jnp.abs(loads.wheel_speed) > SAFE_TAXI) & ~paved


def _inside(latitude: Scalar, longitude: Scalar, runway: Runway) -> Scalar:
    """Whether a place lies on a runway (a local plane; 0.5 % of the distance)."""
    turns = (longitude - runway.longitude) * (0.5 / jnp.pi)
    east = 2.0 * jnp.pi * (turns - jnp.floor(turns + 0.5)) * jnp.cos(runway.latitude) * earth.MEAN_RADIUS
    way_n = Vec3(earth.MEAN_RADIUS * (latitude - runway.latitude), east, 0.0)
    c, s = jnp.cos(runway.heading), jnp.sin(runway.heading)
    along, across = way_n.x * c + way_n.y * s, way_n.y * c - way_n.x * s
    lengthwise = (along > -RUNWAY_OVERRUN) & (along < runway.length + RUNWAY_OVERRUN)
    return lengthwise & (jnp.abs(across) < RUNWAY_HALF_WIDTH) & (runway.usable > 0)

"""What a steady flight is judged by: its residual, every limit with the margin left, and the limit that forbids it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Scalar
from samruk.handling import balance
from samruk.handling import body as bodies
from samruk.handling.balance import Found
from samruk.handling.body import Body, Slow
from samruk.handling.condition import Atmosphere, Condition, air
from samruk.lazy import jnp
from samruk.plant import heat, propulsion
from samruk.plant.state import Drive, Motor, Surfaces
from samruk.plant.world import calibrated

TIGHT = 1e-9
"""Residual, as part of weight or of weight times chord, at which a balance counts as found."""
NEAR = 1e-4
"""rad or the like: a last step at which the search in attached flow tells the lift needed to 1e-3."""
HIGHEST_MACH = 0.3
"""The coefficients hold below it: compressibility changes the lift slope by 5 % there (Prandtl & Glauert)."""
ROUNDED_TOP = 0.995
"""Part of the greatest lift beyond which a search that finds no balance has met the rounded top of the lift curve: its
height is known to 0.002 (`samruk.plant.aerodynamics`), and beyond it elevator and thrust carry another part."""

LIMITS = (
    "temperature", "mass", "stall", "structure: VNE", "structure: load factor", "Mach", "power", "idle power",
    "elevator", "aileron", "rudder", "engine heat", "engine blow-out",
)  # fmt: skip
"""Names of the limits, in the order in which one is named where several are passed.

temperature: outside air beyond what the aircraft is described for. mass: below empty or above greatest take-off mass.
stall: lift needed beyond the greatest. VNE: calibrated airspeed. Mach: the coefficients hold below 0.3. power: more
than the engine has at this height and temperature. idle power: less than the engine gives at idle. engine heat:
coolant beyond its limit in the long run. engine blow-out: load too low for this height."""

GIVEN = tuple(float(name in ("temperature", "mass", "stall", "structure: VNE", "Mach")) for name in LIMITS)
"""1 for the limits that are known without a balance; the stall is judged by attached flow."""


@dataclass(frozen=True)
class Certificate:
    """A steady flight that was asked for: the balance, and whether and why not it can be flown.

    Every field is an array over the batch; angles and speeds mean nothing where `limit` is "stall" or `converged` is
    false.
    """

    certified: Any
    """Balance found and every limit kept."""
    converged: Any
    """The residual is below 1e-9 (see `residual`)."""
    limit: Any
    """Name of the limit that forbids the flight, one of `LIMITS`; "" where certified; "no balance found" where neither
    holds: the search failed and says so."""
    margins: Any
    """(batch, limits): what is left of each limit, relative (temperature: over 100 K); negative where it is passed, not
    a number where it cannot be known because no balance was found."""
    residual: Any
    """(batch, 8): forces along u, v, w over weight; moments p, q, r over weight and chord; the two that were asked."""
    error: Any
    """Largest change of an unknown by the last Newton step: rad; for the turn, psi_dot V/g."""
    airspeed: Any
    """m/s, true."""
    airspeed_calibrated: Any
    """m/s."""
    alpha: Any
    """rad."""
    beta: Any
    """rad."""
    phi: Any
    """rad."""
    theta: Any
    """rad."""
    p: Any
    """rad/s, body."""
    q: Any
    """rad/s."""
    r: Any
    """rad/s."""
    turn_rate: Any
    """rad/s, psi_dot."""
    delta_e: Any
    """rad."""
    delta_a: Any
    """rad."""
    delta_r: Any
    """rad."""
    delta_t: Any
    """Power lever, 0..1."""
    shaft_power: Any
    """W, the alternator's share included."""
    power_available: Any
    """W at this propeller speed, engine within its coolant limit."""
    propeller_speed: Any
    """rad/s."""
    thrust: Any
    """N."""
    fuel_flow: Any
    """kg/s."""
    coolant: Any
    """K, in the long run with the thermostat open."""
    C_L: Any
    """Of wing and body."""
    C_L_max: Any
    """Greatest, by flap, Reynolds number and ice."""
    C_D: Any
    load_factor: Any
    """Forces along -z over weight."""
    spare_power: Any
    """W, available less needed."""


def judge(condition: Condition, found: Found, aircraft: Aircraft) -> dict[str, Scalar]:
    """Numbers of one certificate by field name; `converged` and `certified` as truth values, without `limit`."""
    around = air(condition.height, condition.offset)
    x, V = found.x, condition.airspeed
    body, surfaces = balance.state(condition, around, aircraft, x)
    held = bodies.slow(V, condition.delta_f, around, condition, aircraft)
    residual = balance.unbalance(condition, around, held, aircraft, x)
    now = bodies.pushed(body, surfaces, around, held, condition, aircraft)
    engine = _engine(body, around, aircraft)
    coolant = _coolant(body, engine, around, V, aircraft)
    most = engine.power_available * body.speed / aircraft.propeller.rated_speed
    least = aircraft.engine.idle_power + condition.alternator
    cas = calibrated(around.pressure, around.rho, V)
    factor = -now.F.z / (condition.mass * condition.gravity)
    mach = V / earth.speed_of_sound(around.temperature)
    converged = (jnp.max(jnp.abs(residual)) < TIGHT) & _rising(body, surfaces, around, held, condition, aircraft)
    margins = jnp.stack([
        *_loading(condition, around, aircraft),
        _stall_left(condition, found, converged, now.air.C_L / held.stall.C_L_max),
        *_structure(cas, factor, aircraft), 1.0 - mach / HIGHEST_MACH, (most - body.power) / most,
        (body.power - least) / most, *_authority(surfaces, aircraft),
        (aircraft.engine.coolant_limit - coolant) / 100.0, _combustion(body, engine, around, aircraft),
    ])  # fmt: skip
    margins = jnp.where(converged | (jnp.asarray(GIVEN) > 0.0), margins, jnp.nan)
    flow = (body.power + engine.friction) * engine.fuel_per_work
    return {
        "certified": converged & jnp.all(margins >= 0.0), "converged": converged, "margins": margins,
        "residual": residual, "error": found.error, "airspeed": V, "airspeed_calibrated": cas, "alpha": x[0],
        "beta": x[1], "phi": x[2], "theta": body.theta, "p": body.p, "q": body.q, "r": body.r,
        "turn_rate": x[3] * condition.gravity / V, "delta_e": x[5], "delta_a": x[6], "delta_r": x[7],
        "delta_t": (body.power - least) / (most - least), "shaft_power": body.power, "power_available": most,
        "propeller_speed": body.speed, "thrust": now.pull.thrust, "fuel_flow": flow, "coolant": coolant,
        "C_L": now.air.C_L, "C_L_max": held.stall.C_L_max, "C_D": now.air.C_D, "load_factor": factor,
        "spare_power": most - body.power,
    }  # fmt: skip


def _engine(body: Body, around: Atmosphere, aircraft: Aircraft) -> Drive:
    """What the engine can do with its coolant within the limit."""
    motor = Motor(body.power, body.speed, 1, 0.0)
    return propulsion.drive(motor, around.rho, around.temperature, aircraft.engine.coolant_limit, aircraft)


def _coolant(body: Body, engine: Drive, around: Atmosphere, V: Scalar, aircraft: Aircraft) -> Scalar:
    """K in the long run, thermostat open: the steady state of the engine's node in `samruk.plant.heat`."""
    e = aircraft.engine
    burnt = e.coolant_heat * (body.power + engine.friction) * engine.fuel_per_work * e.heating_value
    flow = around.rho * jnp.sqrt(V * V + 1.0 + heat.FAN_SPEED * heat.FAN_SPEED)
    return around.temperature + burnt / (e.radiator * jnp.power(flow, 0.6))


def _loading(condition: Condition, around: Atmosphere, aircraft: Aircraft) -> tuple[Scalar, Scalar]:
    t, m = aircraft.thermal, aircraft.mass
    warm = jnp.minimum(around.temperature - t.operating_low, t.operating_high - around.temperature) / 100.0
    carried = condition.mass - m.empty - aircraft.stores.mass
    return warm, jnp.minimum(carried, m.max_take_off - condition.mass) / m.max_take_off


def _stall_left(condition: Condition, found: Found, converged: Scalar, by_balance: Scalar) -> Scalar:
    """By attached flow: what a wing without a stall would need of the greatest lift."""
    need = (1.0 + condition.stall_margin) * (1.0 + condition.stall_margin)
    raised = found.airspeed / condition.airspeed
    used = jnp.where(found.attached_step < NEAR, found.attached_lift * raised * raised, by_balance)
    over_the_top = (used > ROUNDED_TOP) & ~converged
    left = jnp.where(over_the_top, jnp.minimum(1.0 - need * used, -1e-6), 1.0 - need * used)
    return jnp.where(converged | (found.attached_step < NEAR), left, jnp.nan)


def _rising(
    body: Body, surfaces: Surfaces, around: Atmosphere, held: Slow, condition: Condition, aircraft: Aircraft
) -> Scalar:
    """Whether lift still rises with the angle of attack: the balance lies before the stall."""
    more = replace(body, w=body.w + 1e-4 * body.u)
    here = bodies.pushed(body, surfaces, around, held, condition, aircraft).air.C_L
    beyond = bodies.pushed(more, surfaces, around, held, condition, aircraft).air.C_L
    return here < beyond


def _structure(cas: Scalar, factor: Scalar, aircraft: Aircraft) -> tuple[Scalar, Scalar]:
    s = aircraft.structure
    loaded = jnp.minimum(s.load_factor_max - factor, factor - s.load_factor_min) / s.load_factor_max
    return 1.0 - cas / s.airspeed_never_exceed, loaded


def _authority(surfaces: Surfaces, aircraft: Aircraft) -> tuple[Scalar, Scalar, Scalar]:
    a = aircraft.actuators
    return (
        1.0 - jnp.abs(surfaces.delta_e) / a.delta_e_limit,
        1.0 - jnp.abs(surfaces.delta_a) / a.delta_a_limit,
        1.0 - jnp.abs(surfaces.delta_r) / a.delta_r_limit,
    )


def _combustion(body: Body, engine: Drive, around: Atmosphere, aircraft: Aircraft) -> Scalar:
    """Load over the least that holds combustion above the height where a diesel may stop, less 1."""
    e = aircraft.engine
    load = body.power / jnp.maximum(engine.power_available, 1.0)
    thin = around.rho * (1.0 / earth.RHO0) < e.blowout_density_ratio
    return jnp.where(thin, load - e.blowout_load, 1.0)

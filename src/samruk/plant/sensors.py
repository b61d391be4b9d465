"""What the sensors make of the truth.

The inertial unit gives the mean specific force and rate over the fast tick, as units that integrate inside do. GNSS is
fresh once a second. A pitot tube that ice closes loses its pressure through the open drain and reads towards zero.
"""

from __future__ import annotations

from samruk import earth, noise
from samruk.aircraft import Aircraft
from samruk.frames import Rotation, Scalar, Vec3
from samruk.lazy import jnp
from samruk.messages import Inertial, Measurement
from samruk.plant import ice as icing
from samruk.plant.ice import probes
from samruk.plant.motion import extrapolated
from samruk.plant.state import FAST_DT, SLOW_DT, SensorErrors, Truth, World, attitude
from samruk.tables import to_int

MISSION_PER_FRESH = 10
"""Mission ticks between two GNSS fixes."""
VERTICAL_FACTOR = 1.5
"""Vertical over horizontal error of GNSS."""
ALIGNMENT = 1.2
"""The tube reads the whole dynamic pressure up to cos(angle) = 1/1.2, that is 33 degrees off the stream."""
RECOVERY = 0.9
"""Recovery factor of the temperature probe."""
SPECIFIC_HEAT = 1005.0
"""J/(kg K), air at constant pressure."""
RADAR_RANGE = 800.0
"""m, the radar altimeter reads this beyond its range."""
RADAR_SCALE = 0.01
"""Part of the height."""
NOISE_PART = 0.2
"""White noise of pressure sensors, gauge and compass over the spread of their bias (estimated)."""
TEMPERATURE_BIAS = 0.5
"""K (estimated)."""
FUEL_BIAS = 0.01
"""Part of the fuel (estimated)."""
FLOW_BIAS = 0.01
"""Part of the flow (estimated)."""
WEIGHT_ON_WHEELS = 0.05
"""Part of the weight on the main legs that closes the switches."""

_DRAW = 16


def draw(aircraft: Aircraft, seed: Scalar) -> SensorErrors:
    """The constant errors of one flight, from its seed; the error of GNSS at its start."""
    s = aircraft.sensors
    n = [number for k in range(9) for number in noise.normal_pair(seed, noise.BIAS + _DRAW * k, 0)]
    acc, gyro, mag = s.accelerometer_bias, s.gyro_bias, s.magnetometer
    return SensorErrors(
        Vec3(acc * n[0], acc * n[1], acc * n[2]), Vec3(gyro * n[3], gyro * n[4], gyro * n[5]),
        Vec3(s.gnss_position * n[6], s.gnss_position * n[7], VERTICAL_FACTOR * s.gnss_position * n[8]),
        s.static_pressure * n[9], s.impact_pressure * n[10], Vec3(mag * n[11], mag * n[12], mag * n[13]),
        TEMPERATURE_BIAS * n[14], FUEL_BIAS * n[15], FLOW_BIAS * n[16],
    )  # fmt: skip


def wander(errors: SensorErrors, aircraft: Aircraft, seed: Scalar, tick: Scalar) -> Vec3:
    """Error of a GNSS fix after a slow tick, m, NED: first-order Gauss-Markov, exact step."""
    s = aircraft.sensors
    decay = jnp.exp(-SLOW_DT / s.gnss_correlation)
    drive = s.gnss_position * jnp.sqrt(1.0 - decay * decay)
    a, b = noise.normal_pair(seed, noise.GNSS, tick)
    c, _ = noise.normal_pair(seed, noise.GNSS + _DRAW, tick)
    e = errors.gnss_n
    return Vec3(decay * e.x + drive * a, decay * e.y + drive * b, decay * e.z + VERTICAL_FACTOR * drive * c)


def inertial(
    before: Truth, after: Truth, errors: SensorErrors, aircraft: Aircraft, seed: Scalar, tick: Scalar
) -> Inertial:
    """Mean specific force and rate over the tick from `before` to `after`, with bias and white noise."""
    s, per_root = aircraft.sensors, FAST_DT**-0.5
    a, b, c, d, e, f = _white(seed, noise.IMU, tick, 6)
    f_b = extrapolated(after.f_b, before.f_b) + errors.accelerometer_b
    rate = (before.omega_ib_b + after.omega_ib_b) * 0.5 + errors.gyro_b
    return Inertial(
        f_b + Vec3(a, b, c) * (s.accelerometer_noise * per_root), rate + Vec3(d, e, f) * (s.gyro_noise * per_root)
    )


def _white(seed: Scalar, stream: int, tick: Scalar, count: int) -> list[Scalar]:
    """White noise of unit variance; every user of it filters it."""
    return [noise.nearly_normal(seed, stream + _DRAW * k, tick) for k in range(count)]


def measure(world: World, aircraft: Aircraft, seed: Scalar, tick: Scalar) -> Measurement:
    """All other sensors at a mission tick.

    Args:
        world: the truth.
        aircraft: its sensors.
        seed: of this flight.
        tick: mission tick since the epoch; GNSS is fresh at each tenth.
    """
    s, w, e = aircraft.sensors, world, world.errors
    R_nb, R_en = attitude(world), world.anchor.R_ne.T
    g0, g1, g2 = _white(seed, noise.GNSS + _DRAW * 2, tick, 3)
    p0, p1, p2, p3 = _white(seed, noise.AIR_DATA, tick, 4)
    m0, m1, m2 = _white(seed, noise.MAGNETOMETER, tick, 3)
    velocity_noise_n = Vec3(g0, g1, VERTICAL_FACTOR * g2) * s.gnss_velocity
    static = probes.static_line(
        w.loads.pressure, w.ice.ports.static_pressure, w.ice_effects.static_blockage
    )
    impact = _pitot(world, static) + e.impact_pressure + NOISE_PART * s.impact_pressure * p1
    detected, rate = icing.detection(w.ice)
    deaf = w.failed.ice_detector > 0.5
    weight = w.held.inertia.mass * earth.GRAVITY
    return Measurement(
        r_be_e=w.truth.r_be_e + R_en @ e.gnss_n,
        v_be_e=w.truth.v_be_e + R_en @ velocity_noise_n,
        gnss_fresh=to_int((tick % MISSION_PER_FRESH == 0) & (w.failed.gnss < 0.5)),
        static_pressure=static + e.static_pressure + NOISE_PART * s.static_pressure * p0,
        impact_pressure=impact,
        temperature=_temperature(world, impact) + e.temperature + NOISE_PART * TEMPERATURE_BIAS * p2,
        field_b=R_nb.T @ w.held.field_n + e.magnetometer_b + Vec3(m0, m1, m2) * (NOISE_PART * s.magnetometer),
        height_radar=_radar(world, R_nb, aircraft, p3),
        weight_on_wheels=to_int(w.loads.main_load > WEIGHT_ON_WHEELS * weight),
        wheel_speed=w.loads.wheel_speed,
        fuel=w.fuel * (1.0 + e.fuel),
        fuel_flow=w.motor.fuel_flow * (1.0 + e.fuel_flow),
        shaft_power=w.motor.power,
        engine_running=w.motor.running,
        ice_detected=jnp.where(deaf, 0, detected),
        ice_rate=jnp.where(deaf, 0.0, rate),
        fuel_temperature=w.heat.fuel,
        bay_temperature=w.heat.bay,
        engine_temperature=w.heat.engine,
        oil_temperature=w.heat.oil,
        battery_temperature=w.heat.battery,
        box_temperature=w.heat.boxes,
        turret_temperature=w.heat.turret,
        generator_load=w.power.generator_load,
        battery_drain=w.power.drain,
        wing_powered=to_int((aircraft.ice.wing_power > 0.0) & (w.power.wing_on != 0) & _heaters_draw(w)),
    )


def _heaters_draw(world: World) -> Scalar:
    """Truth value: both halves of the wing draw the current that they should."""
    return (world.failed.wing_left < 0.5) & (world.failed.wing_right < 0.5)


def _pitot(world: World, static: Scalar) -> Scalar:
    """Impact pressure, Pa: the pitot line's over the static line's; a clean tube is calibrated, drain open."""
    l = world.loads
    mach2 = l.airspeed_true * l.airspeed_true / (earth.GAMMA * earth.GAS_CONSTANT * l.temperature)
    full = 0.5 * l.rho * l.airspeed_true * l.airspeed_true * (1.0 + mach2 * (0.25 + mach2 * 0.025))
    facing = jnp.clip(ALIGNMENT * jnp.cos(l.alpha) * jnp.cos(l.beta), 0.0, 1.0)
    effects = world.ice_effects
    line = probes.pitot_line(
        full * facing * facing * (1.0 + probes.DRAIN), world.ice.ports.total_pressure - l.pressure,
        effects.pitot_blockage, effects.drain_blockage,
    )  # fmt: skip
    return line + (l.pressure - static)


def _temperature(world: World, impact: Scalar) -> Scalar:
    """Outside temperature, K, corrected by the speed that the pitot tube gives: a blocked tube makes it too warm."""
    l = world.loads
    believed = 2.0 * jnp.maximum(impact, 0.0) / l.rho
    return l.temperature + RECOVERY * (l.airspeed_true * l.airspeed_true - believed) * (0.5 / SPECIFIC_HEAT)


def _radar(world: World, R_nb: Rotation, aircraft: Aircraft, chance: Scalar) -> Scalar:
    """Height by the radar altimeter, m: of the unloaded main wheels above the surface, so it is 0 at touch-down."""
    main = R_nb.zx * aircraft.gear.main_x + R_nb.zz * aircraft.gear.height
    height = jnp.maximum(world.loads.height_agl - main, 0.0)
    return jnp.clip(height + (aircraft.sensors.height_radar + RADAR_SCALE * height) * chance, 0.0, RADAR_RANGE)

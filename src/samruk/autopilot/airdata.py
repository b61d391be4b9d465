"""Airspeed, its monitor, and wind.

The pitot tube is believed while two witnesses agree with it that cannot share its fault: speed over the ground less the
estimated wind (fast faults), and the speed at which the handbook's wing carries the measured load at the inertial angle
of attack (slow faults, which the wind estimate follows). When they do not, airspeed is speed over the ground less a
wind that the lift witness corrects, and the pitot is watched until it agrees again.

References: Watchkeeper WK042 service inquiry (2019) for the failure; Lie and Gebre-Egziabher, Synthetic air data
system, Journal of Aircraft 50 (2013), for the lift witness.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from samruk import earth
from samruk.autopilot import performance
from samruk.autopilot.handbook import Handbook
from samruk.frames import Rotation, Vec3, dot
from samruk.lazy import jnp
from samruk.messages import Measurement
from samruk.tables import to_float, to_int
from samruk.words import wide

Scalar = Any

SMOOTHING = 1.5
"""s, airspeed: gusts faster than this are left to the accelerometers."""
WIND_TIME = 25.0
"""s, wind; longer than the gusts that matter, shorter than a turn of a circle (about 200 s)."""
WIND_TIME_SYNTHETIC = 60.0
"""s, wind while the lift witness alone corrects it."""
WITNESS_TIME = 45.0
"""s, mean of the lift witness: several lengths of a gust."""
SURPRISE_TIME = 2.0
"""s, mean of airspeed less speed through the estimated wind."""
DEPARTED_TIME, DEPARTED_SHARE = 4.0, 0.5
"""s, short mean of the lift witness's word, and the part of its usual limit at which it seconds a pitot that reads low:
the tailwind of a microburst grows by 10 m/s in as many seconds, and then the lift still agrees with the pitot."""
HIGH_SHARE = 3.0
"""Surprise over its usual limit from which a pitot that reads high is doubted at once: a headwind that grows looks the
same, tubes that ice or water close read low, and what reads high for long the lift witness finds."""
SURPRISE_LIMIT = 5.0
"""m/s, sustained, in calm air; two standard deviations of the gusts of the last minutes are added."""
WIND_SLEW = 3.0
"""m/s: a larger departure of the wind seen from the wind estimated counts as this: a failing pitot is no storm."""
CALIBRATION_TIME, CALIBRATION_SPAN = 300.0, 0.08
"""s, mean of the witness's error, and the most of it that is corrected while the witness stands for the pitot."""
GUST_TIME = 90.0
"""s, mean of the squares of gusts."""
RATIO_LIMIT = 0.10
"""Part of airspeed: errors of mass (3 %), lift curve (6 % of lift slope, 3 % of speed) and vertical air add to this."""
STALL_ANGLE, STALL_OVER = 0.14, 0.05
"""rad by which the inertial angle of attack is beyond that of the lift carried, to begin and to end a stall: the wing
stands steeply in the stream and does not lift. 8 degrees are a downdraught of 6 m/s at 42 m/s, all the time."""
STALL_SURE = 1.5
"""s of it that make a stall."""
FLOWN_OUT = 1.2
"""Airspeed over that at which a stall was recognised, at which it is flown out: a wing that stalls at V flies at
1.2 V. A downdraught looks like a stall for as long as it lasts, and a dive that follows it ends in overspeed."""
TOO_FAST = 1.6
"""Airspeed over the clean wing's stall speed at one g beyond which nothing is taken for a stall: ice would have to take
three fifths of the greatest lift."""
SHEAR_TIME, SHEAR_CLIP = 8.0, 0.3
"""s, mean of the hazard of changing wind, and the most of it that one tick counts: gusts are shorter."""
CONVINCED = 3.0
"""s of disagreement until the pitot is rejected."""
REASSURED = 30.0
"""s of agreement until it is believed again."""


@dataclass(frozen=True)
class AirData:
    """What is known of the air around."""

    cas: Scalar = 0.0
    """m/s, calibrated airspeed in use."""
    tas: Scalar = 0.0
    """m/s, true airspeed in use."""
    wind_n: Vec3 = field(default_factory=Vec3)
    """m/s, NED, velocity of the air."""
    rho: Scalar = 1.225
    """kg/m^3."""
    temperature: Scalar = wide(288.15)
    """K, smoothed."""
    alpha: Scalar = 0.0
    """rad, angle of attack by the lift carried, smoothed over half a second."""
    energy_rate: Scalar = 0.0
    """Specific force along the path over g: (thrust - drag) / weight, smoothed over 1 s."""
    total_rate: Scalar = 0.0
    """Climb angle over the ground plus acceleration through the air over g, smoothed over 1 s: what the energy law
    shares out. In air that rises or sinks it differs from `energy_rate` by the angle of the air."""
    load_factor: Scalar = 1.0
    """Lift over weight, smoothed over 1 s."""
    ratio: Scalar = 0.0
    """Pitot airspeed over lift witness, less 1, mean."""
    calibration: Scalar = 0.0
    """The same over five minutes while the pitot is believed: what is wrong with the witness (mass, lift curve)."""
    spread: Scalar = 0.01
    """Mean square of the departure of that ratio from its mean: turbulence."""
    gusts: Scalar = 1.0
    """m^2/s^2, mean square of pitot airspeed less speed through the estimated wind."""
    departed: Scalar = 0.0
    """The same ratio, short mean."""
    surprise: Scalar = 0.0
    """m/s, pitot airspeed less speed through the estimated wind, mean."""
    doubt: Scalar = 0.0
    """s for which the witnesses have contradicted the pitot."""
    trust: Scalar = 0.0
    """s for which they have agreed with it again."""
    valid: Scalar = 1
    """1 while the pitot is believed."""
    alpha_inertial: Scalar = 0.0
    """rad, angle of attack if the air neither rose nor sank, smoothed over 1 s."""
    stall: Scalar = 0.0
    """s of a suspected stall; flown out from `STALL_SURE` on."""
    stalls: Scalar = 0
    """Stalls recognised so far."""
    stall_airspeed: Scalar = 0.0
    """m/s calibrated, when the last one was recognised."""
    shear: Scalar = 0.0
    """F-factor, what the changing wind takes as a climb gradient: growth of tailwind over g and downdraught over
    airspeed, mean; 0 while the pitot is not believed."""
    airborne: Scalar = wide(0.0)
    """s since the wheels left the ground."""


@dataclass(frozen=True)
class Motion:
    """What the air data need of the estimate."""

    v_n: Vec3
    """m/s, NED."""
    R_nb: Rotation
    f_b: Vec3
    """m/s^2, mean over the mission tick."""
    mass: Scalar
    """kg."""
    flap: Scalar
    """0..1."""
    flying: Scalar
    """Truth value: off the wheels."""


def pitot(impact_pressure: Scalar, static_pressure: Scalar, temperature: Scalar) -> tuple[Scalar, Scalar]:
    """Calibrated and true airspeed, m/s, of impact and static pressure, Pa, and temperature, K (isentropic flow)."""
    impact = jnp.maximum(impact_pressure, 0.0)
    mach2 = 5.0 * (jnp.power(1.0 + impact / static_pressure, 2.0 / 7.0) - 1.0)
    sea2 = 5.0 * (jnp.power(1.0 + impact * (1.0 / earth.P0), 2.0 / 7.0) - 1.0)
    a0 = (earth.GAMMA * earth.GAS_CONSTANT * earth.T0) ** 0.5
    return a0 * jnp.sqrt(sea2), earth.speed_of_sound(temperature) * jnp.sqrt(mach2)


def step(
    air: AirData, measurement: Measurement, motion: Motion, book: Handbook, dt: float, arbitrates: Scalar = 1
) -> AirData:
    """Air data after one mission tick of dt seconds; `arbitrates` 0 believes the pitot whatever it says."""
    temperature = air.temperature + (dt / 5.0) * (measurement.temperature - air.temperature)
    rho = earth.density(measurement.static_pressure, temperature)
    root_sigma = jnp.sqrt(rho * (1.0 / earth.RHO0))
    cas, tas = pitot(measurement.impact_pressure, measurement.static_pressure, temperature)
    witness_cas, lift, steep = _witness(air, motion, book)
    air = _monitored(air, motion, cas, tas, witness_cas, book, dt)
    air = replace(air, valid=jnp.where(arbitrates == 1, air.valid, 1), doubt=jnp.where(arbitrates == 1, air.doubt, 0.0))
    believed = air.valid == 1
    corrected = witness_cas * (1.0 + jnp.clip(air.calibration, -CALIBRATION_SPAN, CALIBRATION_SPAN))
    tas_in = jnp.where(believed, tas, corrected / root_sigma)
    direction_n, along, alpha = _path(motion, jnp.where(motion.flying, air.tas, tas), rho, lift, book)
    wind = _wind(air, motion, tas_in, direction_n, dt)
    through = motion.v_n - wind
    kinematic = jnp.sqrt(dot(through, through))
    acceleration = along + earth.GRAVITY * direction_n.z
    predicted = air.tas + dt * acceleration
    total = acceleration * (1.0 / earth.GRAVITY) - motion.v_n.z / jnp.maximum(air.tas, 15.0)
    steep = air.alpha_inertial + dt * (steep - air.alpha_inertial)
    stall, stalls, stall_airspeed = _stall(air, steep - air.alpha, motion, book, dt)
    smooth = predicted + (dt / SMOOTHING) * (tas - predicted)
    sure = believed & (air.doubt == 0.0)
    tas_out = jnp.where(motion.flying & ~sure, kinematic, jnp.maximum(smooth, 0.0))
    slow = dt / 1.0  # smoothing over 1 s
    hazard = _hazard(motion, predicted - tas, direction_n, air.tas)
    load = lift * (1.0 / earth.GRAVITY)
    return AirData(
        cas=tas_out * root_sigma,
        tas=tas_out,
        wind_n=wind,
        rho=rho,
        temperature=temperature,
        alpha=air.alpha + 2.0 * slow * (alpha - air.alpha),
        energy_rate=air.energy_rate + slow * (along * (1.0 / earth.GRAVITY) - air.energy_rate),
        total_rate=air.total_rate + slow * (total - air.total_rate),
        load_factor=air.load_factor + slow * (load - air.load_factor),
        ratio=air.ratio,
        calibration=air.calibration,
        spread=air.spread,
        gusts=air.gusts,
        departed=air.departed,
        surprise=air.surprise,
        doubt=air.doubt,
        trust=air.trust,
        valid=air.valid,
        alpha_inertial=steep,
        stall=stall,
        stalls=stalls,
        stall_airspeed=stall_airspeed,
        airborne=jnp.where(motion.flying, air.airborne + dt, 0.0),
        shear=jnp.where(believed, air.shear + (dt / SHEAR_TIME) * (hazard - air.shear), 0.0),
    )


def _hazard(motion: Motion, behind: Scalar, direction_n: Vec3, tas: Scalar) -> Scalar:
    """F-factor now: the airspeed's smoothing lags `behind` (m/s) by as much as the wind changes in its time; air that
    sinks makes the path over the ground steeper than that through the air. On the wheels only the first counts."""
    sinking = motion.v_n.z / jnp.maximum(tas, 15.0) - direction_n.z
    hazard = behind * (1.0 / (SMOOTHING * earth.GRAVITY)) + jnp.where(motion.flying, sinking, 0.0)
    return jnp.clip(hazard, -SHEAR_CLIP, SHEAR_CLIP)


def _stall(
    air: AirData, apart: Scalar, motion: Motion, book: Handbook, dt: float
) -> tuple[Scalar, Scalar, Scalar]:
    """Time of a stall, s, how many were recognised, and the airspeed of the last one, m/s calibrated.

    `apart` is inertial less lift angle of attack, rad.
    """
    sure = air.stall >= STALL_SURE
    slow = air.cas < TOO_FAST * performance.stall_speed(book, motion.mass, motion.flap)
    lasting = sure & (apart > STALL_OVER) & (air.cas < FLOWN_OUT * air.stall_airspeed)
    grows = motion.flying & (air.airborne > 10.0) & ((~sure & slow & (apart > STALL_ANGLE)) | lasting)
    fading = jnp.where(sure, 0.0, jnp.maximum(air.stall - dt, 0.0))
    time = jnp.where(grows, air.stall + dt, fading)
    new = (time >= STALL_SURE) & ~sure
    return time, air.stalls + to_int(new), jnp.where(new, air.cas, air.stall_airspeed)


def _witness(air: AirData, motion: Motion, book: Handbook) -> tuple[Scalar, Scalar, Scalar]:
    """Airspeed at which the wing carries the load, m/s calibrated; lift over mass, m/s^2; inertial alpha, rad.

    Alpha is the direction of the speed through the estimated level wind in body axes: no part of it comes from a
    vertical wind estimate, which would absorb the very error that is looked for.
    """
    v = motion.v_n
    level = Vec3(v.x - air.wind_n.x, v.y - air.wind_n.y, v.z)
    v_b = motion.R_nb.T @ level
    speed = jnp.maximum(jnp.sqrt(v_b.x * v_b.x + v_b.z * v_b.z), 10.0)
    s, c = v_b.z / speed, jnp.maximum(v_b.x, 1.0) / speed
    alpha = s * (1.0 + s * s * (1.0 / 6.0))
    lift = -motion.f_b.z * c + motion.f_b.x * s
    C_L = jnp.clip(performance.lift_coefficient(book, alpha, motion.flap), 0.15, book.lift.C_L_max_flap)
    carried = jnp.clip(lift * (1.0 / earth.GRAVITY), 0.2, 5.0)
    return performance.speed_for(book, motion.mass, C_L, carried), lift, alpha


def _path(motion: Motion, tas: Scalar, rho: Scalar, lift: Scalar, book: Handbook) -> tuple[Vec3, Scalar, Scalar]:
    """Direction of the aircraft through the air in NED, specific force along it (m/s^2), angle of attack (rad).

    Alpha is that of the lift actually carried, sideslip that of the side force.
    """
    q = 0.5 * rho * jnp.maximum(tas, 15.0) ** 2
    alpha = performance.alpha_for(book, motion.mass * lift / (q * book.lift.area), motion.flap)
    alpha = jnp.clip(alpha, -0.2, 0.25)
    side = book.derivatives.Y_beta * book.derivatives.mass / motion.mass
    beta = jnp.clip(motion.f_b.y / (q * side), -0.3, 0.3)
    norm = 1.0 / jnp.sqrt(1.0 + alpha * alpha + beta * beta)
    direction_b = Vec3(norm, beta * norm, alpha * norm)
    return motion.R_nb @ direction_b, dot(direction_b, motion.f_b), alpha


def _wind(air: AirData, motion: Motion, tas: Scalar, direction_n: Vec3, dt: float) -> Vec3:
    """Wind, NED: low-passed, quicker just after lift-off, held on the ground."""
    seen = motion.v_n - direction_n * tas
    settled = jnp.where(air.valid == 1, WIND_TIME, WIND_TIME_SYNTHETIC)
    gain = jnp.where(motion.flying, dt / jnp.clip(air.airborne, 4.0, settled), 0.0)
    apart = seen - air.wind_n
    size = jnp.sqrt(dot(apart, apart) + 1e-6)
    moved: Vec3 = air.wind_n + apart * (gain * jnp.minimum(1.0, WIND_SLEW / size))
    return moved


def _monitored(
    air: AirData, motion: Motion, cas: Scalar, tas: Scalar, witness: Scalar, book: Handbook, dt: float
) -> AirData:
    """The monitor's part of the state after one tick."""
    through = motion.v_n - air.wind_n
    surprise = tas - jnp.sqrt(dot(through, through))
    flying = motion.flying & (air.airborne > 15.0)
    now = to_float(flying)
    departure = jnp.clip(cas / witness - 1.0, -1.0, 1.0)
    ratio = now * (air.ratio + (dt / WITNESS_TIME) * (departure - air.ratio))
    departed = now * (air.departed + (dt / DEPARTED_TIME) * (departure - air.departed))
    mean_surprise = now * (air.surprise + (dt / SURPRISE_TIME) * (surprise - air.surprise))
    limit = RATIO_LIMIT + jnp.sqrt(air.spread)
    gust_limit = SURPRISE_LIMIT + 2.0 * jnp.sqrt(air.gusts)
    stall = performance.stall_speed(book, motion.mass, 1.0)
    absurd = (cas < 0.5 * stall) | (cas > 1.5 * book.limits.airspeed)
    low = (mean_surprise < -gust_limit) & (departed < -DEPARTED_SHARE * limit)
    surprised = low | (mean_surprise > HIGH_SHARE * gust_limit)
    against = flying & ((jnp.abs(ratio) > limit) | surprised | absurd)
    agrees = (jnp.abs(departure) < 1.5 * limit) & (jnp.abs(mean_surprise) < 0.7 * gust_limit) & ~absurd
    doubt = jnp.where(against, air.doubt + dt, jnp.maximum(air.doubt - dt, 0.0))
    trust = jnp.where(air.valid == 0, jnp.where(agrees, air.trust + dt, jnp.maximum(air.trust - 2.0 * dt, 0.0)), 0.0)
    rejected, restored = doubt >= CONVINCED, trust >= REASSURED
    valid = to_int(jnp.where(air.valid == 1, ~rejected, restored | ~motion.flying))
    fresh = (air.valid == 0) & (valid == 1)
    sound = now * to_float((air.valid == 1) & (doubt == 0.0))
    spread = jnp.minimum((departure - ratio) ** 2, 0.09)
    gusts = jnp.minimum(surprise * surprise, 25.0)
    return replace(
        air,
        ratio=jnp.where(fresh, departure, ratio),
        calibration=air.calibration + sound * (dt / CALIBRATION_TIME) * (departure - air.calibration),
        spread=air.spread + sound * (dt / GUST_TIME) * (spread - air.spread),
        gusts=air.gusts + sound * (dt / GUST_TIME) * (gusts - air.gusts),
        departed=departed,
        surprise=jnp.where(fresh, 0.0, mean_surprise),
        doubt=jnp.where(fresh, 0.0, doubt),
        trust=trust,
        valid=valid,
    )


def stalled(air: AirData) -> Scalar:
    """Truth value: the wing has stalled, as far as can be known from inside."""
    return air.stall >= STALL_SURE


def stall_margin(air: AirData, book: Handbook, mass: Scalar, flap: Scalar) -> Scalar:
    """Airspeed over the stall speed of the clean wing at the load carried, less 1."""
    load = jnp.maximum(air.load_factor, 0.25)
    return air.cas / performance.stall_speed(book, mass, flap, load) - 1.0

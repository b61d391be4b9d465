"""The handbook: what the maker of an aircraft hands to its autopilot, computed once from the definition.

Nothing here is tuned to a flight. Speeds follow from the polar and the stall, planning figures from the engine's lines,
and the control laws get the derivatives from which they place their poles at each dynamic pressure and mass.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk.aircraft import Aircraft
from samruk.earth import GRAVITY, RHO0, T0

Scalar = Any

LOITER_MARGIN = 1.25
"""Loiter airspeed over stall speed, least: 12 % are left in a 30 degree bank."""
CLIMB_MARGIN = 1.30
APPROACH_MARGIN = 1.30
"""CS-23.73: reference landing speed at least 1.3 stall speeds in landing configuration."""
TAKE_OFF_FLAP = 0.4
"""Part of full flap."""
PLANNING_DENSITY_RATIO = 0.6
"""Density ratio (about 5 km) at which economic speeds are found."""


@dataclass(frozen=True)
class Lift:
    """The lift curve and the stall."""

    area: Scalar
    """m^2, reference area S."""
    C_L_0: Scalar
    """At alpha 0, flaps up."""
    C_L_alpha: Scalar
    """1/rad."""
    C_L_delta_f: Scalar
    """Full flap."""
    C_L_max: Scalar
    """Flaps up."""
    C_L_max_flap: Scalar
    """Full flap."""
    alpha_limit: Scalar
    """rad, angle of attack that the autopilot will not pass, flaps up: 2 degrees under the linear stall."""


@dataclass(frozen=True)
class Drag:
    """C_D = a + b C_L + c C_L^2, clean; a holds at sea level and loiter speed."""

    a: Scalar
    b: Scalar
    c: Scalar
    gear: Scalar
    """Landing gear down."""
    flap: Scalar
    """Full flap."""
    thin_air: Scalar
    """Relative rise of `a` per unit of (1 - density ratio): falling Reynolds number."""


@dataclass(frozen=True)
class Drive:
    """Engine and propeller for planning."""

    rated_power: Scalar
    """W, shaft."""
    critical_density_ratio: Scalar
    altitude_exponent: Scalar
    idle_power: Scalar
    """W."""
    blowout_load: Scalar
    """Least part of available power above `blowout_density_ratio` in height."""
    blowout_density_ratio: Scalar
    friction_power: Scalar
    """W, Willans line, rated speed."""
    fuel_per_joule: Scalar
    """kg/J of shaft and friction work."""
    pumping: Scalar
    """Relative rise of fuel flow per unit of (1 - density ratio)."""
    disc_area: Scalar
    """m^2."""
    diameter: Scalar
    """m."""
    blade_efficiency: Scalar
    """Part of shaft power left after blade drag and swirl at the best advance ratio."""
    swirl_loss: Scalar
    """Per unit of power coefficient."""
    tip_loss: Scalar
    """Per unit of squared departure of the advance ratio."""
    best_advance_ratio: Scalar
    installation: Scalar
    """Part of thrust left."""
    rated_speed: Scalar
    """rad/s, propeller."""
    cruise_speed: Scalar
    """rad/s, propeller, economy setting."""
    alternator_power: Scalar
    """W taken from the shaft by the usual electric load."""
    alternator_most: Scalar
    """W taken from the shaft by the alternator at its full power."""


@dataclass(frozen=True)
class Speeds:
    """Lift coefficients at which the aircraft is flown: V = sqrt(2 m g / (rho0 S C_L)), calibrated."""

    loiter: Scalar
    """Least power, not slower than 1.25 stall speeds."""
    climb: Scalar
    cruise: Scalar
    """Least fuel for the way in still air."""
    glide: Scalar
    """Flattest glide, not slower than 1.25 stall speeds."""
    approach: Scalar
    """Full flap."""
    rotate: Scalar
    """Take-off flap, 1.1 stall speeds."""


@dataclass(frozen=True)
class Limits:
    """What may not be passed."""

    airspeed: Scalar
    """m/s calibrated, never exceed."""
    load_factor: Scalar
    crosswind: Scalar
    """m/s."""
    mass: Scalar
    """kg, take-off."""
    operating_low: Scalar
    """K, outside air."""
    operating_high: Scalar
    """K, outside air."""
    fuel_freezing: Scalar
    """K."""
    coolant: Scalar
    """K."""
    coolant_minimum: Scalar
    """K, for full power."""
    oil: Scalar
    """K."""
    oil_minimum: Scalar
    """K, for full power."""
    start_coldest: Scalar
    """K, engine that starts."""
    bay_low: Scalar
    """K."""
    bay_high: Scalar
    """K."""
    sink: Scalar
    """m/s at touch-down."""
    delta_e: Scalar
    """rad."""
    delta_a: Scalar
    """rad."""
    delta_r: Scalar
    """rad."""
    steer: Scalar
    """rad."""


@dataclass(frozen=True)
class Derivatives:
    """Dimensional derivatives per unit of dynamic pressure at `mass`: L_p = `L_p` q / V, L_delta_a = `L_delta_a` q,
    and so on; they fall with the mass as the inertia rises."""

    mass: Scalar
    """kg, at which they hold."""
    L_p: Scalar
    """Roll damping, negative; times q/V gives 1/s."""
    L_r: Scalar
    """Roll by yaw rate; times q/V gives 1/s."""
    L_delta_a: Scalar
    """1/s^2 per Pa and rad."""
    L_beta: Scalar
    """Dihedral effect, 1/s^2 per Pa and rad, negative."""
    L_delta_r: Scalar
    """1/s^2 per Pa and rad."""
    M_alpha: Scalar
    """1/s^2 per Pa and rad, negative."""
    M_q: Scalar
    """Pitch damping with downwash lag, negative; times q/V gives 1/s."""
    M_delta_e: Scalar
    """1/s^2 per Pa and rad, negative."""
    N_beta: Scalar
    """1/s^2 per Pa and rad."""
    N_r: Scalar
    """Times q/V gives 1/s, negative."""
    N_p: Scalar
    """Yaw by roll rate; times q/V gives 1/s."""
    N_delta_r: Scalar
    """1/s^2 per Pa and rad."""
    Y_beta: Scalar
    """Side force, m/s^2 per Pa and rad, negative."""
    aileron_to_rudder: Scalar
    """Rudder that cancels the yaw of the aileron."""
    trim_0: Scalar
    """rad, elevator in balance at alpha 0."""
    trim_alpha: Scalar
    """Elevator in balance per alpha."""
    trim_flap: Scalar
    """rad, elevator in balance for full flap."""
    gear_moment: Scalar
    """1/s^2, pitching acceleration of the whole weight on the main wheels, nose down."""
    bandwidth: Scalar
    """rad/s, fastest attitude loop that the actuators bear."""


@dataclass(frozen=True)
class Field:
    """Figures for the ground."""

    wheelbase: Scalar
    """m."""
    main_x: Scalar
    """m from the centre of gravity to the main wheels, negative aft."""
    height: Scalar
    """m from the ground to the centre of gravity, at rest."""
    rolling_friction: Scalar
    braking_friction: Scalar
    take_off_run: Scalar
    """m, ground run at greatest mass, sea level, standard day, no wind."""
    spin_up: Scalar
    """s from idle to full power, for planning."""
    flap_rate: Scalar
    """1/s, part of full flap per second."""
    gear_rate: Scalar
    """1/s, part of the gear's travel per second."""
    per_half_span: Scalar
    """1/m, one over half the span."""


@dataclass(frozen=True)
class Errors:
    """One standard deviation of each sensor."""

    accelerometer_bias: Scalar
    """m/s^2."""
    accelerometer_noise: Scalar
    """m/s^2/sqrt(Hz)."""
    gyro_bias: Scalar
    """rad/s."""
    gyro_noise: Scalar
    """rad/s/sqrt(Hz)."""
    gnss_position: Scalar
    """m, horizontal."""
    gnss_velocity: Scalar
    """m/s."""
    gnss_correlation: Scalar
    """s."""
    static_pressure: Scalar
    """Pa."""
    impact_pressure: Scalar
    """Pa."""
    magnetometer: Scalar
    """Part of the field."""


@dataclass(frozen=True)
class Handbook:
    """All that the maker hands over."""

    empty_mass: Scalar
    """kg."""
    fuel_capacity: Scalar
    """kg."""
    lift: Lift
    drag: Drag
    drive: Drive
    speeds: Speeds
    limits: Limits
    derivatives: Derivatives
    field: Field
    errors: Errors


def handbook(aircraft: Aircraft) -> Handbook:
    """The handbook of an aircraft, Python floats throughout."""
    lift, drag, drive = _lift(aircraft), _drag(aircraft), _drive(aircraft)
    book = Handbook(
        empty_mass=aircraft.mass.empty + aircraft.stores.mass,
        fuel_capacity=aircraft.mass.fuel_capacity,
        lift=lift,
        drag=drag,
        drive=drive,
        speeds=_speeds(aircraft, lift, drag, drive),
        limits=_limits(aircraft),
        derivatives=_derivatives(aircraft),
        field=_field(aircraft, lift, drag, drive),
        errors=_errors(aircraft),
    )
    return book


def _lift(aircraft: Aircraft) -> Lift:
    """The lift curve."""
    a = aircraft.aero
    stall = (a.C_L_max - a.C_L_0) / a.C_L_alpha
    return Lift(
        aircraft.geometry.wing_area, a.C_L_0, a.C_L_alpha, a.C_L_delta_f, a.C_L_max, a.C_L_max_flap,
        stall - math.radians(2.0),
    )  # fmt: skip


def _drag(aircraft: Aircraft) -> Drag:
    """The polar as one parabola, with skin friction by the -0.15 law of Reynolds number at loiter speed."""
    a, g = aircraft.aero, aircraft.geometry
    induced = 1.0 / (math.pi * a.oswald * g.span**2 / g.wing_area)
    k, C_L_1 = a.C_D_k_profile, a.C_L_min_drag
    low, high = _friction(aircraft, 1.0), _friction(aircraft, 0.4)
    friction = a.C_D_0 * low + aircraft.stores.C_D + k * C_L_1**2
    return Drag(
        friction, -2.0 * k * C_L_1, k + induced, a.C_D_gear, a.C_D_delta_f,
        a.C_D_0 * (high - low) / 0.6 / friction,
    )  # fmt: skip


def _friction(aircraft: Aircraft, sigma: float) -> float:
    """Factor on C_D_0 at a density ratio of the standard day, loiter speed, nine tenths of greatest mass."""
    a, g = aircraft.aero, aircraft.geometry
    C_L = a.C_L_max / LOITER_MARGIN**2
    equivalent = math.sqrt(2.0 * GRAVITY * 0.9 * aircraft.mass.max_take_off / (RHO0 * g.wing_area * C_L))
    temperature = T0 * sigma**0.235  # the troposphere of the standard day: sigma = (T / T0)^4.256
    viscosity = 1.458e-6 * temperature**1.5 / (temperature + 110.4)
    reynolds = RHO0 * math.sqrt(sigma) * equivalent * g.chord / viscosity
    return float((reynolds / a.reynolds_reference) ** -0.15)


def _drive(aircraft: Aircraft) -> Drive:
    """Engine and propeller."""
    e, p, w = aircraft.engine, aircraft.propeller, aircraft.electric
    load = w.avionics_load + w.payload_load + w.satellite_load * aircraft.radio.satellite_fitted
    return Drive(
        e.rated_power, e.critical_density_ratio, e.altitude_exponent, e.idle_power, e.blowout_load,
        e.blowout_density_ratio, e.friction_power, 1.0 / (e.indicated_efficiency * e.heating_value), e.pumping,
        0.25 * math.pi * p.diameter**2, p.diameter, p.profile_efficiency, p.swirl_loss, p.tip_loss,
        p.best_advance_ratio, p.installation, p.rated_speed, p.cruise_speed, load / w.alternator_efficiency,
        w.alternator_power / w.alternator_efficiency,
    )  # fmt: skip


def _speeds(aircraft: Aircraft, lift: Lift, drag: Drag, drive: Drive) -> Speeds:
    """Lift coefficients for each purpose, by search over the polar at a planning height and mass."""
    C_L = np.linspace(0.2, lift.C_L_max / LOITER_MARGIN**2, 200)
    weight = GRAVITY * 0.9 * aircraft.mass.max_take_off
    rho = RHO0 * PLANNING_DENSITY_RATIO
    V = np.sqrt(2.0 * weight / (rho * lift.area * C_L))
    C_D = drag.a + drag.b * C_L + drag.c * C_L**2
    power = _shaft_power(drive, weight * C_D / C_L, V, rho) + drive.friction_power + drive.alternator_power
    flap_max = lift.C_L_max + TAKE_OFF_FLAP * (lift.C_L_max_flap - lift.C_L_max)
    return Speeds(
        loiter=float(C_L[np.argmin(power)]),
        climb=lift.C_L_max / CLIMB_MARGIN**2,
        cruise=float(C_L[np.argmin(power / V)]),
        glide=float(C_L[np.argmin(C_D / C_L)]),
        approach=lift.C_L_max_flap / APPROACH_MARGIN**2,
        rotate=flap_max / 1.1**2,
    )


def _shaft_power(drive: Drive, thrust: Any, V: Any, rho: float) -> Any:
    """Shaft power, W, for a thrust, N: actuator disc and blade efficiency (the losses of off-design left out)."""
    pushed = thrust / drive.installation
    induced = -0.5 * V + np.sqrt(0.25 * V**2 + pushed / (2.0 * rho * drive.disc_area))
    return pushed * (V + induced) / drive.blade_efficiency


def _limits(aircraft: Aircraft) -> Limits:
    """Limits as the definition states them."""
    s, t, c, e = aircraft.structure, aircraft.thermal, aircraft.actuators, aircraft.engine
    return Limits(
        s.airspeed_never_exceed, s.load_factor_max, s.max_crosswind, aircraft.mass.max_take_off, t.operating_low,
        t.operating_high, t.fuel_freezing, e.coolant_limit, e.coolant_minimum, e.oil_limit, e.oil_minimum,
        e.start_coldest, t.bay_limit_low, t.bay_limit_high,
        aircraft.gear.max_sink, c.delta_e_limit, c.delta_a_limit, c.delta_r_limit, aircraft.gear.steer_limit,
    )  # fmt: skip


def _derivatives(aircraft: Aircraft) -> Derivatives:
    """Dimensional derivatives per unit of dynamic pressure (Stevens & Lewis, section 2.6, without q and V)."""
    a, g, m = aircraft.aero, aircraft.geometry, aircraft.mass
    S, b, c = g.wing_area, g.span, g.chord
    J_xx, J_yy, J_zz = (getattr(m, name) + getattr(aircraft.stores, name) for name in ("J_xx", "J_yy", "J_zz"))
    return Derivatives(
        mass=m.inertia_mass,
        L_p=0.5 * S * b**2 * a.C_l_p / J_xx,
        L_r=0.5 * S * b**2 * a.C_l_r / J_xx,
        L_delta_a=S * b * a.C_l_delta_a / J_xx,
        L_beta=S * b * a.C_l_beta / J_xx,
        L_delta_r=S * b * a.C_l_delta_r / J_xx,
        M_alpha=S * c * a.C_m_alpha / J_yy,
        M_q=0.5 * S * c**2 * (a.C_m_q + a.C_m_alpha_dot) / J_yy,
        M_delta_e=S * c * a.C_m_delta_e / J_yy,
        N_beta=S * b * a.C_n_beta / J_zz,
        N_r=0.5 * S * b**2 * a.C_n_r / J_zz,
        N_p=0.5 * S * b**2 * a.C_n_p / J_zz,
        N_delta_r=S * b * a.C_n_delta_r / J_zz,
        Y_beta=S * a.C_Y_beta / m.inertia_mass,
        aileron_to_rudder=-a.C_n_delta_a / a.C_n_delta_r,
        trim_0=-a.C_m_0 / a.C_m_delta_e,
        trim_alpha=-a.C_m_alpha / a.C_m_delta_e,
        trim_flap=-a.C_m_delta_f / a.C_m_delta_e,
        gear_moment=-aircraft.gear.main_x * m.inertia_mass * GRAVITY / J_yy,
        bandwidth=aircraft.actuators.bandwidth / 8.0,
    )


def _field(aircraft: Aircraft, lift: Lift, drag: Drag, drive: Drive) -> Field:
    """Figures for the ground."""
    g = aircraft.gear
    return Field(
        g.nose_x - g.main_x, g.main_x, g.height, g.rolling_friction, g.braking_friction,
        _take_off_run(aircraft, lift, drag, drive), 3.0 * aircraft.engine.turbo_lag, aircraft.actuators.flap_rate,
        aircraft.actuators.gear_rate, 2.0 / aircraft.geometry.span,
    )  # fmt: skip


def _take_off_run(aircraft: Aircraft, lift: Lift, drag: Drag, drive: Drive) -> float:
    """Ground run, m, greatest mass, sea level: V dV / acceleration summed to the rotation speed and 2 s of rotation."""
    mass = aircraft.mass.max_take_off
    C_L_max = lift.C_L_max + TAKE_OFF_FLAP * (lift.C_L_max_flap - lift.C_L_max)
    rotate = 1.1 * math.sqrt(2.0 * mass * GRAVITY / (RHO0 * lift.area * C_L_max))
    V = np.linspace(0.5, rotate, 100)
    C_L = lift.C_L_0 + TAKE_OFF_FLAP * lift.C_L_delta_f
    C_D = drag.a + drag.b * C_L + drag.c * C_L**2 + drag.gear + TAKE_OFF_FLAP * drag.flap
    dynamic = 0.5 * RHO0 * V**2 * lift.area
    resistance = dynamic * C_D + aircraft.gear.rolling_friction * np.maximum(mass * GRAVITY - dynamic * C_L, 0.0)
    acceleration = (_full_thrust(drive, V) - resistance) / mass
    return float(np.sum(V[1:] / np.maximum(acceleration[1:], 0.05)) * (V[1] - V[0]) + 2.0 * rotate)


def _full_thrust(drive: Drive, V: Any) -> Any:
    """Thrust, N, at rated power at sea level: the actuator disc solved by bisection."""
    low, high = np.zeros_like(V), np.full_like(V, 4.0 * drive.rated_power / 10.0)
    for _ in range(40):
        middle = 0.5 * (low + high)
        enough = _shaft_power(drive, middle, V, RHO0) > drive.rated_power
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return low


def _errors(aircraft: Aircraft) -> Errors:
    """Sensor errors as the definition states them."""
    s = aircraft.sensors
    return Errors(
        s.accelerometer_bias, s.accelerometer_noise, s.gyro_bias, s.gyro_noise, s.gnss_position, s.gnss_velocity,
        s.gnss_correlation, s.static_pressure, s.impact_pressure, s.magnetometer,
    )  # fmt: skip

"""An aircraft as data.

Each leaf is one number in SI units and radians; where it comes from, how good it is and how far it may be off stand
beside it in the definition file (`data/aircraft/*.toml`), which `samruk.load` reads into `AircraftDefinition`.
Performance is nowhere an input: endurance, ceiling and take-off run come out of the physics.

Reference point and axes: body axes forward-right-down with the origin at the reference centre of gravity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Scalar = Any


@dataclass(frozen=True)
class Geometry:
    """Dimensions that drive the aerodynamics."""

    span: Scalar
    """m, wing span b."""
    wing_area: Scalar
    """m^2, reference area S."""
    chord: Scalar
    """m, mean aerodynamic chord c."""
    length: Scalar
    """m, overall."""
    wing_thickness: Scalar
    """Wing thickness over chord."""
    nose_radius: Scalar
    """Leading-edge radius of the wing over chord."""
    tail_area: Scalar
    """m^2, both panels of the tail, true area."""
    tail_chord: Scalar
    """m, mean chord of the tail."""
    tail_span: Scalar
    """m, of both panels together, along the panels."""
    tail_arm: Scalar
    """m, from the centre of gravity aft to the tail's quarter chord."""
    wing_incidence: Scalar
    """rad, of the zero-lift line's reference chord to the body x axis."""
    frontal_area: Scalar
    """m^2, fuselage, for rain and cooling."""


@dataclass(frozen=True)
class MassProperties:
    """Masses and inertia."""

    empty: Scalar
    """kg, with systems, without payload and fuel."""
    fuel_capacity: Scalar
    """kg, usable."""
    payload_capacity: Scalar
    """kg."""
    max_take_off: Scalar
    """kg."""
    J_xx: Scalar
    """kg m^2, at `inertia_mass`, about the centre of gravity."""
    J_yy: Scalar
    """kg m^2."""
    J_zz: Scalar
    """kg m^2."""
    J_xz: Scalar
    """kg m^2, product of inertia, positive by the book (J_xz = integral of x z dm)."""
    inertia_mass: Scalar
    """kg, mass at which the inertia was estimated; it scales with mass / inertia_mass."""


@dataclass(frozen=True)
class Aerodynamics:
    """Coefficients about the reference centre of gravity, radians, alpha of the body x axis, rates made
    dimensionless as p b/(2V), q c/(2V), r b/(2V)."""

    C_L_0: Scalar
    """Lift at alpha 0."""
    C_L_alpha: Scalar
    """Lift slope, 1/rad."""
    C_L_q: Scalar
    """Lift by pitch rate."""
    C_L_delta_e: Scalar
    """Lift by elevator, 1/rad."""
    C_L_delta_f: Scalar
    """Lift by full flap."""
    C_L_max: Scalar
    """Largest lift, clean wing, flaps up."""
    C_L_max_flap: Scalar
    """Largest lift, clean wing, full flap."""
    C_L_min: Scalar
    """Most negative lift."""
    stall_sharpness: Scalar
    """1/rad, blending rate M of the stall (Beard & McLain, eq. 4.10)."""
    C_D_0: Scalar
    """Drag at `C_L_min_drag`, gear up, clean: whole aircraft with turret, antennas and cooling."""
    C_D_profile_wing: Scalar
    """Part of C_D_0 that belongs to the wing's section."""
    C_D_k_profile: Scalar
    """Rise of profile drag with (C_L - C_L_min_drag)^2, without the induced part."""
    C_L_min_drag: Scalar
    """Lift at least drag."""
    oswald: Scalar
    """Inviscid span efficiency: induced drag is C_L^2/(pi e A)."""
    C_D_gear: Scalar
    """Landing gear down."""
    C_D_delta_f: Scalar
    """Full flap."""
    C_D_delta_e: Scalar
    """Elevator, per rad^2."""
    C_D_beta: Scalar
    """Sideslip, per rad^2."""
    C_m_0: Scalar
    """Pitch at alpha 0."""
    C_m_alpha: Scalar
    """1/rad."""
    C_m_alpha_dot: Scalar
    """By alpha_dot c/(2V)."""
    C_m_q: Scalar
    """By q c/(2V)."""
    C_m_delta_e: Scalar
    """1/rad, negative."""
    C_m_delta_f: Scalar
    """Full flap."""
    C_m_stall: Scalar
    """Nose-down break beyond the stall, per unit of sin(alpha - alpha_stall)."""
    C_Y_beta: Scalar
    """1/rad."""
    C_Y_p: Scalar
    """By p b/(2V)."""
    C_Y_r: Scalar
    """By r b/(2V)."""
    C_Y_delta_r: Scalar
    """1/rad."""
    C_l_beta: Scalar
    """1/rad, negative: dihedral effect."""
    C_l_p: Scalar
    """Roll damping, negative; turns positive beyond the stall."""
    C_l_r: Scalar
    """By r b/(2V)."""
    C_l_delta_a: Scalar
    """1/rad, positive."""
    C_l_delta_r: Scalar
    """1/rad."""
    C_n_beta: Scalar
    """1/rad, positive: weathercock."""
    C_n_p: Scalar
    """By p b/(2V)."""
    C_n_r: Scalar
    """Yaw damping, negative."""
    C_n_delta_a: Scalar
    """1/rad, adverse yaw negative."""
    C_n_delta_r: Scalar
    """1/rad, positive."""
    reynolds_reference: Scalar
    """Chord Reynolds number at which C_D_0 holds; it scales with (Re/Re_ref)^-0.15 (turbulent skin friction)."""
    C_L_max_reynolds: Scalar
    """Change of C_L_max per factor e in Reynolds number."""


@dataclass(frozen=True)
class Engine:
    """Turbo-diesel with reduction gear."""

    rated_power: Scalar
    """W at the shaft, at the propeller's rated speed."""
    critical_density_ratio: Scalar
    """Density ratio sigma down to which the turbocharger holds rated power."""
    altitude_exponent: Scalar
    """Power falls as (sigma/sigma_c)^exponent above the critical altitude."""
    charge_temperature: Scalar
    """K, intake temperature after the intercooler at rated conditions."""
    friction_power: Scalar
    """W lost to friction at rated speed (Willans line)."""
    indicated_efficiency: Scalar
    """Of the fuel's heat, before friction."""
    pumping: Scalar
    """Extra fuel per unit of (1 - sigma), from pumping at height."""
    heating_value: Scalar
    """J/kg, lower heating value of the fuel."""
    idle_power: Scalar
    """W at the shaft, least while running."""
    turbo_lag: Scalar
    """s, time constant of torque."""
    blowout_load: Scalar
    """Least part of available power at which combustion holds above `blowout_density_ratio`."""
    blowout_density_ratio: Scalar
    """Below this density ratio a diesel at low load may stop."""
    coolant_limit: Scalar
    """K, highest."""
    radiator: Scalar
    """W/K per (kg/m^3 m/s)^0.6: cooling UA = radiator (rho V)^0.6."""
    coolant_heat: Scalar
    """Part of the fuel's heat that reaches the coolant."""
    heat_capacity: Scalar
    """J/K, engine with coolant."""


@dataclass(frozen=True)
class Propeller:
    """Constant-speed propeller."""

    diameter: Scalar
    """m."""
    blades: Scalar
    """Number of blades."""
    rated_speed: Scalar
    """rad/s."""
    cruise_speed: Scalar
    """rad/s, governor setting for economy."""
    profile_efficiency: Scalar
    """Part of shaft power left after blade drag and swirl, at the best advance ratio."""
    swirl_loss: Scalar
    """Loss of efficiency per unit of power coefficient."""
    tip_loss: Scalar
    """Loss of efficiency per unit of squared departure of the advance ratio from the best one."""
    best_advance_ratio: Scalar
    """J = V/(nD) of least blade loss."""
    installation: Scalar
    """Part of thrust left behind the fuselage (pusher)."""
    inertia: Scalar
    """kg m^2, propeller with gear and crank seen at the propeller."""
    thrust_line: Scalar
    """m, thrust line below the centre of gravity (positive pitches nose up)."""
    governor: Scalar
    """1/s, bandwidth of the speed governor."""


@dataclass(frozen=True)
class Gear:
    """Three wheels: one nose, two mains."""

    nose_x: Scalar
    """m forward of the centre of gravity."""
    main_x: Scalar
    """m, negative: aft."""
    main_y: Scalar
    """m, half the track."""
    height: Scalar
    """m, from the centre of gravity down to the unloaded wheels' contact."""
    nose_stiffness: Scalar
    """N/m."""
    main_stiffness: Scalar
    """N/m, each."""
    nose_damping: Scalar
    """N s/m."""
    main_damping: Scalar
    """N s/m, each."""
    rolling_friction: Scalar
    """Coefficient, free rolling."""
    braking_friction: Scalar
    """Coefficient, full brakes on a dry runway."""
    side_friction: Scalar
    """Coefficient, sliding sideways."""
    steer_limit: Scalar
    """rad, nose wheel."""
    max_sink: Scalar
    """m/s, vertical speed at touch-down that the legs bear."""


@dataclass(frozen=True)
class Actuators:
    """Limits and dynamics of the surfaces."""

    delta_e_limit: Scalar
    """rad."""
    delta_a_limit: Scalar
    """rad."""
    delta_r_limit: Scalar
    """rad."""
    rate_limit: Scalar
    """rad/s, all surfaces."""
    bandwidth: Scalar
    """rad/s, second-order."""
    damping: Scalar
    """Damping ratio."""
    flap_rate: Scalar
    """1/s, part of full per second."""
    gear_rate: Scalar
    """1/s, part of the travel per second."""


@dataclass(frozen=True)
class Electric:
    """Alternator, battery and loads."""

    alternator_power: Scalar
    """W, rated."""
    alternator_efficiency: Scalar
    """Electric out over shaft in."""
    avionics_load: Scalar
    """W, always on."""
    payload_load: Scalar
    """W, turret and data links on station."""
    satellite_load: Scalar
    """W, satellite terminal."""
    battery_energy: Scalar
    """J, at 25 C."""


@dataclass(frozen=True)
class IceProtection:
    """What keeps ice off, and what it draws."""

    wing_power: Scalar
    """W, mean, cyclic electrothermal wing and tail protection while on."""
    wing_strip_flux: Scalar
    """W/m^2, at the heated parting strip."""
    wing_coverage: Scalar
    """Part of the collecting span that is protected."""
    wing_residual: Scalar
    """Part of the ice on the protected area that stays after a cycle."""
    wing_cycle: Scalar
    """s, one cycle over all zones."""
    propeller_power: Scalar
    """W."""
    pitot_power: Scalar
    """W."""
    pitot_diameter: Scalar
    """m, of the probe."""
    pitot_port: Scalar
    """m, diameter of its hole."""
    detector_threshold: Scalar
    """m of ice on the probe at which the detector reports."""
    detector_reset: Scalar
    """s, heating and re-arming of the detector."""


@dataclass(frozen=True)
class Thermal:
    """Lumped heat paths."""

    bay_capacity: Scalar
    """J/K, avionics bay with its boxes."""
    bay_conductance: Scalar
    """W/K, bay to skin, at sea level density."""
    bay_limit_high: Scalar
    """K."""
    bay_limit_low: Scalar
    """K."""
    fuel_conductance: Scalar
    """W/K, wing tanks to skin."""
    fuel_recirculation: Scalar
    """W, heat returned by the fuel system while the engine runs."""
    fuel_specific_heat: Scalar
    """J/(kg K)."""
    fuel_freezing: Scalar
    """K, of the grade aboard."""
    operating_low: Scalar
    """K, coldest outside air for which the aircraft is described."""
    operating_high: Scalar
    """K, hottest."""


@dataclass(frozen=True)
class Structure:
    """Limits of the airframe."""

    load_factor_max: Scalar
    """g, limit."""
    load_factor_min: Scalar
    """g, limit, negative."""
    airspeed_never_exceed: Scalar
    """m/s, calibrated."""
    ultimate_factor: Scalar
    """Ultimate over limit load."""
    max_crosswind: Scalar
    """m/s, demonstrated or declared, for take-off and landing."""


@dataclass(frozen=True)
class Sensors:
    """Errors of the navigation sensors: one standard deviation each."""

    accelerometer_bias: Scalar
    """m/s^2."""
    accelerometer_noise: Scalar
    """m/s^2 per square root of Hz."""
    gyro_bias: Scalar
    """rad/s."""
    gyro_noise: Scalar
    """rad/s per square root of Hz."""
    gnss_position: Scalar
    """m, horizontal; vertical is 1.5 times."""
    gnss_velocity: Scalar
    """m/s."""
    gnss_correlation: Scalar
    """s, correlation time of the position error."""
    static_pressure: Scalar
    """Pa."""
    impact_pressure: Scalar
    """Pa."""
    magnetometer: Scalar
    """Part of the field."""
    height_radar: Scalar
    """m, plus 1 % of height."""


@dataclass(frozen=True)
class Radio:
    """The airborne ends of the links."""

    los_frequency: Scalar
    """Hz."""
    los_power_dbm: Scalar
    """dBm, transmitter."""
    los_gain_db: Scalar
    """dBi, antenna."""
    los_loss_db: Scalar
    """dB, cables and pointing."""
    satellite_margin_db: Scalar
    """dB, clear-sky margin of the satellite link at level flight."""
    satellite_fitted: Scalar
    """1 when a satellite terminal is aboard."""


@dataclass(frozen=True)
class Aircraft:
    """One aircraft: an input of the step, so one compiled kernel flies every aircraft."""

    geometry: Geometry
    mass: MassProperties
    aero: Aerodynamics
    engine: Engine
    propeller: Propeller
    gear: Gear
    actuators: Actuators
    electric: Electric
    ice: IceProtection
    thermal: Thermal
    structure: Structure
    sensors: Sensors
    radio: Radio


@dataclass(frozen=True)
class Source:
    """Where one number of a definition comes from."""

    value: float
    """SI and radians."""
    unit: str
    """The suffix of the key in the file."""
    grade: str
    """`published`, `derived` (by a named method) or `estimated`."""
    source: str
    """Document, method or reasoning."""
    spread: float
    """One standard deviation over the value (relative), or absolute where the value is 0."""


@dataclass(frozen=True)
class AircraftDefinition:
    """An aircraft with its origin on record."""

    name: str
    title: str
    description: str
    aircraft: Aircraft
    sources: dict[str, Source] = field(default_factory=dict)
    """By dotted path, for instance `geometry.span`."""

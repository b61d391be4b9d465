"""The parts of an aircraft, each leaf one number in SI units and radians with the range it may have.

Reference point and axes: body axes forward-right-down with the origin at the reference centre of gravity.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

if TYPE_CHECKING:
    from samruk.aircraft.stores import Store

Scalar = Any


@dataclass(frozen=True)
class Allowed:
    """What a leaf of an aircraft may be: the bounds exclude slips of unit and sign, not unusual aircraft."""

    unit: str
    """Suffix of the unit used inside (`samruk.units`)."""
    low: float
    """Least value, SI and radians."""
    high: float
    """Greatest value, SI and radians."""


@dataclass(frozen=True)
class Geometry:
    """Dimensions that drive the aerodynamics."""

    span: Annotated[Scalar, Allowed("m", 2, 60)]
    """m, wing span b."""
    wing_area: Annotated[Scalar, Allowed("m2", 0.5, 200)]
    """m^2, reference area S."""
    chord: Annotated[Scalar, Allowed("m", 0.1, 8)]
    """m, mean aerodynamic chord c."""
    length: Annotated[Scalar, Allowed("m", 1, 40)]
    """m, overall."""
    wing_thickness: Annotated[Scalar, Allowed("1", 0.04, 0.3)]
    """Wing thickness over chord."""
    nose_radius: Annotated[Scalar, Allowed("1", 0.002, 0.08)]
    """Leading-edge radius of the wing over chord."""
    tail_area: Annotated[Scalar, Allowed("m2", 0.05, 50)]
    """m^2, both panels of the tail, true area."""
    tail_chord: Annotated[Scalar, Allowed("m", 0.05, 5)]
    """m, mean chord of the tail."""
    tail_span: Annotated[Scalar, Allowed("m", 0.2, 20)]
    """m, of both panels together, along the panels."""
    tail_arm: Annotated[Scalar, Allowed("m", 0.3, 25)]
    """m, from the centre of gravity aft to the tail's quarter chord."""
    wing_incidence: Annotated[Scalar, Allowed("rad", -0.15, 0.25)]
    """rad, of the zero-lift line's reference chord to the body x axis."""
    frontal_area: Annotated[Scalar, Allowed("m2", 0.02, 10)]
    """m^2, fuselage, for rain and cooling."""


@dataclass(frozen=True)
class MassProperties:
    """Masses and inertia."""

    empty: Annotated[Scalar, Allowed("kg", 5, 10000)]
    """kg, with systems, without payload and fuel."""
    fuel_capacity: Annotated[Scalar, Allowed("kg", 0.5, 5000)]
    """kg, usable."""
    payload_capacity: Annotated[Scalar, Allowed("kg", 0, 3000)]
    """kg."""
    max_take_off: Annotated[Scalar, Allowed("kg", 6, 15000)]
    """kg."""
    J_xx: Annotated[Scalar, Allowed("kg_m2", 0.5, 300000)]
    """kg m^2, at `inertia_mass`, about the centre of gravity."""
    J_yy: Annotated[Scalar, Allowed("kg_m2", 0.5, 300000)]
    """kg m^2."""
    J_zz: Annotated[Scalar, Allowed("kg_m2", 0.5, 500000)]
    """kg m^2."""
    J_xz: Annotated[Scalar, Allowed("kg_m2", -50000, 50000)]
    """kg m^2, product of inertia, positive by the book (J_xz = integral of x z dm)."""
    inertia_mass: Annotated[Scalar, Allowed("kg", 5, 15000)]
    """kg, mass at which the inertia was estimated; it scales with mass / inertia_mass."""


@dataclass(frozen=True)
class Aerodynamics:
    """Coefficients about the reference centre of gravity, radians, alpha of the body x axis, rates made
    dimensionless as p b/(2V), q c/(2V), r b/(2V)."""

    C_L_0: Annotated[Scalar, Allowed("1", -0.5, 1.5)]
    """Lift at alpha 0."""
    C_L_alpha: Annotated[Scalar, Allowed("per_rad", 2, 7.5)]
    """Lift slope, 1/rad."""
    C_L_q: Annotated[Scalar, Allowed("1", -5, 40)]
    """Lift by pitch rate."""
    C_L_delta_e: Annotated[Scalar, Allowed("per_rad", 0, 3)]
    """Lift by elevator, 1/rad."""
    C_L_delta_f: Annotated[Scalar, Allowed("1", 0, 2)]
    """Lift by full flap."""
    C_L_max: Annotated[Scalar, Allowed("1", 0.6, 2.5)]
    """Largest lift, clean wing, flaps up."""
    C_L_max_flap: Annotated[Scalar, Allowed("1", 0.6, 3.5)]
    """Largest lift, clean wing, full flap."""
    C_L_min: Annotated[Scalar, Allowed("1", -2.5, -0.2)]
    """Most negative lift."""
    stall_sharpness: Annotated[Scalar, Allowed("per_rad", 5, 200)]
    """1/rad, blending rate M of the stall (Beard & McLain, eq. 4.10)."""
    C_D_0: Annotated[Scalar, Allowed("1", 0.008, 0.15)]
    """Drag at `C_L_min_drag`, gear up, clean: whole aircraft with turret, antennas and cooling."""
    C_D_profile_wing: Annotated[Scalar, Allowed("1", 0.003, 0.05)]
    """Part of C_D_0 that belongs to the wing's section."""
    C_D_k_profile: Annotated[Scalar, Allowed("1", 0, 0.1)]
    """Rise of profile drag with (C_L - C_L_min_drag)^2, without the induced part."""
    C_L_min_drag: Annotated[Scalar, Allowed("1", -0.2, 1)]
    """Lift at least drag."""
    oswald: Annotated[Scalar, Allowed("1", 0.6, 1.05)]
    """Inviscid span efficiency: induced drag is C_L^2/(pi e A)."""
    C_D_gear: Annotated[Scalar, Allowed("1", 0, 0.1)]
    """Landing gear down."""
    C_D_delta_f: Annotated[Scalar, Allowed("1", 0, 0.2)]
    """Full flap."""
    C_D_delta_e: Annotated[Scalar, Allowed("per_rad2", 0, 1)]
    """Elevator, per rad^2."""
    C_D_beta: Annotated[Scalar, Allowed("per_rad2", 0, 3)]
    """Sideslip, per rad^2."""
    C_m_0: Annotated[Scalar, Allowed("1", -0.5, 0.5)]
    """Pitch at alpha 0."""
    C_m_alpha: Annotated[Scalar, Allowed("per_rad", -10, 0)]
    """1/rad."""
    C_m_alpha_dot: Annotated[Scalar, Allowed("1", -60, 0)]
    """By alpha_dot c/(2V)."""
    C_m_q: Annotated[Scalar, Allowed("1", -100, -0.5)]
    """By q c/(2V)."""
    C_m_delta_e: Annotated[Scalar, Allowed("per_rad", -8, -0.1)]
    """1/rad, negative."""
    C_m_delta_f: Annotated[Scalar, Allowed("1", -0.6, 0.6)]
    """Full flap."""
    C_m_stall: Annotated[Scalar, Allowed("1", -5, 0)]
    """Nose-down break beyond the stall, per unit of sin(alpha - alpha_stall)."""
    C_Y_beta: Annotated[Scalar, Allowed("per_rad", -2, 0)]
    """1/rad."""
    C_Y_p: Annotated[Scalar, Allowed("1", -1, 1)]
    """By p b/(2V)."""
    C_Y_r: Annotated[Scalar, Allowed("1", -1, 2)]
    """By r b/(2V)."""
    C_Y_delta_r: Annotated[Scalar, Allowed("per_rad", -1, 1)]
    """1/rad."""
    C_l_beta: Annotated[Scalar, Allowed("per_rad", -0.5, 0.1)]
    """1/rad, negative: dihedral effect."""
    C_l_p: Annotated[Scalar, Allowed("1", -1.2, -0.1)]
    """Roll damping, negative; turns positive beyond the stall."""
    C_l_r: Annotated[Scalar, Allowed("1", -0.1, 0.8)]
    """By r b/(2V)."""
    C_l_delta_a: Annotated[Scalar, Allowed("per_rad", 0.01, 1)]
    """1/rad, positive."""
    C_l_delta_r: Annotated[Scalar, Allowed("per_rad", -0.2, 0.2)]
    """1/rad."""
    C_n_beta: Annotated[Scalar, Allowed("per_rad", 0.002, 0.5)]
    """1/rad, positive: weathercock."""
    C_n_p: Annotated[Scalar, Allowed("1", -0.5, 0.2)]
    """By p b/(2V)."""
    C_n_r: Annotated[Scalar, Allowed("1", -1, -0.001)]
    """Yaw damping, negative."""
    C_n_delta_a: Annotated[Scalar, Allowed("per_rad", -0.2, 0.1)]
    """1/rad, adverse yaw negative."""
    C_n_delta_r: Annotated[Scalar, Allowed("per_rad", 0.002, 0.6)]
    """1/rad, positive."""
    reynolds_reference: Annotated[Scalar, Allowed("1", 50000, 3e7)]
    """Chord Reynolds number at which C_D_0 holds; it scales with (Re/Re_ref)^-0.15 (turbulent skin friction)."""
    C_L_max_reynolds: Annotated[Scalar, Allowed("1", 0, 0.5)]
    """Change of C_L_max per factor e in Reynolds number."""


@dataclass(frozen=True)
class Engine:
    """Turbo-diesel with reduction gear."""

    mass: Annotated[Scalar, Allowed("kg", 1, 1000)]
    """kg, dry, part of the empty mass."""
    rated_power: Annotated[Scalar, Allowed("w", 500, 2e6)]
    """W at the shaft, at the propeller's rated speed."""
    critical_density_ratio: Annotated[Scalar, Allowed("1", 0.1, 1)]
    """Density ratio sigma down to which the turbocharger holds rated power."""
    altitude_exponent: Annotated[Scalar, Allowed("1", 0.3, 1.6)]
    """Power falls as (sigma/sigma_c)^exponent above the critical altitude."""
    charge_temperature: Annotated[Scalar, Allowed("k", 260, 420)]
    """K, intake temperature after the intercooler at rated conditions."""
    friction_power: Annotated[Scalar, Allowed("w", 0, 200000)]
    """W lost to friction at rated speed (Willans line)."""
    indicated_efficiency: Annotated[Scalar, Allowed("1", 0.15, 0.55)]
    """Of the fuel's heat, before friction."""
    pumping: Annotated[Scalar, Allowed("1", 0, 0.5)]
    """Extra fuel per unit of (1 - sigma), from pumping at height."""
    heating_value: Annotated[Scalar, Allowed("j_kg", 3.9e7, 4.5e7)]
    """J/kg, lower heating value of the fuel."""
    idle_power: Annotated[Scalar, Allowed("w", 0, 50000)]
    """W at the shaft, least while running."""
    turbo_lag: Annotated[Scalar, Allowed("s", 0.02, 10)]
    """s, time constant of torque."""
    blowout_load: Annotated[Scalar, Allowed("1", 0, 0.6)]
    """Least part of available power at which combustion holds above `blowout_density_ratio`."""
    blowout_density_ratio: Annotated[Scalar, Allowed("1", 0.05, 1)]
    """Below this density ratio a diesel at low load may stop."""
    coolant_limit: Annotated[Scalar, Allowed("k", 340, 420)]
    """K, highest."""
    radiator: Annotated[Scalar, Allowed("w_k", 0.5, 5000)]
    """W/K per (kg/m^3 m/s)^0.6: cooling UA = radiator (rho V)^0.6."""
    coolant_heat: Annotated[Scalar, Allowed("1", 0.02, 0.5)]
    """Part of the fuel's heat that reaches the coolant."""
    heat_capacity: Annotated[Scalar, Allowed("j_k", 500, 2e6)]
    """J/K, engine with coolant."""
    coolant_minimum: Annotated[Scalar, Allowed("k", 260, 360)]
    """K, below which full power is not given."""
    oil_heat: Annotated[Scalar, Allowed("1", 0.001, 0.2)]
    """Part of the fuel's heat that reaches the oil."""
    oil_capacity: Annotated[Scalar, Allowed("j_k", 100, 1e6)]
    """J/K, oil with what it wets."""
    oil_cooler: Annotated[Scalar, Allowed("w_k", 0.1, 2000)]
    """W/K per (kg/m^3 m/s)^0.6, as the radiator."""
    oil_minimum: Annotated[Scalar, Allowed("k", 250, 360)]
    """K, below which full power is not given."""
    oil_limit: Annotated[Scalar, Allowed("k", 350, 450)]
    """K, highest."""
    start_coldest: Annotated[Scalar, Allowed("k", 210, 300)]
    """K, coldest engine that starts."""
    intercooler: Annotated[Scalar, Allowed("1", 0, 0.95)]
    """Effectiveness: part of the compressor's heat that is taken out again."""


@dataclass(frozen=True)
class Propeller:
    """Constant-speed propeller."""

    diameter: Annotated[Scalar, Allowed("m", 0.2, 5)]
    """m."""
    blades: Annotated[Scalar, Allowed("1", 2, 8)]
    """Number of blades."""
    rated_speed: Annotated[Scalar, Allowed("rad_s", 50, 1200)]
    """rad/s."""
    cruise_speed: Annotated[Scalar, Allowed("rad_s", 40, 1200)]
    """rad/s, governor setting for economy."""
    profile_efficiency: Annotated[Scalar, Allowed("1", 0.5, 0.95)]
    """Part of shaft power left after blade drag and swirl, at the best advance ratio."""
    swirl_loss: Annotated[Scalar, Allowed("1", 0, 3)]
    """Loss of efficiency per unit of power coefficient."""
    tip_loss: Annotated[Scalar, Allowed("1", 0, 1)]
    """Loss of efficiency per unit of squared departure of the advance ratio from the best one."""
    best_advance_ratio: Annotated[Scalar, Allowed("1", 0.2, 2.5)]
    """J = V/(nD) of least blade loss."""
    installation: Annotated[Scalar, Allowed("1", 0.7, 1)]
    """Part of thrust left behind the fuselage (pusher)."""
    inertia: Annotated[Scalar, Allowed("kg_m2", 0.002, 50)]
    """kg m^2, propeller with gear and crank seen at the propeller."""
    thrust_line: Annotated[Scalar, Allowed("m", -1.5, 1.5)]
    """m, thrust line below the centre of gravity (positive pitches nose up)."""
    governor: Annotated[Scalar, Allowed("per_s", 0.2, 30)]
    """1/s, bandwidth of the speed governor."""


@dataclass(frozen=True)
class Gear:
    """Three wheels: one nose, two mains."""

    nose_x: Annotated[Scalar, Allowed("m", 0.1, 12)]
    """m forward of the centre of gravity."""
    main_x: Annotated[Scalar, Allowed("m", -5, -0.01)]
    """m, negative: aft."""
    main_y: Annotated[Scalar, Allowed("m", 0.1, 6)]
    """m, half the track."""
    height: Annotated[Scalar, Allowed("m", 0.1, 4)]
    """m, from the centre of gravity down to the unloaded wheels' contact."""
    nose_stiffness: Annotated[Scalar, Allowed("n_m", 500, 3e6)]
    """N/m."""
    main_stiffness: Annotated[Scalar, Allowed("n_m", 500, 3e6)]
    """N/m, each."""
    nose_damping: Annotated[Scalar, Allowed("n_s_m", 10, 300000)]
    """N s/m."""
    main_damping: Annotated[Scalar, Allowed("n_s_m", 10, 300000)]
    """N s/m, each."""
    rolling_friction: Annotated[Scalar, Allowed("1", 0.005, 0.2)]
    """Coefficient, free rolling."""
    braking_friction: Annotated[Scalar, Allowed("1", 0.05, 1)]
    """Coefficient, full brakes on a dry runway."""
    side_friction: Annotated[Scalar, Allowed("1", 0.1, 1.2)]
    """Coefficient, sliding sideways."""
    steer_limit: Annotated[Scalar, Allowed("rad", 0.02, 1.4)]
    """rad, nose wheel."""
    max_sink: Annotated[Scalar, Allowed("m_s", 0.5, 6)]
    """m/s, vertical speed at touch-down that the legs bear."""


@dataclass(frozen=True)
class Actuators:
    """Limits and dynamics of the surfaces."""

    delta_e_limit: Annotated[Scalar, Allowed("rad", 0.05, 0.8)]
    """rad."""
    delta_a_limit: Annotated[Scalar, Allowed("rad", 0.05, 0.8)]
    """rad."""
    delta_r_limit: Annotated[Scalar, Allowed("rad", 0.05, 0.8)]
    """rad."""
    rate_limit: Annotated[Scalar, Allowed("rad_s", 0.1, 15)]
    """rad/s, all surfaces."""
    bandwidth: Annotated[Scalar, Allowed("rad_s", 4, 100)]
    """rad/s, second-order."""
    damping: Annotated[Scalar, Allowed("1", 0.2, 2)]
    """Damping ratio."""
    flap_rate: Annotated[Scalar, Allowed("per_s", 0.01, 5)]
    """1/s, part of full per second."""
    gear_rate: Annotated[Scalar, Allowed("per_s", 0.01, 5)]
    """1/s, part of the travel per second."""


@dataclass(frozen=True)
class Electric:
    """Alternator, battery and loads."""

    alternator_power: Annotated[Scalar, Allowed("w", 20, 200000)]
    """W, rated."""
    alternator_efficiency: Annotated[Scalar, Allowed("1", 0.3, 1)]
    """Electric out over shaft in."""
    avionics_load: Annotated[Scalar, Allowed("w", 1, 50000)]
    """W, always on."""
    payload_load: Annotated[Scalar, Allowed("w", 0, 50000)]
    """W, turret and data links on station."""
    satellite_load: Annotated[Scalar, Allowed("w", 0, 20000)]
    """W, satellite terminal."""
    battery_energy: Annotated[Scalar, Allowed("j", 10000, 3e8)]
    """J, at 25 C."""
    satellite_rank: Annotated[Scalar, Allowed("1", 1, 5)]
    """Place of the satellite terminal when power is short: a whole number, 1 is served first, 5 shed first."""
    propeller_rank: Annotated[Scalar, Allowed("1", 1, 5)]
    """Place of the propeller's ice protection."""
    wing_rank: Annotated[Scalar, Allowed("1", 1, 5)]
    """Place of the wing's ice protection."""
    tail_rank: Annotated[Scalar, Allowed("1", 1, 5)]
    """Place of the tail's ice protection."""
    payload_rank: Annotated[Scalar, Allowed("1", 1, 5)]
    """Place of the payload."""


@dataclass(frozen=True)
class IceProtection:
    """What keeps ice off, and what it draws."""

    wing_power: Annotated[Scalar, Allowed("w", 0, 100000)]
    """W, mean, cyclic electrothermal wing and tail protection while on."""
    wing_strip_flux: Annotated[Scalar, Allowed("w_m2", 0, 100000)]
    """W/m^2, at the heated parting strip."""
    wing_coverage: Annotated[Scalar, Allowed("1", 0, 1)]
    """Part of the collecting span that is protected."""
    wing_residual: Annotated[Scalar, Allowed("1", 0, 1)]
    """Part of the ice on the protected area that stays after a cycle."""
    wing_cycle: Annotated[Scalar, Allowed("s", 5, 1200)]
    """s, one cycle over all zones."""
    propeller_power: Annotated[Scalar, Allowed("w", 0, 20000)]
    """W."""
    pitot_power: Annotated[Scalar, Allowed("w", 0, 2000)]
    """W."""
    pitot_diameter: Annotated[Scalar, Allowed("m", 0.002, 0.05)]
    """m, of the probe."""
    pitot_port: Annotated[Scalar, Allowed("m", 0.0005, 0.03)]
    """m, diameter of its hole."""
    detector_threshold: Annotated[Scalar, Allowed("m", 5e-05, 0.02)]
    """m of ice on the probe at which the detector reports."""
    detector_reset: Annotated[Scalar, Allowed("s", 1, 600)]
    """s, heating and re-arming of the detector."""
    wing_kind: Annotated[Scalar, Allowed("1", 0, 2)]
    """Kind of wing and tail protection: 0 none, 1 electrothermal with a parting strip, 2 pneumatic boots."""
    boot_least: Annotated[Scalar, Allowed("m", 0.0005, 0.03)]
    """m of ice from which boots break it off whole."""
    tip_chord: Annotated[Scalar, Allowed("1", 0.3, 1.2)]
    """Chord in the middle of a wing's outer half over the mean chord."""
    catch_factor: Annotated[Scalar, Allowed("1", 0.2, 3)]
    """On the water that is caught."""
    drag_factor: Annotated[Scalar, Allowed("1", 0.1, 5)]
    """On the drag that the ice's shape adds."""
    horn_factor: Annotated[Scalar, Allowed("1", 0.1, 5)]
    """On the height of ice that trips the flow."""
    lift_factor: Annotated[Scalar, Allowed("1", 0.1, 3)]
    """On the part of the largest lift that ice takes."""
    ridge_factor: Annotated[Scalar, Allowed("1", 0.0, 5)]
    """On ridges behind the protected nose."""
    blade_factor: Annotated[Scalar, Allowed("1", 0.1, 3)]
    """On the thrust that blade ice takes."""
    adhesion_factor: Annotated[Scalar, Allowed("1", 0.1, 10)]
    """On the strength with which ice holds."""


@dataclass(frozen=True)
class Thermal:
    """Lumped heat paths."""

    bay_capacity: Annotated[Scalar, Allowed("j_k", 200, 2e6)]
    """J/K, avionics bay with its boxes."""
    bay_conductance: Annotated[Scalar, Allowed("w_k", 0.2, 3000)]
    """W/K, bay to skin, at sea level density."""
    bay_limit_high: Annotated[Scalar, Allowed("k", 300, 420)]
    """K."""
    bay_limit_low: Annotated[Scalar, Allowed("k", 190, 290)]
    """K."""
    box_capacity: Annotated[Scalar, Allowed("j_k", 50, 1e6)]
    """J/K, inside of the avionics boxes."""
    box_conductance: Annotated[Scalar, Allowed("w_k", 0.2, 3000)]
    """W/K, boxes to the bay's air."""
    box_limit_high: Annotated[Scalar, Allowed("k", 300, 420)]
    """K, hottest inside of a box."""
    battery_capacity: Annotated[Scalar, Allowed("j_k", 50, 1e6)]
    """J/K, of the battery's cells."""
    battery_conductance: Annotated[Scalar, Allowed("w_k", 0.05, 500)]
    """W/K, cells to the bay's air."""
    battery_heater: Annotated[Scalar, Allowed("w", 0, 2000)]
    """W, of the battery's heater."""
    battery_limit_high: Annotated[Scalar, Allowed("k", 300, 400)]
    """K, hottest cells."""
    turret_capacity: Annotated[Scalar, Allowed("j_k", 50, 1e6)]
    """J/K, payload turret."""
    turret_conductance: Annotated[Scalar, Allowed("w_k", 0.1, 500)]
    """W/K, turret to the air, at sea level density."""
    turret_limit_high: Annotated[Scalar, Allowed("k", 300, 420)]
    """K."""
    turret_limit_low: Annotated[Scalar, Allowed("k", 190, 290)]
    """K."""
    absorptance: Annotated[Scalar, Allowed("1", 0.05, 1)]
    """Part of sunlight that the paint takes up: white 0.2 to 0.3, grey 0.5 to 0.7, dark 0.9."""
    absorptance_fuselage: Annotated[Scalar, Allowed("1", 0.05, 1)]
    """The same of the fuselage above the avionics bay."""
    absorptance_dark: Annotated[Scalar, Allowed("1", 0.05, 1)]
    """The same of the darkest paint or marking on the wing."""
    bay_skin: Annotated[Scalar, Allowed("1", 0, 1)]
    """Part of the bay's conductance that ends at the skin; the rest at the air drawn through."""
    skin_limit: Annotated[Scalar, Allowed("k", 310, 420)]
    """K, hottest skin for which the structure's strength is shown."""
    skin_strong: Annotated[Scalar, Allowed("k", 290, 400)]
    """K, skin up to which the structure keeps its whole strength."""
    skin_strength: Annotated[Scalar, Allowed("1", 0.2, 1)]
    """Part of the strength left at `skin_limit`."""
    fuel_conductance: Annotated[Scalar, Allowed("w_k", 0.2, 3000)]
    """W/K, wing tanks to skin."""
    fuel_recirculation: Annotated[Scalar, Allowed("w", 0, 30000)]
    """W, heat returned by the fuel system while the engine runs."""
    fuel_specific_heat: Annotated[Scalar, Allowed("j_kg_k", 1500, 3000)]
    """J/(kg K)."""
    fuel_freezing: Annotated[Scalar, Allowed("k", 180, 280)]
    """K, of the grade aboard."""
    operating_low: Annotated[Scalar, Allowed("k", 190, 290)]
    """K, coldest outside air for which the aircraft is described."""
    operating_high: Annotated[Scalar, Allowed("k", 290, 350)]
    """K, hottest."""


@dataclass(frozen=True)
class Structure:
    """Limits of the airframe."""

    load_factor_max: Annotated[Scalar, Allowed("1", 1.5, 9)]
    """g, limit."""
    load_factor_min: Annotated[Scalar, Allowed("1", -6, -0.3)]
    """g, limit, negative."""
    airspeed_never_exceed: Annotated[Scalar, Allowed("m_s", 15, 200)]
    """m/s, calibrated."""
    ultimate_factor: Annotated[Scalar, Allowed("1", 1, 3)]
    """Ultimate over limit load."""
    max_crosswind: Annotated[Scalar, Allowed("m_s", 0.5, 30)]
    """m/s, demonstrated or declared, for take-off and landing."""


@dataclass(frozen=True)
class Sensors:
    """Errors of the navigation sensors: one standard deviation each."""

    accelerometer_bias: Annotated[Scalar, Allowed("m_s2", 0, 1)]
    """m/s^2."""
    accelerometer_noise: Annotated[Scalar, Allowed("m_s2_per_sqrt_hz", 0, 0.1)]
    """m/s^2 per square root of Hz."""
    gyro_bias: Annotated[Scalar, Allowed("rad_s", 0, 0.05)]
    """rad/s."""
    gyro_noise: Annotated[Scalar, Allowed("rad_s_per_sqrt_hz", 0, 0.01)]
    """rad/s per square root of Hz."""
    gnss_position: Annotated[Scalar, Allowed("m", 0, 50)]
    """m, horizontal; vertical is 1.5 times."""
    gnss_velocity: Annotated[Scalar, Allowed("m_s", 0, 2)]
    """m/s."""
    gnss_correlation: Annotated[Scalar, Allowed("s", 1, 10000)]
    """s, correlation time of the position error."""
    static_pressure: Annotated[Scalar, Allowed("pa", 0, 1000)]
    """Pa."""
    impact_pressure: Annotated[Scalar, Allowed("pa", 0, 500)]
    """Pa."""
    magnetometer: Annotated[Scalar, Allowed("1", 0, 0.3)]
    """Part of the field."""
    height_radar: Annotated[Scalar, Allowed("m", 0, 10)]
    """m, plus 1 % of height."""


@dataclass(frozen=True)
class Radio:
    """The airborne ends of the links."""

    los_frequency: Annotated[Scalar, Allowed("hz", 1e8, 4e+10)]
    """Hz."""
    los_power_dbm: Annotated[Scalar, Allowed("dbm", 0, 60)]
    """dBm, transmitter."""
    los_gain_db: Annotated[Scalar, Allowed("db", -10, 40)]
    """dBi, antenna."""
    los_loss_db: Annotated[Scalar, Allowed("db", 0, 30)]
    """dB, cables and pointing."""
    satellite_margin_db: Annotated[Scalar, Allowed("db", -5, 20)]
    """dB, clear-sky margin of the satellite link at level flight."""
    satellite_fitted: Annotated[Scalar, Allowed("1", 0, 1)]
    """1 when a satellite terminal is aboard."""


@dataclass(frozen=True)
class Stores:
    """What hangs outside, summed (`samruk.aircraft.stores`); no number of it stands in a definition file."""

    mass: Scalar = 0.0
    """kg."""
    moment_x: Scalar = 0.0
    """kg m, sum of mass times place, forward of the reference centre of gravity."""
    moment_y: Scalar = 0.0
    """kg m, right."""
    moment_z: Scalar = 0.0
    """kg m, down."""
    J_xx: Scalar = 0.0
    """kg m^2 about the reference centre of gravity, own inertia included."""
    J_yy: Scalar = 0.0
    """kg m^2."""
    J_zz: Scalar = 0.0
    """kg m^2."""
    J_xy: Scalar = 0.0
    """kg m^2, integral of x y dm."""
    J_xz: Scalar = 0.0
    """kg m^2, integral of x z dm."""
    J_yz: Scalar = 0.0
    """kg m^2, integral of y z dm."""
    C_D: Scalar = 0.0
    """Drag area over the wing area."""
    C_D_x: Scalar = 0.0
    """m, the same times place: first moments of the drag, forward."""
    C_D_y: Scalar = 0.0
    """m, right."""
    C_D_z: Scalar = 0.0
    """m, down."""
    front: Scalar = 0.0
    """m^2, frontal area, which collects ice."""
    diameter: Scalar = 0.3
    """m, mean diameter by frontal area; without stores any number."""


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
    stores: Stores = field(default_factory=Stores)


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
    follows: str = ""
    """Path of the number with which this one goes when spreads are drawn; empty for none."""
    power: float = 0.0
    """This number goes as that one's ratio to its own value, to this power."""


@dataclass(frozen=True)
class AircraftDefinition:
    """An aircraft with its origin on record."""

    name: str
    """Short name, as missions give it."""
    title: str
    """One line."""
    description: str
    """A sentence or two."""
    aircraft: Aircraft
    sources: dict[str, Source] = field(default_factory=dict)
    """By dotted path, for instance `geometry.span`."""
    engine: str = ""
    """Name of the engine file; empty where the numbers stand in the aircraft's own file."""
    stores: tuple[Store, ...] = ()
    """What hangs outside, body by body."""


@functools.cache
def leaves() -> dict[str, Allowed]:
    """Dotted path of every number of a definition -> what it may be, in the order of the classes."""
    return {
        f"{group}.{name}": hint.__metadata__[0]
        for group, kind in get_type_hints(Aircraft).items()
        for name, hint in get_type_hints(kind, include_extras=True).items()
        if hasattr(hint, "__metadata__")
    }

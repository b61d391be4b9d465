"""The state of the world: what the aircraft truly is and does, and what the slow tick holds for the fast one.

All leaves are float64 or int32 scalars, SI and radians. Controls: `delta_e` > 0 elevator trailing edge down, nose down;
`delta_a` > 0 rolls right; `delta_r` > 0 yaws nose right; `delta_f` 0..1 of full flap.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeVar

from samruk.frames import Quaternion, Rotation, Scalar, Vec3, compose, rotation
from samruk.lazy import jnp
from samruk.plant.failures import Failed
from samruk.plant.heat import Heat
from samruk.plant.ice import Ice, IceEffects
from samruk.plant.power import Power
from samruk.plant.wet import Runway
from samruk.weather.air import Air, Anchor
from samruk.words import wide

FAST_DT = 0.02
"""s, the fast tick: 50 Hz (`design/0003-integrator.md`)."""
SLOW_DT = 1.0
"""s, the slow tick."""
FAST_PER_SLOW = 50
"""Fast ticks in a slow one."""

UNHARMED, GROUND_IMPACT, OVERLOAD, FLUTTER, HARD_LANDING, OFF_RUNWAY = range(6)
"""Damage: none; a part other than the wheels met the ground; beyond ultimate load; beyond the speed of flutter; a leg
broke at touch-down; left the paved surface at speed. A damaged aircraft stops where it is."""
SOUND, NOT_A_NUMBER, OUT_OF_RANGE = range(3)
"""Status of the model: sound; a value is not a number; a value left the range in which the model means anything."""


@dataclass(frozen=True)
class Truth:
    """Rigid-body state over the rotating Earth, and the derivatives of the tick before (Adams-Bashforth)."""

    r_be_e: Vec3 = wide(Vec3)
    """m, ECEF."""
    v_be_e: Vec3 = wide(Vec3)
    """m/s, ECEF."""
    q_eb: Quaternion = wide(Quaternion)
    """Attitude, body to ECEF."""
    omega_ib_b: Vec3 = field(default_factory=Vec3)
    """rad/s, body: rate relative to inertial space."""
    a_e: Vec3 = field(default_factory=Vec3)
    """m/s^2, ECEF: rate of `v_be_e` at the tick before."""
    alpha_ib_b: Vec3 = field(default_factory=Vec3)
    """rad/s^2, body: rate of `omega_ib_b` at the tick before."""
    f_b: Vec3 = field(default_factory=Vec3)
    """m/s^2, body: specific force at the tick before."""


@dataclass(frozen=True)
class Surfaces:
    """Actuators: places and rates."""

    delta_e: Scalar = 0.0
    """rad."""
    delta_a: Scalar = 0.0
    """rad."""
    delta_r: Scalar = 0.0
    """rad."""
    delta_e_rate: Scalar = 0.0
    """rad/s."""
    delta_a_rate: Scalar = 0.0
    """rad/s."""
    delta_r_rate: Scalar = 0.0
    """rad/s."""
    delta_f: Scalar = 0.0
    """0..1."""
    gear: Scalar = 1.0
    """0 retracted .. 1 down."""
    steer: Scalar = 0.0
    """rad, nose wheel, positive turns right."""
    brake: Scalar = 1.0
    """0..1."""


@dataclass(frozen=True)
class Motor:
    """Engine and propeller."""

    power: Scalar = 0.0
    """W at the shaft, before the alternator's share."""
    speed: Scalar = 0.0
    """rad/s, propeller."""
    running: Scalar = 1
    """1 while it runs."""
    fuel_flow: Scalar = 0.0
    """kg/s."""
    seized: Scalar = 0
    """1 once it has run too hot; it never runs again."""
    crank: Scalar = 0.0
    """s for which the starter of a live aircraft has turned it."""


@dataclass(frozen=True)
class Gust:
    """States of the gust filters, in the form of `samruk.plant.gusts`: their variance does not depend on the air."""

    u_1: Scalar = 0.0
    """Along, first pole."""
    u_2: Scalar = 0.0
    """Along, second pole; unused in Dryden's form."""
    v_1: Scalar = 0.0
    """Across, first pole."""
    v_2: Scalar = 0.0
    """Across, second pole."""
    v_3: Scalar = 0.0
    """Across, third pole; unused in Dryden's form."""
    w_1: Scalar = 0.0
    """Down, first pole."""
    w_2: Scalar = 0.0
    """Down, second pole."""
    w_3: Scalar = 0.0
    """Down, third pole; unused in Dryden's form."""
    p: Scalar = 0.0
    """Roll, unit variance."""
    v_slow: Scalar = 0.0
    """Across, low-passed, for the yaw gust."""
    w_slow: Scalar = 0.0
    """Down, low-passed, for the pitch gust."""
    phase: Scalar = 0.5
    """Place within the discrete gust: below -1/2 ahead of it, -1/2 .. 1/2 in it, 1/2 after it."""
    which: Scalar = 0
    """Number of the discrete gust that was begun last, 1 .. 3; 0 none."""


@dataclass(frozen=True)
class Wheel:
    """Elastic shift of one tyre's contact: the spring that holds a parked aircraft still."""

    x: Scalar = 0.0
    """m along the wheel's heading, positive forward."""
    y: Scalar = 0.0
    """m across, positive right."""


@dataclass(frozen=True)
class Wheels:
    """The three tyres."""

    nose: Wheel = field(default_factory=Wheel)
    left: Wheel = field(default_factory=Wheel)
    right: Wheel = field(default_factory=Wheel)


@dataclass(frozen=True)
class SensorErrors:
    """What the sensors add to the truth: constants drawn from the seed, and the slow error of GNSS."""

    accelerometer_b: Vec3 = field(default_factory=Vec3)
    """m/s^2, body: bias."""
    gyro_b: Vec3 = field(default_factory=Vec3)
    """rad/s, body: bias."""
    gnss_n: Vec3 = field(default_factory=Vec3)
    """m, NED: error of place, first-order Gauss-Markov, renewed in the slow tick."""
    static_pressure: Scalar = 0.0
    """Pa, bias."""
    impact_pressure: Scalar = 0.0
    """Pa, bias."""
    magnetometer_b: Vec3 = field(default_factory=Vec3)
    """Part of the field, body: bias."""
    temperature: Scalar = 0.0
    """K, bias."""
    fuel: Scalar = 0.0
    """Part of the fuel aboard that the gauge reads too much."""
    fuel_flow: Scalar = 0.0
    """Part of the flow that the controller reads too much."""


@dataclass(frozen=True)
class Inertia:
    """Mass properties now."""

    mass: Scalar = 1.0
    """kg."""
    J_xx: Scalar = 1.0
    """kg m^2."""
    J_yy: Scalar = 1.0
    """kg m^2."""
    J_zz: Scalar = 1.0
    """kg m^2."""
    J_xz: Scalar = 0.0
    """kg m^2, integral of x z dm."""
    i_m: Scalar = 1.0
    """1/kg."""
    i_xx: Scalar = 1.0
    """1/(kg m^2), J_zz / (J_xx J_zz - J_xz^2)."""
    i_yy: Scalar = 1.0
    """1/(kg m^2)."""
    i_zz: Scalar = 1.0
    """1/(kg m^2), J_xx / (J_xx J_zz - J_xz^2)."""
    i_xz: Scalar = 0.0
    """1/(kg m^2), J_xz / (J_xx J_zz - J_xz^2)."""
    J_xy: Scalar = 0.0
    """kg m^2, integral of x y dm: 0 without a one-sided load."""
    J_yz: Scalar = 0.0
    """kg m^2, integral of y z dm: 0 without a one-sided load."""
    i_xy: Scalar = 0.0
    """1/(kg m^2), of the inverse tensor."""
    i_yz: Scalar = 0.0
    """1/(kg m^2), of the inverse tensor."""
    shift_b: Vec3 = field(default_factory=Vec3)
    """m, body: centre of gravity from the reference centre of gravity."""


@dataclass(frozen=True)
class Stall:
    """Where the lift curve breaks now, with flap, ice and Reynolds number."""

    C_L_max: Scalar = 1.6
    """Largest lift coefficient."""
    alpha: Scalar = 0.25
    """rad, half-way point of the break."""
    s: Scalar = 0.25
    """Its sine."""
    c: Scalar = 0.97
    """Its cosine."""
    alpha_negative: Scalar = -0.25
    """rad, half-way point of the break of negative lift."""
    s_negative: Scalar = -0.25
    """Its sine."""
    c_negative: Scalar = 0.97
    """Its cosine."""
    speed: Scalar = 30.0
    """m/s equivalent airspeed, stall at load factor 1."""
    sharpness: Scalar = 50.0
    """1/rad, rate M of the break."""


@dataclass(frozen=True)
class Line:
    """A filter along u: two poles, one noise, an output of unit variance."""

    decay_1: Scalar = 1.0
    decay_2: Scalar = 1.0
    noise_1: Scalar = 0.0
    noise_2: Scalar = 0.0
    out_1: Scalar = 1.0
    out_2: Scalar = 0.0


@dataclass(frozen=True)
class Cross:
    """A filter across (v or w): three poles, the second fed by the first, an output of unit variance."""

    decay_1: Scalar = 1.0
    decay_2: Scalar = 1.0
    decay_3: Scalar = 1.0
    feed: Scalar = 0.0
    """Part of the first state that goes into the second."""
    noise_1: Scalar = 0.0
    noise_2: Scalar = 0.0
    """Of the noise of the first, into the second."""
    own_2: Scalar = 0.0
    """Of a noise of its own, into the second."""
    noise_3: Scalar = 0.0
    out_1: Scalar = 1.0
    out_2: Scalar = 0.0
    out_3: Scalar = 0.0


@dataclass(frozen=True)
class GustLaw:
    """Coefficients of the gust filters at this airspeed and height."""

    sigma_u: Scalar = 0.0
    """m/s."""
    sigma_v: Scalar = 0.0
    """m/s."""
    sigma_w: Scalar = 0.0
    """m/s."""
    sigma_p: Scalar = 0.0
    """rad/s."""
    u: Line = field(default_factory=Line)
    v: Cross = field(default_factory=Cross)
    w: Cross = field(default_factory=Cross)
    p_decay: Scalar = 1.0
    p_drive: Scalar = 0.0
    q_pole: Scalar = 0.0
    """1/s, of the pitch gust's filter."""
    r_pole: Scalar = 0.0
    """1/s, of the yaw gust's filter."""
    per_speed: Scalar = 0.02
    """s/m, one over the airspeed."""
    wind_c: Scalar = 1.0
    """Cosine of the direction to which the mean wind blows."""
    wind_s: Scalar = 0.0
    """Its sine."""
    high: Scalar = 0.0
    """0 below 1,000 ft (gusts along the wind) .. 1 above 2,000 ft (gusts along the body)."""
    discrete_b: Vec3 = field(default_factory=Vec3)
    """m/s, body: peak of the discrete gust being met, velocity of the air."""
    discrete_rate: Scalar = 0.0
    """Part of the discrete gust that a fast tick passes; 0 where none was begun."""
    discrete_end: Scalar = 0.5
    """Phase at which the discrete gust stays: 1/2 gone, 0 at its peak."""


@dataclass(frozen=True)
class Drive:
    """What engine and propeller can do at this air."""

    power_available: Scalar = 0.0
    """W at rated speed."""
    friction: Scalar = 0.0
    """W lost inside the engine."""
    fuel_per_work: Scalar = 0.0
    """kg/J of indicated work."""
    lag: Scalar = 0.0
    """Part of a change of power that happens in a fast tick."""
    speed_lag: Scalar = 0.0
    """Part of a change of speed that happens in a fast tick."""
    turning: Scalar = 0.0
    """rad/s at which wind or starter turn the propeller of an engine that is asked to run and does not."""


@dataclass(frozen=True)
class Held:
    """What varies slowly: computed in the slow tick, used in the fast one."""

    inertia: Inertia = field(default_factory=Inertia)
    stall: Stall = field(default_factory=Stall)
    gust: GustLaw = field(default_factory=GustLaw)
    drive: Drive = field(default_factory=Drive)
    friction: Scalar = 1.0
    """Factor on skin-friction drag by Reynolds number."""
    actuator_rate: Scalar = 1.0
    """Factor on the actuators' rate limit: cold grease, failures."""
    field_n: Vec3 = field(default_factory=Vec3)
    """Direction of the Earth's magnetic field, unit length, NED."""
    strength: Scalar = 1.0
    """Part of the structure's strength that its hottest skin keeps."""


@dataclass(frozen=True)
class Loads:
    """What the forces did at the last fast tick: for the ledger, the slow tick and the sensors."""

    load_factor: Scalar = 1.0
    """Lift and all other forces along -z over weight."""
    alpha: Scalar = 0.0
    """rad, angle of attack, gusts included."""
    beta: Scalar = 0.0
    """rad, sideslip (two terms of the arc sine: 1 % at 0.6 rad)."""
    airspeed_true: Scalar = 0.0
    """m/s, gusts included."""
    airspeed_calibrated: Scalar = 0.0
    """m/s."""
    rho: Scalar = 1.225
    """kg/m^3."""
    temperature: Scalar = 288.15
    """K, outside air at the aircraft."""
    pressure: Scalar = 101325.0
    """Pa."""
    lift_margin: Scalar = 1.0
    """1 - C_L / C_L_max."""
    stall_margin: Scalar = -1.0
    """Airspeed over the true stall speed at load factor 1, ice and flap included, less 1."""
    stalled: Scalar = 0.0
    """0 attached .. 1 separated."""
    thrust: Scalar = 0.0
    """N."""
    drag: Scalar = 0.0
    """N."""
    height: Scalar = 0.0
    """m above the ellipsoid."""
    height_agl: Scalar = 0.0
    """m, centre of gravity above the surface below."""
    on_ground: Scalar = 1
    """1 while a main wheel carries weight."""
    main_load: Scalar = 0.0
    """N, on both main wheels."""
    touchdown_sink: Scalar = 0.0
    """m/s, downward speed at the last touch-down."""
    climb_rate: Scalar = 0.0
    """m/s, upwards."""
    wheel_speed: Scalar = 0.0
    """m/s, speed over the ground along the heading while the wheels carry weight."""


@dataclass(frozen=True)
class World:
    """Everything that is true of one aircraft and the air around it."""

    truth: Truth = field(default_factory=Truth)
    anchor: Anchor = field(default_factory=Anchor)
    air: Air = field(default_factory=Air)
    gust: Gust = field(default_factory=Gust)
    surfaces: Surfaces = field(default_factory=Surfaces)
    motor: Motor = field(default_factory=Motor)
    wheels: Wheels = field(default_factory=Wheels)
    ice: Ice = field(default_factory=Ice)
    ice_effects: IceEffects = field(default_factory=IceEffects)
    heat: Heat = field(default_factory=Heat)
    power: Power = field(default_factory=Power)
    errors: SensorErrors = field(default_factory=SensorErrors)
    held: Held = field(default_factory=Held)
    loads: Loads = field(default_factory=Loads)
    failed: Failed = field(default_factory=Failed)
    """What has failed."""
    runway: Runway = field(default_factory=Runway)
    """How the runway below grips."""
    shear: Scalar = 0.0
    """F-factor of changing wind, mean over the last kilometre."""
    altimeter: Scalar = 0.0
    """m, what an altimeter set at home shows, less the true height: positive in cold air above home."""
    altimeter_setting: Scalar = 0.0
    """m, pressure altitude less true height where the flight began: what the altimeter was set by."""
    fuel: Scalar = wide(0.0)
    """kg, usable."""
    fuel_burned: Scalar = wide(0.0)
    """kg since the start."""
    asymmetry: Scalar = 0.0
    """C_l at the height of a stall: which wing drops first, drawn from the seed."""
    damage: Scalar = UNHARMED
    """One of the damages above; the first one stays."""
    status: Scalar = SOUND
    """State of the model, as above; the first trouble stays."""


Tree = TypeVar("Tree")


def select(which: Any, new: Tree, old: Tree) -> Tree:
    """`new` where `which` holds, else `old`, leaf by leaf; leaves that are the same object are left alone."""
    if is_dataclass(new) and not isinstance(new, type):
        parts = {f.name: select(which, getattr(new, f.name), getattr(old, f.name)) for f in fields(new)}
        return type(new)(**parts)
    chosen: Any = new if new is old else jnp.where(which, jnp.asarray(new), jnp.asarray(old))
    return chosen  # type: ignore[no-any-return]


def attitude(world: World) -> Rotation:
    """`R_nb`, from body to north-east-down at the anchor."""
    return compose(world.anchor.R_ne, rotation(world.truth.q_eb))

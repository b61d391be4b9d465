"""What the parts tell each other: measurement, estimate, command, telemetry, ledger.

Every leaf is a float64 scalar or an int32 scalar (a flag is 0 or 1). Each field names its unit and frame once, here.
The truth is not in this file: what flies the aircraft sees measurements and its own estimate only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from samruk.frames import Quaternion, Vec3
from samruk.words import wide

Scalar = Any


class Mode(IntEnum):
    """What the autopilot is doing; the ledger and the strip name segments by it."""

    PREFLIGHT = 0
    """Parked, checks running; may refuse."""
    LINE_UP = 1
    """On the runway, brakes on, power rising."""
    TAKE_OFF = 2
    """Rolling and rotating, to the acceleration height."""
    CLIMB = 3
    """Climbing on the way to the first leg."""
    ROUTE = 4
    """Flying legs."""
    LOITER = 5
    """Circling a leg's place for its time: on station."""
    RETURN = 6
    """Flying home by decision or at the end of the route."""
    DIVERT = 7
    """Flying to an alternate aerodrome."""
    LOST_LINK = 8
    """Flying the lost-link route."""
    ESCAPE = 9
    """Leaving ice by height."""
    DESCENT = 10
    """Descending to the approach gate."""
    APPROACH = 11
    """On the glide path."""
    FLARE = 12
    """From the flare height to touch-down."""
    ROLL_OUT = 13
    """On the ground, braking."""
    GO_AROUND = 14
    """Climbing away from an approach."""
    STOPPED = 15
    """At rest, engine off: the flight is over."""
    REFUSED = 16
    """The checks before flight refused."""
    GLIDE = 17
    """Engine stopped in the air: best glide towards the nearest field."""
    HOLD = 18
    """Circling, or flying a figure eight about, a place that was ordered."""
    HEADING = 19
    """Holding an ordered heading and height."""
    STICK = 20
    """Following bank and climb as a hand on a stick asks for them, within the envelope."""


class Reason(IntEnum):
    """Why the autopilot chose its mode, refused a command, or refused to fly."""

    NONE = 0
    MISSION_DONE = 1
    FUEL = 2
    LINK = 3
    ICE = 4
    CREW = 5
    HEAT = 6
    AIRSPEED = 7
    ENGINE = 8
    ELECTRIC = 9
    FUEL_TOO_COLD = 10
    FUEL_SHORT = 11
    TOO_HEAVY = 12
    TOO_HOT = 13
    TOO_COLD = 14
    CROSSWIND = 15
    FROST = 16
    NAVIGATION = 17
    NOT_NOW = 18
    UNSTABLE_APPROACH = 19
    RUNWAY_TOO_SHORT = 20
    ENGINE_COLD = 21
    BATTERY_COLD = 22
    WIND_SHEAR = 23
    ON_GROUND = 24
    IN_AIR = 25
    NO_ROUTE = 26
    """There is no such leg, or no leg at all."""
    TOO_LOW = 27
    """Below the least height above the field, or the height that clears the terrain."""
    TOO_HIGH = 28
    ENGINE_OFF = 29
    NO_FIELD = 30
    """The mission names no such field."""
    UNKNOWN = 31
    """No such order, or numbers that mean nothing."""


NONE_GIVEN = -1e9
"""A number of an order that was not given: keep what is, or the autopilot's own choice."""
GIVEN = -1e8
"""Numbers above this were given."""


class OrderKind(IntEnum):
    """What may be ordered of a live aircraft; see `Order` for the numbers of each."""

    NONE = 0
    ENGINE = 1
    """x 1 start, 0 stop; y 1 in an emergency, else a stop in the air is refused."""
    TAKE_OFF = 2
    """Check, line up, take off. z 1: fly the route from leg x, from its first if none; else hold overhead at altitude.
    """
    ROUTE = 3
    """x: leg of the main route to fly, from 0; none: the leg in hand."""
    HOLD = 4
    """Place or none (here), altitude, x signed radius in m (positive: clockwise), y airspeed: fly there and circle."""
    FIGURE_EIGHT = 5
    """Place or none, altitude, x half length in m, y radius of its circles in m, z rad from north of its length."""
    HEADING = 6
    """x rad, true, altitude, y airspeed."""
    ALTITUDE = 7
    """altitude: another height in the present mode."""
    AIRSPEED = 8
    """x m/s calibrated; 0 the autopilot's own."""
    RETURN = 9
    """Fly home and land."""
    LAND = 10
    """x 0 home, 1 and 2 the alternates."""
    GO_AROUND = 11
    """altitude: then hold overhead at it; none: then try again."""
    STICK = 12
    """x rad of bank, y m/s of climb, z airspeed; to be repeated, for it expires after a second."""
    LOST_LINK = 13
    """Fly the lost-link route, as a rehearsal."""
    ICE_PROTECTION = 14
    """x 1 on, 0 off, -1 as the autopilot finds right."""
    ROUTE_SWAP = 15
    """The table of legs has changed: x number of legs, y leg to fly next (none: go on), z 1 for the lost-link route."""


class CommandKind(IntEnum):
    """What a crew may ask of an aircraft."""

    NONE = 0
    ICE_PROTECTION = 1
    """argument 1: 1 on, 0 off."""
    RETURN_HOME = 2
    SET_ALTITUDE = 3
    """argument 1: metres above mean sea level."""
    CONTINUE_ROUTE = 4
    DIVERT = 5
    """argument 1: index of the alternate."""
    SET_AIRSPEED = 6
    """argument 1: m/s calibrated, 0 gives the speed back to the autopilot."""


@dataclass(frozen=True)
class Inertial:
    """What the inertial unit measures, every fast tick."""

    f_b: Vec3 = field(default_factory=Vec3)
    """m/s^2, body: specific force, with the unit's errors."""
    omega_ib_b: Vec3 = field(default_factory=Vec3)
    """rad/s, body: rate relative to inertial space, with the unit's errors."""


@dataclass(frozen=True)
class Measurement:
    """What all other sensors measure, at the mission tick."""

    r_be_e: Vec3 = wide(Vec3)
    """m, ECEF: place by GNSS."""
    v_be_e: Vec3 = field(default_factory=Vec3)
    """m/s, ECEF: velocity by GNSS."""
    gnss_fresh: Scalar = 0
    """1 when the GNSS values are new this tick (once a second), else 0."""
    static_pressure: Scalar = 101325.0
    """Pa, at the static port."""
    impact_pressure: Scalar = 0.0
    """Pa, total minus static as the pitot tube gives it; a blocked tube lies."""
    temperature: Scalar = 288.15
    """K, outside air, corrected for the speed."""
    field_b: Vec3 = field(default_factory=Vec3)
    """Earth's magnetic field along the body axes, scaled to unit length."""
    height_radar: Scalar = 0.0
    """m above the surface below, by radar altimeter; valid below 750 m."""
    weight_on_wheels: Scalar = 1
    """1 when the main wheels carry weight."""
    wheel_speed: Scalar = 0.0
    """m/s, by the wheels."""
    fuel: Scalar = 0.0
    """kg, by the gauge."""
    fuel_flow: Scalar = 0.0
    """kg/s, by the engine's controller."""
    shaft_power: Scalar = 0.0
    """W, by the engine's controller."""
    engine_running: Scalar = 1
    """1 when the engine runs."""
    ice_detected: Scalar = 0
    """1 while the ice detector reports accretion."""
    ice_rate: Scalar = 0.0
    """m/s of ice on the detector's probe, as it estimates."""
    fuel_temperature: Scalar = 288.15
    """K, in the coldest tank."""
    bay_temperature: Scalar = 288.15
    """K, avionics bay."""
    engine_temperature: Scalar = 288.15
    """K, coolant."""
    oil_temperature: Scalar = 288.15
    """K, engine oil."""
    battery_temperature: Scalar = 288.15
    """K, cells."""
    box_temperature: Scalar = 288.15
    """K, hottest avionics box."""
    turret_temperature: Scalar = 288.15
    """K, payload turret."""
    generator_load: Scalar = 0.0
    """Part of the alternator's power in use, 0..1 and above when it cannot carry the load."""
    battery_drain: Scalar = 0.0
    """W that the battery gives because the alternator cannot."""
    wing_powered: Scalar = 0
    """1 while wing protection draws current."""


@dataclass(frozen=True)
class Estimate:
    """What the aircraft believes of itself; telemetry is made of it."""

    latitude: Scalar = wide(0.0)
    """rad, geodetic, WGS-84."""
    longitude: Scalar = wide(0.0)
    """rad, east."""
    altitude_msl: Scalar = 0.0
    """m above mean sea level (here: above the ellipsoid; the geoid is not modelled)."""
    height_agl: Scalar = 0.0
    """m above the surface below: radar altimeter where it is valid, else altitude less the runway's."""
    v_n: Vec3 = field(default_factory=Vec3)
    """m/s, NED: velocity relative to Earth."""
    q_nb: Quaternion = field(default_factory=Quaternion)
    """Attitude, body to NED."""
    phi: Scalar = 0.0
    """rad, roll."""
    theta: Scalar = 0.0
    """rad, pitch."""
    psi: Scalar = 0.0
    """rad, true heading."""
    omega_b: Vec3 = field(default_factory=Vec3)
    """rad/s, body: rate relative to NED."""
    a_b: Vec3 = field(default_factory=Vec3)
    """m/s^2, body: specific force less the estimated bias."""
    airspeed_calibrated: Scalar = 0.0
    """m/s."""
    airspeed_true: Scalar = 0.0
    """m/s."""
    airspeed_valid: Scalar = 1
    """1 while the pitot agrees with the rest."""
    wind_n: Vec3 = field(default_factory=Vec3)
    """m/s, NED: the air's velocity relative to Earth."""
    rho: Scalar = 1.225
    """kg/m^3, from static pressure and temperature."""
    mass: Scalar = 1500.0
    """kg, take-off mass less the fuel used."""
    position_sigma: Scalar = 1.0
    """m, one standard deviation, horizontal."""


@dataclass(frozen=True)
class ControlCommand:
    """What the autopilot asks of the actuators and systems."""

    delta_e: Scalar = 0.0
    """rad, elevator part of the tail, positive trailing edge down (nose down)."""
    delta_a: Scalar = 0.0
    """rad, aileron, positive rolls right."""
    delta_r: Scalar = 0.0
    """rad, rudder part of the tail, positive yaws nose right."""
    delta_t: Scalar = 0.0
    """0..1, power lever."""
    delta_f: Scalar = 0.0
    """0..1, flap, part of full."""
    brake: Scalar = 1.0
    """0..1, both main wheels."""
    steer: Scalar = 0.0
    """rad, nose wheel, positive turns right."""
    gear_down: Scalar = 1
    """1 down, 0 up."""
    engine_run: Scalar = 1
    """1 run, 0 stop."""
    propeller_speed: Scalar = 0.0
    """rad/s, governor setting; 0 means the rated speed."""
    wing_protection: Scalar = 0
    """1 on: wing and tail."""
    propeller_protection: Scalar = 0
    """1 on."""
    pitot_heat: Scalar = 0
    """1 on."""


@dataclass(frozen=True)
class Command:
    """One crew command on its way up: a mailbox of one place."""

    sequence: Scalar = 0
    """Rises by one with each new command; 0 means none yet."""
    kind: Scalar = 0
    """A `CommandKind`."""
    argument: Scalar = 0.0
    """Meaning and unit by kind."""


@dataclass(frozen=True)
class Ack:
    """The aircraft's answer."""

    sequence: Scalar = 0
    """The command that it answers."""
    accepted: Scalar = 0
    """1 accepted, 0 refused."""
    reason: Scalar = 0
    """A `Reason` when refused."""


@dataclass(frozen=True)
class Order:
    """One order to a live aircraft, already aboard: a mailbox of one place. What a number means is told by the kind;
    a number that is `NONE_GIVEN` is left to the autopilot."""

    sequence: Scalar = 0
    """Changes with each new order; 0 means none yet."""
    kind: Scalar = 0
    """An `OrderKind`."""
    latitude: Scalar = wide(NONE_GIVEN)
    """rad."""
    longitude: Scalar = wide(NONE_GIVEN)
    """rad, east."""
    altitude: Scalar = NONE_GIVEN
    """m above mean sea level."""
    x: Scalar = NONE_GIVEN
    """First number of its kind."""
    y: Scalar = NONE_GIVEN
    """Second number of its kind."""
    z: Scalar = NONE_GIVEN
    """Third number of its kind."""


@dataclass(frozen=True)
class OrderAck:
    """The aircraft's one answer to an order, at the mission tick that read it."""

    sequence: Scalar = 0
    """The order that it answers."""
    accepted: Scalar = 0
    """1 accepted, 0 refused."""
    reason: Scalar = 0
    """A `Reason` when refused."""


@dataclass(frozen=True)
class Telemetry:
    """What a station sees: from the estimate, never from the truth."""

    tick: Scalar = -1
    """Mission tick when it was sent; -1 before the first."""
    latitude: Scalar = 0.0
    """rad."""
    longitude: Scalar = 0.0
    """rad."""
    altitude_msl: Scalar = 0.0
    """m."""
    airspeed_calibrated: Scalar = 0.0
    """m/s."""
    climb_rate: Scalar = 0.0
    """m/s, positive up."""
    mode: Scalar = 0
    """A `Mode`."""
    fuel: Scalar = 0.0
    """kg."""
    ice_detected: Scalar = 0
    """1 while the detector reports ice."""
    announces_ice: Scalar = 0
    """1 for the 3 s after the aircraft has found ice anew: its one spoken announcement of this encounter."""
    protection_on: Scalar = 0
    """1 while ice protection is on."""
    temperature: Scalar = 288.15
    """K, outside."""
    stall_margin: Scalar = 1.0
    """Airspeed over the clean-wing stall speed of the handbook, less 1."""
    power_excess: Scalar = 0.0
    """Shaft power over what the clean aircraft would need, less 1: ice shows here."""
    ack: Ack = field(default_factory=Ack)
    """The last answer to a command."""

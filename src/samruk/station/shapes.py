"""What is known of one aircraft, as the wire carries it: SI and radians, None for what is not known."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["pilot", "payload", "commander", "maintainer", "instructor", "observer"]


class Place(msgspec.Struct, frozen=True):
    """A point on or above the earth."""

    latitude: float  # rad
    longitude: float  # rad
    altitude: float  # m msl


class Seat(msgspec.Struct):
    """Whose screen this is."""

    id: str  # S1
    name: str
    role: Role
    sysid: int
    language: str  # en, tr


class Site(msgspec.Struct):
    """A ground station as this one knows it."""

    id: str
    name: str
    sysid: int
    latitude: float | None  # rad
    longitude: float | None  # rad
    alive: bool | None  # None: never heard
    age: float | None  # s


class Ages(msgspec.Struct):
    """Seconds since each group of values was last heard, with the delay of the link where it is known."""

    position: float | None = None
    attitude: float | None = None
    status: float | None = None
    links: float | None = None
    fuel: float | None = None
    turret: float | None = None
    authority: float | None = None


class Holder(msgspec.Struct):
    """System ids in command by level of interoperability; 0 nobody."""

    loi3: int | None = None  # payload
    loi4: int | None = None  # aircraft
    loi5: int | None = None  # take-off and landing as well


class Attitude(msgspec.Struct):
    """How the aircraft lies."""

    phi: float | None = None  # rad, + right wing down
    theta: float | None = None  # rad, + nose up
    psi: float | None = None  # rad true


class Position(msgspec.Struct):
    """Where the aircraft is."""

    latitude: float | None = None  # rad
    longitude: float | None = None  # rad
    altitude: float | None = None  # m msl
    agl: float | None = None  # m above the terrain that the station has
    relative: float | None = None  # m above home


class Speeds(msgspec.Struct):
    """How fast it goes."""

    ground: float | None = None  # m/s
    course: float | None = None  # rad true
    climb: float | None = None  # m/s
    calibrated: float | None = None  # m/s
    true: float | None = None  # m/s


class Wind(msgspec.Struct):
    """Wind as the aircraft estimates it."""

    bearing: float | None = None  # rad true, from where
    speed: float | None = None  # m/s


class Mode(msgspec.Struct):
    """What the aircraft does, why, by whom, and what comes next."""

    now: str | None = None  # name, key of the catalogue as mode.<name>
    reason: str | None = None  # key of the catalogue as reason.<name>
    since_s: float | None = None  # s ago
    next: str | None = None  # armed next mode
    trigger: str | None = None  # what would bring it, key of the catalogue as trigger.<name>
    by: int | None = None  # system id that commanded it, 0 the aircraft itself
    at_s: float | None = None  # s ago, when it was commanded
    standard: int | None = None  # MAV_STANDARD_MODE
    heading: float | None = None  # rad, in 60 s
    altitude: float | None = None  # m, in 60 s
    distance: float | None = None  # m flown in 60 s


class Target(msgspec.Struct):
    """What it aims at."""

    altitude: float | None = None  # m msl
    airspeed: float | None = None  # m/s calibrated
    heading: float | None = None  # rad true


class Field(msgspec.Struct):
    """Somewhere to land, with the fuel that takes."""

    name: str
    needed: float | None = None  # kg to land there with the reserve
    flight_s: float | None = None  # s
    bingo_s: float | None = None  # s until one must turn to it


class Fuel(msgspec.Struct):
    """Fuel as the aircraft reckons it."""

    aboard: float | None = None  # kg
    flow: float | None = None  # kg/s
    reserve: float | None = None  # kg
    fraction: float | None = None  # of full tanks or of the battery
    fields: list[Field] = []


class Ice(msgspec.Struct):
    """Ice and what it costs."""

    detected: bool | None = None
    rate: float | None = None  # kg/s
    mass: float | None = None  # kg, estimated aboard
    excess: float | None = None  # W, power to spare
    protection: str | None = None  # off, ready, heating, failed
    stall_margin: float | None = None  # of stall speed
    stall_speed: float | None = None  # m/s calibrated
    outside: float | None = None  # K


class Heat(msgspec.Struct):
    """A temperature with its limits."""

    name: str  # key of the catalogue as heat.<name>
    temperature: float | None = None  # K
    least: float | None = None  # K
    most: float | None = None  # K


class Bearer(msgspec.Struct):
    """One way by which frames come and go."""

    bearer: str  # line_of_sight, satellite
    margin: float | None = None  # dB
    up: bool | None = None
    delay: float | None = None  # s
    age: float | None = None  # s since a frame came by it
    loss: float | None = None  # fraction of the last minute
    gap_s: float | None = None  # s until the next foreseen gap
    gap_for_s: float | None = None  # s that it lasts


class Outlook(msgspec.Struct):
    """How the flight will end, as the aircraft foresees it."""

    outcome: str | None = None  # completed, diverted, refused, lost
    reason: str | None = None
    field: str | None = None
    lands_s: float | None = None  # s from now
    fuel: float | None = None  # kg at landing


class Turret(msgspec.Struct):
    """Where the camera looks."""

    azimuth: float | None = None  # rad from the nose
    elevation: float | None = None  # rad, + up
    field_of_view: float | None = None  # rad
    mode: str | None = None
    aim: Place | None = None
    footprint: list[tuple[float, float]] | None = None  # latitude, longitude, rad, four corners


class Versions(msgspec.Struct):
    """Opaque ids of what the aircraft holds; 0 none."""

    mission: int | None = None
    fence: int | None = None
    rally: int | None = None
    lost_link: int | None = None


class Words(msgspec.Struct):
    """A STATUSTEXT."""

    s: float  # sim_s
    severity: int  # 0 emergency .. 7 debug
    words: str


class Aircraft(msgspec.Struct):
    """Everything known of one aircraft."""

    sysid: int
    name: str  # two digits
    type: str | None
    foreign: bool  # speaks no own dialect
    duplicate: bool  # two aircraft answer to this id
    age: Ages
    heard_wall_ms: int | None
    sent_sim_s: float | None
    holder: Holder
    attitude: Attitude
    place: Position
    v: Speeds
    wind: Wind
    mode: Mode
    target: Target
    soon: list[Place]  # the next 60 s
    fuel: Fuel
    ice: Ice
    heat: list[Heat]
    links: list[Bearer]
    active_bearer: str | None
    lost_link_s: float | None  # s until the aircraft takes itself for lost, at this age of the link
    reach: list[float] | None  # m, 36 bearings from north
    reach_fields: int | None  # bits over fuel.fields
    outlook: Outlook | None
    turret: Turret
    leg: int | None
    legs: int | None
    home: Place | None
    versions: Versions
    shown: Versions  # what this station shows
    armed: bool | None
    landed: bool | None
    phase: Literal["ground", "take_off", "air", "landing"] | None
    engine_running: bool | None
    engine_speed: float | None  # rad/s
    throttle: float | None  # 0..1
    satellites: int | None
    load: float | None  # fraction of the processor
    health: list[str]  # sensors present and unhealthy, keys of the catalogue as sensor.<name>
    prearm: list[str]  # why it may not arm, as it says
    text: list[Words]
    recovered: bool  # parts are from before this station was restarted
    usable: bool  # fresh enough to command on
    mine: bool  # this seat commands it
    neutral: bool  # command regained and not yet acknowledged: inputs stay neutral

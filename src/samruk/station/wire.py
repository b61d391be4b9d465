"""What a station and its browsers say to each other; `web/src/wire.ts` is written from this file.

Server to browser: MessagePack, one binary WebSocket message each, of a type below with its tag `t`. `Picture` comes ten
times a second and is always the newest. Browser to server: JSON text, one of `Asked`.

SI units and radians; angles of places too; headings and bearings are true, from north, clockwise. `wall_ms` is the
station's clock in ms since 1970, `sim_s` the simulated time of the aircraft in s since its start. What is not known is
None: an aircraft of another make lacks whatever its messages do not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from samruk.station.shapes import (
    Ages as Ages,
)
from samruk.station.shapes import (
    Aircraft as Aircraft,
)
from samruk.station.shapes import (
    Attitude as Attitude,
)
from samruk.station.shapes import (
    Bearer as Bearer,
)
from samruk.station.shapes import (
    Field as Field,
)
from samruk.station.shapes import (
    Fuel as Fuel,
)
from samruk.station.shapes import (
    Heat as Heat,
)
from samruk.station.shapes import (
    Holder as Holder,
)
from samruk.station.shapes import (
    Ice as Ice,
)
from samruk.station.shapes import (
    Mode as Mode,
)
from samruk.station.shapes import (
    Outlook as Outlook,
)
from samruk.station.shapes import (
    Place as Place,
)
from samruk.station.shapes import (
    Position as Position,
)
from samruk.station.shapes import (
    Role as Role,
)
from samruk.station.shapes import (
    Seat as Seat,
)
from samruk.station.shapes import (
    Site as Site,
)
from samruk.station.shapes import (
    Speeds as Speeds,
)
from samruk.station.shapes import (
    Target as Target,
)
from samruk.station.shapes import (
    Turret as Turret,
)
from samruk.station.shapes import (
    Versions as Versions,
)
from samruk.station.shapes import (
    Wind as Wind,
)
from samruk.station.shapes import (
    Words as Words,
)

VERSION = 1
"""Raised when a browser of another version would misread."""

Kind = Literal["mission", "fence", "rally", "lost_link"]
Level = Literal["warning", "caution", "advisory"]
State = Literal["requested", "sent", "accepted", "refused", "done", "timeout"]


class Alarm(msgspec.Struct):
    """Something that needs attention."""

    id: int
    sysid: int  # 0 the station
    key: str  # words: catalogue alarm.<key>
    level: Level
    words: str  # in the language of the seat
    since_ms: int
    active: bool  # False: the cause is gone, kept until acknowledged
    acknowledged: bool
    cause: int | None  # id of the alarm that brings this one
    consequences: list[int]
    tone: str  # warning, caution, command_gained, command_lost, empty
    speak: str  # words to say, empty: nothing
    checklist: str | None
    inhibited: bool  # shown but silent


class ChecklistItem(msgspec.Struct):
    """One line of a checklist."""

    id: str
    words: str
    sensed: bool
    done: bool
    by: Literal["sensed", "crew", ""]
    at_ms: int | None


class Checklist(msgspec.Struct):
    """A checklist that is open."""

    id: str
    sysid: int
    words: str
    items: list[ChecklistItem]
    complete: bool
    gate: str | None  # kind of command that waits for it
    opened_by: int | None  # alarm
    since_ms: int


class Difference(msgspec.Struct):
    """A commanded value on which aircraft and station differ."""

    index: int
    name: str  # key of the catalogue as value.<name>
    words: str
    aircraft: str
    station: str
    accepted: bool


class Handover(msgspec.Struct):
    """One hand-over under way, as the aircraft tells it."""

    sysid: int
    giver: int  # system id
    taker: int
    loi: int
    step: str  # offered, requested, differences, transfer, read_back, done, cancelled
    differences: list[Difference]
    compared: int  # values compared
    read_back_s: float | None  # s that the read-back took


class CommandState(msgspec.Struct):
    """A command on its way."""

    id: str  # given by the browser
    sysid: int
    kind: str
    words: str
    state: State
    reason: str
    asked_ms: int
    changed_ms: int
    tries: int
    progress: Progress | None = None  # of an upload


class Picture(msgspec.Struct, tag_field="t", tag="picture"):
    """All that moves."""

    n: int
    wall_ms: int
    sim_s: float | None
    speed: float | None  # x real time, measured
    replaying: bool
    seat: Seat
    stations: list[Site]
    aircraft: list[Aircraft]
    alarms: list[Alarm]
    checklists: list[Checklist]
    offers: list[Handover]
    pending: list[CommandState]


class Progress(msgspec.Struct):
    """How far an upload has come."""

    done: int  # items
    all: int


class Bounds(msgspec.Struct):
    """A rectangle of the map."""

    south: float  # rad
    west: float  # rad
    north: float  # rad
    east: float  # rad


class Runway(msgspec.Struct):
    """One direction of a runway."""

    name: str  # 22
    course: float  # rad true
    latitude: float  # rad, threshold
    longitude: float  # rad
    length: float  # m


class Aerodrome(msgspec.Struct):
    """Somewhere to land."""

    name: str  # LTAC
    title: str | None
    latitude: float  # rad
    longitude: float  # rad
    altitude: float  # m msl
    runways: list[Runway]
    home: bool = False
    closed: bool = False


class Hello(msgspec.Struct, tag_field="t", tag="hello"):
    """First message after opening."""

    version: int
    software: str
    seat: Seat
    languages: list[str]
    failures: list[str]  # instructor: systems that can fail
    conditions: list[str]  # instructor: keys of weather
    link_conditions: list[str]
    journal: str | None  # name of the file
    replaying: bool


class Ground(msgspec.Struct, tag_field="t", tag="ground"):
    """Shaded relief under the map; not sent where there is no terrain."""

    url: str  # PNG, equirectangular between its bounds
    bounds: Bounds


class Fields(msgspec.Struct, tag_field="t", tag="fields"):
    """Where one can land."""

    fields: list[Aerodrome]


class Item(msgspec.Struct):
    """One MAVLink mission item; parameters 1 to 4 as MAVLink has them."""

    command: int
    frame: int
    params: tuple[float | None, float | None, float | None, float | None]
    latitude: float | None  # rad
    longitude: float | None  # rad
    altitude: float | None  # m in its frame
    autocontinue: bool = True


class Route(msgspec.Struct, tag_field="t", tag="route"):
    """What the aircraft holds of a kind of plan."""

    sysid: int
    kind: Kind
    version: int | None
    items: list[Item]
    lands_s: float | None = None  # of a lost-link route: s from now
    lands_at: str | None = None


class ProfilePoint(msgspec.Struct):
    """A place on the way ahead."""

    s: float  # s from now
    distance: float  # m from the aircraft
    altitude: float | None  # m msl
    ground: float | None  # m msl


class Profile(msgspec.Struct, tag_field="t", tag="profile"):
    """The route ahead from the side."""

    sysid: int
    points: list[ProfilePoint]
    lost_link: list[ProfilePoint]
    marks: list[tuple[float, int]]  # distance m, item
    ceiling: float | None = None  # m msl
    freezing: float | None = None  # m msl, where it is 0 degrees Celsius


class Margin(msgspec.Struct):
    """Margins of the links at a place ahead."""

    s: float  # s from now
    distance: float  # m
    los_db: float | None
    satellite_db: float | None


class Gap(msgspec.Struct):
    """A stretch without link."""

    bearer: str  # line_of_sight, satellite, all
    start_s: float
    end_s: float
    start: float  # m
    end: float  # m
    reason: str  # terrain, horizon, range, gap


class Prediction(msgspec.Struct, tag_field="t", tag="prediction"):
    """Margins of the links along the route ahead."""

    sysid: int
    points: list[Margin]
    gaps: list[Gap]


class Strip(msgspec.Struct, tag_field="t", tag="strip"):
    """The flight as columns over time, thinned; `foreseen` columns follow the flown ones in the same arrays."""

    sysid: int
    s: list[float]  # sim_s
    altitude: list[float | None]
    ground: list[float | None]
    ice: list[float | None]
    stall_margin: list[float | None]
    los_db: list[float | None]
    satellite_db: list[float | None]
    fuel: list[float | None]
    mode: list[str | None]
    by: list[int | None]
    latitude: list[float | None]
    longitude: list[float | None]
    now: int  # index of the first foreseen
    start_unix_s: float | None  # simulated UTC at sim_s = 0


class Problem(msgspec.Struct):
    """Why a plan is not good."""

    item: int | None  # None: the plan as a whole
    severity: Literal["error", "warning"]  # a warning does not refuse the plan
    words: str


class Check(msgspec.Struct, tag_field="t", tag="check"):
    """Answer to `check`, and to `upload` where it is refused before it is sent."""

    id: str
    sysid: int
    kind: Kind
    ok: bool
    problems: list[Problem]
    ground: list[float | None] = []  # m msl under each item


class Replay(msgspec.Struct, tag_field="t", tag="replay"):
    """Where the replay stands."""

    on: bool
    start_ms: int
    end_ms: int
    at_ms: int
    rate: float  # x the pace at which it was recorded; 0 stands
    marks: list[tuple[int, str, str]]  # wall ms, kind, words


class Line(msgspec.Struct):
    """A line of the journal."""

    wall_ms: int
    sim_s: float | None
    who: str
    kind: str
    words: str


class Journal(msgspec.Struct, tag_field="t", tag="journal"):
    """Newest lines of the record of what was done, newest last."""

    lines: list[Line]


class Parameter(msgspec.Struct):
    """One setting of an aircraft."""

    name: str
    value: float
    default: float | None = None
    least: float | None = None
    most: float | None = None
    unit: str | None = None
    words: str | None = None


class Parameters(msgspec.Struct, tag_field="t", tag="parameters"):
    """The settings of an aircraft, as far as they have come."""

    sysid: int
    complete: bool
    list: Sequence[Parameter]


class Refusal(msgspec.Struct, tag_field="t", tag="refusal"):
    """A message of the browser that the station does not take."""

    id: str | None
    words: str
    checklist: str | None = None
    item: str | None = None


Told = (
    Picture
    | Hello
    | Ground
    | Fields
    | Route
    | Profile
    | Prediction
    | Strip
    | Check
    | Replay
    | Journal
    | Parameters
    | Refusal
)  # everything to the browser


class Command(msgspec.Struct, tag_field="t", tag="command", forbid_unknown_fields=True):
    """Something the aircraft shall do; what is not given is the aircraft's own choice."""

    id: str  # chosen by the browser, comes back in pending
    sysid: int
    kind: str
    latitude: float | None = None  # rad
    longitude: float | None = None  # rad
    altitude: float | None = None  # m msl
    airspeed: float | None = None  # m/s calibrated
    heading: float | None = None  # rad true
    radius: float | None = None  # m, + clockwise
    length: float | None = None  # m, long radius of a figure eight
    leg: int | None = None  # item
    field: int | None = None  # 0 home, then as in fuel.fields
    value: float | None = None
    azimuth: float | None = None  # rad
    elevation: float | None = None  # rad
    confirmed: bool = False  # held for 1.5 s


class Upload(msgspec.Struct, tag_field="t", tag="upload", forbid_unknown_fields=True):
    """Send a plan to an aircraft."""

    id: str
    sysid: int
    kind: Kind
    items: list[Item]


class CheckRoute(msgspec.Struct, tag_field="t", tag="check", forbid_unknown_fields=True):
    """Ask whether a plan would be taken, without sending it."""

    id: str
    sysid: int
    kind: Kind
    items: list[Item]


class Download(msgspec.Struct, tag_field="t", tag="download", forbid_unknown_fields=True):
    """Fetch a plan from an aircraft."""

    id: str
    sysid: int
    kind: Kind


class Authority(msgspec.Struct, tag_field="t", tag="authority", forbid_unknown_fields=True):
    """Steps of who commands."""

    id: str
    sysid: int
    step: Literal["request", "release", "offer", "take_offer", "transfer", "cancel", "override"]
    loi: int = 4
    to: int | None = None  # system id of the other station
    confirmed: bool = False  # second action of an override


class AcceptDifference(msgspec.Struct, tag_field="t", tag="accept_difference", forbid_unknown_fields=True):
    """Accept one value of a hand-over as the aircraft has it."""

    id: str
    sysid: int
    index: int


class Acknowledge(msgspec.Struct, tag_field="t", tag="acknowledge", forbid_unknown_fields=True):
    """An alarm has been seen."""

    alarm: int


class Tick(msgspec.Struct, tag_field="t", tag="tick", forbid_unknown_fields=True):
    """A line of a checklist is done."""

    sysid: int
    checklist: str
    item: str
    done: bool = True


class OpenChecklist(msgspec.Struct, tag_field="t", tag="open_checklist", forbid_unknown_fields=True):
    """Open or close a checklist."""

    sysid: int
    checklist: str
    open: bool = True


class GetParameters(msgspec.Struct, tag_field="t", tag="get_parameters", forbid_unknown_fields=True):
    """Ask for the settings of an aircraft."""

    sysid: int


class SetParameter(msgspec.Struct, tag_field="t", tag="set_parameter", forbid_unknown_fields=True):
    """Change one setting; its state comes in pending."""

    id: str
    sysid: int
    name: str
    value: float


class SetLanguage(msgspec.Struct, tag_field="t", tag="set_language", forbid_unknown_fields=True):
    """Change the language of the seat."""

    language: str


class Select(msgspec.Struct, tag_field="t", tag="select", forbid_unknown_fields=True):
    """Which aircraft this browser looks at: its strip, profile and prediction are sent."""

    sysid: int


class SetReplay(msgspec.Struct, tag_field="t", tag="set_replay", forbid_unknown_fields=True):
    """Look back at what the crew saw."""

    on: bool
    at_ms: int | None = None
    rate: float = 1.0


class Instructor(msgspec.Struct, tag_field="t", tag="instructor", forbid_unknown_fields=True):
    """Only from a seat of that role."""

    id: str
    sysid: int
    what: Literal["failure", "condition", "link"]
    key: str  # of hello.failures, .conditions, .link_conditions
    value: float | None = None  # failure, link: part lost 0..1; condition: in its unit, None as the mission has it
    part: int = 0  # link: system id of the station, 0 all
    start_s: float = 0.0  # link: s of delay added
    duration_s: float | None = None  # failure, link: s of simulated time, None until changed


Asked = (
    Command
    | Upload
    | CheckRoute
    | Download
    | Authority
    | AcceptDifference
    | Acknowledge
    | Tick
    | OpenChecklist
    | GetParameters
    | SetParameter
    | SetLanguage
    | Select
    | SetReplay
    | Instructor
)  # everything from the browser

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.json.Decoder(Asked)


def encode(message: Told) -> bytes:
    """A message to the browser."""
    return _ENCODER.encode(message)


def decode(text: str | bytes) -> Asked:
    """A message from the browser.

    Raises:
        msgspec.DecodeError: it is not one.
    """
    found: Asked = _DECODER.decode(text)
    return found


def told_of(message: Asked) -> str:
    """A message from the browser as one short line, for the journal; long lists are counted."""
    row = msgspec.to_builtins(message)
    return " ".join(f"{key}={len(value) if isinstance(value, list) else value}" for key, value in row.items()
                    if value is not None and key != "id")[:300]  # fmt: skip

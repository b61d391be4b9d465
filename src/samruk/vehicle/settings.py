"""The parameters of this aircraft: what acts, what the handbook says, and names that a PX4 page asks for.

Names are PX4's where its parameter means the same, so that a ground station's own pages work; the rest begin with SAM_.
Descriptions are this project's.
"""

from __future__ import annotations

import math

from samruk.units import DEGREE
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.parameters import Parameter

ON_OFF = ((0, "off"), (1, "on"))
NO_RETURN_HEIGHT = -1000.0
"""m above mean sea level: no lowest height of a way home is set."""
GRAVITY, RHO = 9.80665, 1.225
FENCE_ACTIONS = ((0, "none"), (1, "warn"), (2, "hold"), (3, "return"))


def table(aircraft: Aircraft) -> list[Parameter]:
    """All parameters of an aircraft, those that act bound to it."""
    return [*_rules(aircraft), *_services(aircraft), *_speeds(aircraft), *_told(aircraft)]


def _rules(aircraft: Aircraft) -> list[Parameter]:
    """Rules of the step."""

    def rule(name: str, field: str, words: str, unit: str, least: float, most: float, scale: float = 1.0,
             group: str = "Rules", more: str = "", whole: bool = False, offset: float = 0.0) -> Parameter:  # fmt: skip
        live, k = aircraft.live, aircraft.k
        default = (live.rule(k, field) - offset) / scale
        return Parameter(
            name, round(default) if whole else default, words, group, unit, least, most, whole, more,
            act=lambda value: live.set_rule(k, field, value * scale + offset),
        )  # fmt: skip

    def switch(name: str, field: str, words: str, more: str = "") -> Parameter:
        live, k = aircraft.live, aircraft.k
        return Parameter(
            name, round(live.rule(k, field)), words, "Rules", "", 0.0, 1.0, True, more, ON_OFF,
            lambda value: live.set_rule(k, field, round(value)),
        )  # fmt: skip

    return [
        rule("SAM_RESERVE", "reserve", "Fuel reserve, as time at loiter power", "s", 600.0, 14400.0,
             more="What must be left at landing. Bingo and the take-off check follow it at once."),
        rule("COM_DL_LOSS_T", "lost_link_time", "Time without a frame until the lost-link route", "s", 5.0, 600.0,
             group="Lost link", whole=True, more="Simulated seconds since the last valid frame of who commands."),
        rule("NAV_LOITER_RAD", "loiter_radius", "Radius of a circle that names none", "m", 600.0, 5000.0,
             group="Mission"),
        rule("FW_LND_ANG", "glide_slope", "Glide slope of the approach", "deg", 2.0, 6.0, DEGREE, "Landing"),
        rule("SAM_CEILING", "ceiling", "Highest height that may be flown, above sea level", "m", 500.0, 12000.0),
        rule("SAM_ESC_UP", "escape_up", "Climb tried first to leave ice", "m", 0.0, 2000.0, group="Ice"),
        rule("SAM_ESC_FLOOR", "escape_floor", "Lowest height to leave ice downwards, above sea level", "m", -100.0,
             6000.0, group="Ice"),
        switch("SAM_ICE_AUTO", "automatic_protection", "Ice protection by the aircraft's own finding"),
        switch("SAM_ICE_ESCAPE", "escape", "The aircraft may leave ice by height on its own"),
        switch("SAM_HEED_SYS", "heed_systems", "Turn for a field as systems pass their limits"),
        switch("SAM_HEED_SHEAR", "heed_shear", "Give up an approach in a windshear"),
        switch("SAM_REJECT_TO", "reject_take_off", "Give up a take-off that does not lift off"),
        switch("SAM_XWIND_OVR", "allow_crosswind", "Take off beyond the crosswind limit",
               "Removes the crosswind check before take-off."),
        _return_height(aircraft),
    ]  # fmt: skip


def _return_height(aircraft: Aircraft) -> Parameter:
    """PX4 tells it above home; the step above mean sea level."""
    live, k, home = aircraft.live, aircraft.k, float(aircraft.home.elevation)
    safe = live.rule(k, "safe_height")

    def act(value: float) -> None:
        live.set_rule(k, "safe_height", value + home if value > 0.0 else NO_RETURN_HEIGHT)

    return Parameter(
        "RTL_RETURN_ALT", max(safe - home, 0.0), "Least height of a way home, above home", "Return", "m", 0.0, 6000.0,
        more="The way home and to alternates is flown no lower. 0 sets none.", act=act,
    )  # fmt: skip


def _services(aircraft: Aircraft) -> list[Parameter]:
    """What the services aboard read from the board."""

    def board(name: str, key: str, default: float, words: str, group: str, unit: str, least: float, most: float,
              whole: bool = False, values: tuple[tuple[int, str], ...] = (), more: str = "") -> Parameter:  # fmt: skip
        aircraft.board.setdefault(key, default)

        def act(value: float) -> None:
            aircraft.board[key] = value

        return Parameter(name, default, words, group, unit, least, most, whole, more, values, act)

    return [
        board("MIS_TAKEOFF_ALT", "take_off_height", 600.0, "Height of a hold after take-off, above home", "Mission",
              "m", 150.0, 3000.0),
        board("GF_ACTION", "fence_action", 3, "What a geofence does", "Geofence", "", 0.0, 3.0, True, FENCE_ACTIONS,
              "A breach that is foreseen along the flown turn counts as one."),
        board("GF_PREDICT", "fence_predict", 1, "Act before the fence is reached", "Geofence", "", 0.0, 1.0, True,
              ON_OFF),
        board("GF_MAX_HOR_DIST", "fence_distance", 0.0, "Farthest from home; 0 for no limit", "Geofence", "m", 0.0,
              2e6),
        board("GF_MAX_VER_DIST", "fence_height", 0.0, "Highest above home; 0 for no limit", "Geofence", "m", 0.0,
              12000.0),
        board("RTL_TYPE", "return_type", 0, "Where a return leads", "Return", "", 0.0, 1.0, True,
              ((0, "home"), (1, "a rally point, where one is nearer, to hold there"))),
    ]  # fmt: skip


def _speeds(aircraft: Aircraft) -> list[Parameter]:
    """Speeds of the handbook at the mass of take-off: they follow from the aircraft and are not to be set."""
    book, loading = aircraft.live.handbook(aircraft.k), aircraft.flight_plan.task.loading
    weight = GRAVITY * (float(book.empty_mass) + float(loading.fuel) + float(loading.payload))

    def speed(lift: float) -> float:
        return math.sqrt(2.0 * weight / (RHO * float(book.lift.area) * lift))

    stall = speed(float(book.lift.C_L_max))
    lines = [
        ("FW_AIRSPD_STALL", stall, "Stall speed, clean, at take-off mass"),
        ("FW_AIRSPD_MIN", 1.25 * stall, "Slowest flight"),
        ("FW_AIRSPD_TRIM", speed(float(book.speeds.cruise)), "Cruise speed"),
        ("FW_AIRSPD_MAX", float(book.limits.airspeed), "Never exceed"),
    ]
    return [Parameter(name, value, words, "Speeds", "m/s") for name, value, words in lines]


TOLD: tuple[tuple[str, float, str, bool], ...] = (
    ("SYS_AUTOSTART", 2100, "Airframe as PX4 numbers it: a plane", True),
    ("SYS_AUTOCONFIG", 0, "No airframe settings wait to be loaded", True),
    ("SYS_HITL", 0, "Not a hardware in the loop", True),
    ("MAV_TYPE", 1, "Fixed wing", True),
    ("NAV_DLL_ACT", 2, "On a lost link: the lost-link route, then home; never nothing", True),
    ("NAV_RCL_ACT", 0, "There is no radio control to lose", True),
    ("COM_RC_IN_MODE", 4, "No stick input but MAVLink's", True),
    ("COM_FLTMODE1", -1, "No switch selects a mode", True),
    ("COM_FLTMODE2", -1, "No switch selects a mode", True),
    ("COM_FLTMODE3", -1, "No switch selects a mode", True),
    ("COM_FLTMODE4", -1, "No switch selects a mode", True),
    ("COM_FLTMODE5", -1, "No switch selects a mode", True),
    ("COM_FLTMODE6", -1, "No switch selects a mode", True),
    ("RC_MAP_ROLL", 0, "No stick channel", True),
    ("RC_MAP_PITCH", 0, "No stick channel", True),
    ("RC_MAP_YAW", 0, "No stick channel", True),
    ("RC_MAP_THROTTLE", 0, "No stick channel", True),
    ("RC_MAP_FLTMODE", 0, "No stick channel", True),
    ("RC_MAP_RETURN_SW", 0, "No stick channel", True),
    ("RC_MAP_KILL_SW", 0, "No stick channel", True),
    ("RC_CHAN_CNT", 0, "No stick channels", True),
    ("COM_LOW_BAT_ACT", 0, "The battery is watched by the systems' own rules", True),
    ("COM_DISARM_LAND", -1, "The engine is stopped by order", False),
    ("COM_DISARM_PRFLT", -1, "The engine is stopped by order", False),
    ("RTL_DESCEND_ALT", 600, "The autopilot lays out its own approach", False),
    ("RTL_LAND_DELAY", 0, "It lands without waiting", False),
    ("RTL_LOITER_RAD", 1500, "Circle before an approach", False),
    ("NAV_ACC_RAD", 500, "Turns begin ahead of a waypoint, by speed and bank", False),
    ("MIS_DIST_1WP", 0, "The distance of the first waypoint is not limited", False),
    ("MNT_MODE_IN", 4, "Turret by the gimbal protocol, second version", True),
    ("MNT_MODE_OUT", 2, "Turret by the gimbal protocol, second version", True),
    ("CAL_ACC0_ID", 1, "Calibrated by the maker", True),
    ("CAL_GYRO0_ID", 1, "Calibrated by the maker", True),
    ("CAL_MAG0_ID", 1, "Calibrated by the maker", True),
    ("CAL_BARO0_ID", 1, "Calibrated by the maker", True),
    ("SENS_BOARD_ROT", 0, "Aligned with the body", True),
    ("SENS_DPRES_OFF", 0.001, "Airspeed sensor calibrated by the maker", False),
    ("BAT1_N_CELLS", 8, "Cells in series", True),
    ("BAT1_V_CHARGED", 4.2, "V of a full cell", False),
    ("BAT1_V_EMPTY", 3.4, "V of an empty cell", False),
    ("CBRK_SUPPLY_CHK", 0, "No check is switched off", True),
    ("CBRK_FLIGHTTERM", 0, "No check is switched off", True),
)
"""Name, value, words, whether whole: what pages of ground stations ask for and find true of this aircraft."""


def _told(aircraft: Aircraft) -> list[Parameter]:
    """Parameters that only tell."""
    told = [Parameter(name, value, words, "Told", whole=whole) for name, value, words, whole in TOLD]
    return [*told, Parameter("MAV_SYS_ID", aircraft.system, "MAVLink system id", "Told", whole=True)]

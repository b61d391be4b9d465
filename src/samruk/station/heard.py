"""What each message of MAVLink's common set says of an aircraft. Own messages are in `heard_own`."""

from __future__ import annotations

import math
from typing import Any

from samruk.earth import MEAN_RADIUS
from samruk.station import wire
from samruk.station.vehicles import Hearer, Vehicle, degrees_e7, finite

FARTHEST = 60e3
"""m to the far corner of a footprint; beyond it level ground says nothing."""
PIECE = 50
"""Bytes of text in a STATUSTEXT."""
ARMED = 128
"""MAV_MODE_FLAG_SAFETY_ARMED."""
TYPES = {1: "fixed wing", 2: "quadrotor", 3: "coaxial", 4: "helicopter", 7: "airship", 13: "hexarotor",
         14: "octorotor", 15: "tricopter", 16: "flapping wing", 19: "VTOL", 20: "VTOL", 21: "VTOL", 22: "VTOL",
         23: "VTOL", 24: "VTOL", 25: "VTOL", 28: "parafoil"}  # fmt: skip
"""MAV_TYPE in words."""
PREARM = 28
"""Bit of MAV_SYS_STATUS_PREARM_CHECK."""
PX4, ARDUPILOT = 12, 3
"""MAV_AUTOPILOT."""
PX4_MODES = {(1, 0): "manual", (2, 0): "altitude", (3, 0): "position", (4, 1): "ready", (4, 2): "take_off",
             (4, 3): "hold", (4, 4): "mission", (4, 5): "return", (4, 6): "land", (5, 0): "acro", (6, 0): "offboard",
             (7, 0): "stabilised", (4, 11): "lost_link", (4, 12): "go_around", (4, 13): "escape", (4, 14): "glide",
             (4, 15): "divert"}  # fmt: skip
"""Names by PX4's main and sub mode; from 11 on this project's own."""
ARDUPLANE_MODES = {0: "manual", 1: "circle", 2: "stabilised", 3: "training", 4: "acro", 5: "fly_by_wire_a",
                   6: "fly_by_wire_b", 7: "cruise", 8: "autotune", 10: "mission", 11: "return", 12: "hold",
                   13: "take_off", 14: "avoid", 15: "guided", 16: "ready"}  # fmt: skip
"""Names by ArduPlane's mode number."""
SENSORS = {0: "gyro", 1: "accelerometer", 2: "magnetometer", 3: "static_pressure", 4: "pitot", 5: "gnss",
           10: "control", 11: "attitude", 15: "motors", 20: "terrain_data", 21: "ahrs", 24: "battery",
           26: "geofence", 27: "logging", 29: "satcom", 31: "propulsion"}  # fmt: skip
"""Bits of MAV_SYS_STATUS_SENSOR worth a name to a crew."""
LANDED = {1: "ground", 2: "air", 3: "take_off", 4: "landing"}
"""MAV_LANDED_STATE."""


def heartbeat(v: Vehicle, m: Any, now: float) -> None:
    """HEARTBEAT of the autopilot: type, mode, armed."""
    if int(m.component) != 1:
        return
    v.mark("status", now)
    v.autopilot, v.mav_type, v.custom_mode = int(m.autopilot), int(m.type), int(m.custom_mode)
    v.now.type = v.now.type or TYPES.get(v.mav_type)
    v.now.armed = bool(int(m.base_mode) & ARMED)
    if "own_mode" not in v.heard:
        mode_name(v, now)


def mode_name(v: Vehicle, now: float) -> None:
    """Name of the custom mode: as the aircraft lists it, else by the make of its autopilot."""
    number = v.custom_mode
    if number is None:
        return
    name = v.mode_names.get(number)
    if name is None and v.autopilot == PX4:
        name = PX4_MODES.get((number >> 16 & 0xFF, number >> 24 & 0xFF))
    if name is None and v.autopilot == ARDUPILOT and v.mav_type == 1:
        name = ARDUPLANE_MODES.get(number)
    name = name or f"mode {number}"
    if name != v.mode_since[0]:
        v.mode_since = (name, now)
    v.now.mode.now = name


def attitude(v: Vehicle, m: Any, now: float) -> None:
    """ATTITUDE."""
    v.mark("attitude", now)
    v.boot_ms(m.time_boot_ms, now)
    v.now.attitude = wire.Attitude(finite(m.roll), finite(m.pitch), wrapped(finite(m.yaw)))


def attitude_quaternion(v: Vehicle, m: Any, now: float) -> None:
    """ATTITUDE_QUATERNION: taken where no ATTITUDE comes."""
    if v.heard.get("attitude", -math.inf) > now - 1.0:
        return
    w, x, y, z = m.q1, m.q2, m.q3, m.q4
    v.boot_ms(m.time_boot_ms, now)
    v.now.attitude = wire.Attitude(
        math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
        math.asin(max(-1.0, min(1.0, 2 * (w * y - z * x)))),
        wrapped(math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))),
    )
    v.mark("attitude", now)


def wrapped(angle: float | None) -> float | None:
    """0 to 2 pi."""
    return None if angle is None else angle % (2.0 * math.pi)


def position(v: Vehicle, m: Any, now: float) -> None:
    """GLOBAL_POSITION_INT."""
    v.mark("position", now)
    v.now.recovered = False
    v.boot_ms(m.time_boot_ms, now)
    place = v.now.place
    place.latitude, place.longitude = degrees_e7(m.lat), degrees_e7(m.lon)
    place.altitude, place.relative = m.alt * 1e-3, m.relative_alt * 1e-3
    speed, course = math.hypot(m.vx, m.vy) * 1e-2, math.atan2(m.vy, m.vx)
    v.now.v.ground, v.now.v.climb = speed, -m.vz * 1e-2
    v.now.v.course = wrapped(course) if speed > 0.5 else v.now.v.course


def vfr_hud(v: Vehicle, m: Any, now: float) -> None:
    """VFR_HUD: airspeed and throttle."""
    v.mark("airspeed", now)
    v.now.v.calibrated = finite(m.airspeed)
    v.now.throttle = m.throttle * 1e-2


def system_status(v: Vehicle, m: Any, now: float) -> None:
    """SYS_STATUS: load, sensors that are present, enabled and not healthy, battery."""
    v.mark("status", now)
    bad = int(m.onboard_control_sensors_present) & int(m.onboard_control_sensors_enabled)
    bad &= ~int(m.onboard_control_sensors_health)
    v.now.health = [name for bit, name in SENSORS.items() if bad >> bit & 1]
    not_healthy = int(m.onboard_control_sensors_present) & ~int(m.onboard_control_sensors_health)
    v.now.prearm = ["prearm"] if not_healthy >> PREARM & 1 else []
    v.now.load = m.load * 1e-3
    if "fuel" not in v.heard and 0 <= m.battery_remaining <= 100:
        v.now.fuel.fraction = m.battery_remaining * 1e-2


def extended_state(v: Vehicle, m: Any, now: float) -> None:
    """EXTENDED_SYS_STATE: on the ground, taking off, in the air, landing."""
    v.mark("landed", now)
    state = int(m.landed_state)
    v.now.phase = LANDED.get(state)  # type: ignore[assignment]
    v.now.landed = None if state not in LANDED else state == 1


def gps(v: Vehicle, m: Any, now: float) -> None:
    """GPS_RAW_INT."""
    v.mark("gnss", now)
    v.now.satellites = None if int(m.satellites_visible) == 255 else int(m.satellites_visible)


def wind_cov(v: Vehicle, m: Any, now: float) -> None:
    """WIND_COV: the velocity of the air; said here as where it comes from."""
    x, y = finite(m.wind_x), finite(m.wind_y)
    if x is not None and y is not None:
        v.now.wind = wire.Wind(wrapped(math.atan2(-y, -x)), math.hypot(x, y))


def wind(v: Vehicle, m: Any, now: float) -> None:
    """WIND of ArduPilot: degrees from where, m/s."""
    v.now.wind = wire.Wind(wrapped(math.radians(m.direction)), float(m.speed))


def text(v: Vehicle, m: Any, now: float) -> None:
    """STATUSTEXT, also in pieces: put together as bytes, for a letter may lie in two. A piece not full is the last."""
    piece, number = m.octets("text"), int(getattr(m, "id", 0) or 0)
    if not number:
        v.say(int(m.severity), piece.decode("utf-8", "replace"), now)
        return
    pieces = v.parts.setdefault((int(m.component), number), {})
    pieces[int(m.chunk_seq)] = piece
    if len(pieces[max(pieces)]) < PIECE and len(pieces) == max(pieces) + 1:
        v.say(int(m.severity), b"".join(pieces[i] for i in sorted(pieces)).decode("utf-8", "replace"), now)
        v.parts.pop((int(m.component), number))
    while len(v.parts) > 20:
        v.parts.pop(next(iter(v.parts)))


def mission_current(v: Vehicle, m: Any, now: float) -> None:
    """MISSION_CURRENT: leg, and the ids of what the aircraft holds."""
    v.now.leg = int(m.seq)
    total = int(getattr(m, "total", 0xFFFF) or 0)
    v.now.legs = None if total == 0xFFFF else total
    versions = v.now.versions
    for name, key in (("mission_id", "mission"), ("fence_id", "fence"), ("rally_points_id", "rally")):
        number = int(getattr(m, name, 0) or 0)
        if number:
            setattr(versions, key, number)


def home(v: Vehicle, m: Any, now: float) -> None:
    """HOME_POSITION."""
    latitude, longitude = degrees_e7(m.latitude), degrees_e7(m.longitude)
    if latitude is not None and longitude is not None:
        v.now.home = wire.Place(latitude, longitude, m.altitude * 1e-3)


def current_mode(v: Vehicle, m: Any, now: float) -> None:
    """CURRENT_MODE: the standard mode."""
    v.now.mode.standard = int(m.standard_mode) or None


def available_modes(v: Vehicle, m: Any, now: float) -> None:
    """AVAILABLE_MODES: names of modes of which this station knows none."""
    name = str(m.mode_name).rstrip("\0").strip()
    number = int(m.custom_mode)
    known = v.autopilot == PX4 and (number >> 16 & 0xFF, number >> 24 & 0xFF) in PX4_MODES
    if name and not known:
        v.mode_names[number] = name


def controller(v: Vehicle, m: Any, now: float) -> None:
    """NAV_CONTROLLER_OUTPUT: target height from its error, of aircraft that say no target otherwise."""
    if "own_mode" not in v.heard and v.now.place.altitude is not None:
        v.now.target.altitude = v.now.place.altitude + m.alt_error
        v.now.target.heading = wrapped(math.radians(m.nav_bearing))


def fuel_status(v: Vehicle, m: Any, now: float) -> None:
    """FUEL_STATUS: kg only where the type says that the unit is not litres."""
    fuel = v.now.fuel
    if 0.0 <= m.percent_remaining <= 100.0:
        fuel.fraction = m.percent_remaining * 1e-2
    if "own_fuel" not in v.heard:
        v.mark("fuel", now)


def battery(v: Vehicle, m: Any, now: float) -> None:
    """BATTERY_STATUS: the part left, of an aircraft without fuel."""
    if "fuel" not in v.heard and 0 <= m.battery_remaining <= 100:
        v.now.fuel.fraction = m.battery_remaining * 1e-2


def efi(v: Vehicle, m: Any, now: float) -> None:
    """EFI_STATUS: engine speed."""
    rpm = finite(m.rpm)
    if rpm is None:
        v.now.engine_running = bool(m.health)
    elif rpm >= 0.0:
        v.now.engine_speed = rpm * 2.0 * math.pi / 60.0
        v.now.engine_running = rpm > 100.0


def timesync(v: Vehicle, m: Any, now: float) -> None:
    """TIMESYNC answered: half the round trip is the delay."""
    if int(m.tc1) == 0:
        return
    there_and_back = now - int(m.ts1) * 1e-9
    if 0.0 <= there_and_back < 60.0:
        delay = 0.5 * there_and_back
        v.delay = delay if v.delay is None else 0.7 * v.delay + 0.3 * delay


def high_latency(v: Vehicle, m: Any, now: float) -> None:
    """HIGH_LATENCY2: the whole aircraft in one message, on the thin link."""
    for group in ("position", "status"):
        v.mark(group, now)
    shown = v.now
    shown.recovered = False
    shown.place.latitude, shown.place.longitude = degrees_e7(m.latitude), degrees_e7(m.longitude)
    shown.place.altitude = float(m.altitude)
    shown.v.calibrated, shown.v.ground, shown.v.climb = m.airspeed * 0.2, m.groundspeed * 0.2, m.climb_rate * 0.1
    shown.v.course = wrapped(math.radians(m.heading * 2.0))
    shown.wind = wire.Wind(wrapped(math.radians(m.wind_heading * 2.0)), m.windspeed * 0.2)
    shown.target.altitude, shown.target.heading = float(m.target_altitude), math.radians(m.target_heading * 2.0)
    shown.throttle, shown.leg = m.throttle * 1e-2, int(m.wp_num)
    if 0 <= m.battery <= 100:
        shown.fuel.fraction = m.battery * 1e-2
    v.boot_ms(float(m.timestamp), now)


def version(v: Vehicle, m: Any, now: float) -> None:
    """AUTOPILOT_VERSION: two different uids behind one id are two aircraft."""
    uid = int(m.uid)
    if v.identity is not None and uid and uid != v.identity:
        v.duplicate_until = now + 10.0
    v.identity = uid or v.identity


def system_time(v: Vehicle, m: Any, now: float) -> None:
    """SYSTEM_TIME."""
    v.boot_ms(m.time_boot_ms, now)
    if m.time_unix_usec:
        v.heard["epoch"] = m.time_unix_usec * 1e-6 - m.time_boot_ms * 1e-3


def gimbal(v: Vehicle, m: Any, now: float) -> None:
    """GIMBAL_DEVICE_ATTITUDE_STATUS: the angles, in the frame of the aircraft where the flags say so."""
    v.mark("turret", now)
    w, x, y, z = m.q
    azimuth = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    if int(m.flags) & 64 and v.now.attitude.psi is not None:
        azimuth -= v.now.attitude.psi
    v.now.turret.azimuth = math.remainder(azimuth, 2.0 * math.pi)
    v.now.turret.elevation = math.asin(max(-1.0, min(1.0, 2 * (w * y - z * x))))


def camera_view(v: Vehicle, m: Any, now: float) -> None:
    """CAMERA_FOV_STATUS: where the camera looks."""
    latitude, longitude = degrees_e7(m.lat_image), degrees_e7(m.lon_image)
    v.now.turret.field_of_view = finite(m.hfov, math.pi / 180.0)
    v.now.turret.footprint = footprint(m)
    if latitude is not None and longitude is not None:
        v.now.turret.aim = wire.Place(latitude, longitude, m.alt_image * 1e-3)


def footprint(m: Any) -> list[tuple[float, float]] | None:
    """Where the corners of the picture meet level ground at the height of its middle; None beyond the horizon."""
    latitude, longitude = degrees_e7(m.lat_camera), degrees_e7(m.lon_camera)
    above = (m.alt_camera - m.alt_image) * 1e-3
    if latitude is None or longitude is None or degrees_e7(m.alt_image) is None or above <= 0.0:
        return None
    a, b = (math.tan(math.radians(0.5 * each)) for each in (m.hfov, m.vfov))
    corners = []
    for right, down in ((-a, -b), (a, -b), (a, b), (-a, b)):
        north, east, below = rotated(m.q, (1.0, right, down))
        reach = above / below if below > 0.0 else math.inf
        if not reach * math.hypot(north, east) < FARTHEST:
            return None
        east_of = reach * east / (MEAN_RADIUS * math.cos(latitude))
        corners.append((latitude + reach * north / MEAN_RADIUS, longitude + east_of))
    return corners


def rotated(q: Any, v: tuple[float, float, float]) -> tuple[float, float, float]:
    """A vector of the camera (forward, right, down) in NED."""
    w, x, y, z = q
    a, b, c = v
    return (
        (1 - 2 * (y * y + z * z)) * a + 2 * (x * y - w * z) * b + 2 * (x * z + w * y) * c,
        2 * (x * y + w * z) * a + (1 - 2 * (x * x + z * z)) * b + 2 * (y * z - w * x) * c,
        2 * (x * z - w * y) * a + 2 * (y * z + w * x) * b + (1 - 2 * (x * x + y * y)) * c,
    )


def control(v: Vehicle, m: Any, now: float) -> None:
    """CONTROL_STATUS: who commands, by MAVLink's draft; own messages say it by level."""
    v.mark("authority", now)
    if "own_authority" not in v.heard:
        v.now.holder = wire.Holder(None, int(m.gcs_main), int(m.gcs_main))


COMMON: dict[str, Hearer] = {
    "HEARTBEAT": heartbeat, "ATTITUDE": attitude, "ATTITUDE_QUATERNION": attitude_quaternion,
    "GLOBAL_POSITION_INT": position, "VFR_HUD": vfr_hud, "SYS_STATUS": system_status,
    "EXTENDED_SYS_STATE": extended_state, "GPS_RAW_INT": gps, "WIND_COV": wind_cov, "WIND": wind, "STATUSTEXT": text,
    "MISSION_CURRENT": mission_current, "HOME_POSITION": home, "CURRENT_MODE": current_mode,
    "AVAILABLE_MODES": available_modes, "NAV_CONTROLLER_OUTPUT": controller, "FUEL_STATUS": fuel_status,
    "BATTERY_STATUS": battery, "EFI_STATUS": efi, "TIMESYNC": timesync, "HIGH_LATENCY2": high_latency,
    "AUTOPILOT_VERSION": version, "SYSTEM_TIME": system_time, "GIMBAL_DEVICE_ATTITUDE_STATUS": gimbal,
    "CAMERA_FOV_STATUS": camera_view, "CONTROL_STATUS": control,
}  # fmt: skip
"""What each message changes."""

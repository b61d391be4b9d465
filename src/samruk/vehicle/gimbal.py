"""The turret as a gimbal of MAVLink's second protocol, manager and device in one, and its camera's zoom and field of
view.

The motion is the step's (`samruk.payload.turret`): this room turns messages into an aim and tells where the axes are.
Angles: pitch positive up from the horizon, yaw positive right, from the nose or, locked, from north; radians inside.
Pictures are not made yet, so capture is answered UNSUPPORTED and no capability for it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from samruk.earth import ECCENTRICITY_SQUARED, MEAN_RADIUS, SEMI_MAJOR_AXIS
from samruk.payload.turret import EARTH, HIGHEST, LOWEST, PLACE, RATE_LIMIT, STOWED
from samruk.vehicle.service import AUTOPILOT, Now, Outgoing, Priority, Sender

DEGREE = math.pi / 180.0
GIMBAL = 154
"""Component id of the device (MAV_COMP_ID_GIMBAL)."""
CAMERA = 100
"""Component id of the camera (MAV_COMP_ID_CAMERA)."""
STATUS_EVERY, CONTROL_EVERY = 0.2, 5.0
"""s of wall time between two device reports, and between two reports of who controls."""
WIDEST, NARROWEST = 30.0 * DEGREE, 1.0 * DEGREE
"""rad, horizontal field of view at both ends of the zoom (estimated for the class)."""
ASPECT = 9.0 / 16.0
FLATTEST = math.sin(1.0 * DEGREE)
"""Least downward part of a ray that is followed to the ground."""


STREAMS = ("GIMBAL_MANAGER_SET_PITCHYAW", "GIMBAL_MANAGER_SET_ATTITUDE", "GIMBAL_MANAGER_SET_MANUAL_CONTROL")
"""Messages that point the turret without an answer."""


class Flag(IntEnum):
    """GIMBAL_DEVICE_FLAGS, the same numbers as GIMBAL_MANAGER_FLAGS."""

    RETRACT = 1
    NEUTRAL = 2
    ROLL_LOCK = 4
    PITCH_LOCK = 8
    YAW_LOCK = 16
    YAW_IN_VEHICLE_FRAME = 32
    YAW_IN_EARTH_FRAME = 64


class Result(IntEnum):
    """MAV_RESULT, as far as it is used here."""

    ACCEPTED = 0
    TEMPORARILY_REJECTED = 1
    DENIED = 2
    UNSUPPORTED = 3


class Command(IntEnum):
    """Commands that are answered here."""

    DO_SET_ROI_LOCATION = 195
    DO_SET_ROI_WPNEXT_OFFSET = 196
    DO_SET_ROI_NONE = 197
    DO_SET_ROI_SYSID = 198
    DO_SET_ROI = 201
    DO_MOUNT_CONTROL = 205
    SET_CAMERA_ZOOM = 531
    DO_GIMBAL_MANAGER_PITCHYAW = 1000
    DO_GIMBAL_MANAGER_CONFIGURE = 1001
    IMAGE_START_CAPTURE = 2000
    IMAGE_STOP_CAPTURE = 2001
    VIDEO_START_CAPTURE = 2500
    VIDEO_STOP_CAPTURE = 2501


@dataclass(frozen=True)
class View:
    """Where the aircraft and its turret are, by the aircraft's own estimate."""

    q: tuple[float, float, float, float]
    """Attitude, body to NED, scalar first."""
    latitude: float
    """rad."""
    longitude: float
    """rad."""
    altitude: float
    """m above mean sea level."""
    ground: float
    """m above mean sea level, surface below."""
    azimuth: float
    """rad, of the turret in body axes."""
    elevation: float
    """rad, positive up."""
    azimuth_rate: float = 0.0
    """rad/s."""
    elevation_rate: float = 0.0
    """rad/s."""
    powered: bool = True
    """Whether it has power."""


Aimer = Callable[[int, float, float, float], None]
"""Writes the aim into the step: kind, then the vector that `samruk.payload.turret.Aim` wants."""


@dataclass
class Wish:
    """What was asked last; renewed each turn where it follows the nose or turns by itself."""

    kind: str = "stowed"
    """stowed, follow, lock, place, rate."""
    pitch: float = 0.0
    """rad from the horizon."""
    yaw: float = 0.0
    """rad, from the nose (follow) or north (lock, rate)."""
    pitch_rate: float = 0.0
    """rad/s."""
    yaw_rate: float = 0.0
    """rad/s."""
    place: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """m, ECEF."""


@dataclass
class Holder:
    """Who points the turret."""

    system: int = 0
    component: int = 0


@dataclass
class Gimbal:
    """The service.

    Args:
        view: the turret now.
        aim: writes the aim.
    """

    view: Callable[[], View]
    aim: Aimer
    zoom: float = 0.0
    """0 widest .. 100 narrowest."""
    wish: Wish = field(default_factory=Wish)
    primary: Holder = field(default_factory=Holder)
    secondary: Holder = field(default_factory=Holder)
    may: Callable[[Sender], bool] = lambda sender: True
    """The authority's word on streams of angles; commands are judged before they come here."""
    _told: float = -1e9
    _controlled: float = -1e9
    _turned: float | None = None

    # --- commands -------------------------------------------------------------------------------------------------

    def command(self, number: int, p: tuple[float, ...], sender: Sender, now: Now) -> Result | None:
        """Do a command; None when it is not one of the turret's.

        Args:
            number: of MAV_CMD.
            p: seven parameters; 5 to 7 are degrees, degrees, m where they are a place.
            sender: who asks.
            now: the moment.
        """
        if number not in Command._value2member_map_:
            return None
        match Command(number):
            case Command.DO_GIMBAL_MANAGER_CONFIGURE:
                return self._configure(p, sender)
            case Command.DO_GIMBAL_MANAGER_PITCHYAW:
                return self._allowed(sender) or self._pitch_yaw(p[0], p[1], p[2], p[3], int(_given(p[4])))
            case Command.DO_SET_ROI_LOCATION:
                return self._roi(p[4], p[5], p[6])
            case Command.DO_SET_ROI:
                return self._roi(p[4], p[5], p[6]) if _given(p[0]) == 3.0 else Result.UNSUPPORTED
            case Command.DO_SET_ROI_NONE:
                return self._set(Wish("stowed"))
            case Command.DO_MOUNT_CONTROL:
                return self._mount(p)
            case Command.SET_CAMERA_ZOOM:
                return self._zoomed(p[0], p[1])
        return Result.UNSUPPORTED

    def _allowed(self, sender: Sender) -> Result | None:
        """None when the sender may point; a turret without a holder obeys whoever may command it."""
        holders = {(h.system, h.component) for h in (self.primary, self.secondary) if h.system}
        return None if not holders or (sender.system, sender.component) in holders else Result.DENIED

    def _configure(self, p: tuple[float, ...], sender: Sender) -> Result:
        """Take, give or leave control: -1 leave, -2 take for the sender, -3 give up; else a system and component."""
        for holder, system, component in ((self.primary, p[0], p[1]), (self.secondary, p[2], p[3])):
            asked, part = int(_given(system, -1.0)), int(_given(component, -1.0))
            if asked == -2:
                holder.system, holder.component = sender.system, sender.component
            elif asked == -3:
                if (holder.system, holder.component) == (sender.system, sender.component):
                    holder.system = holder.component = 0
            elif asked >= 0:
                holder.system, holder.component = asked, max(part, 0)
        self._controlled = -1e9
        return Result.ACCEPTED

    def _pitch_yaw(self, pitch: float, yaw: float, pitch_rate: float, yaw_rate: float, flags: int) -> Result:
        """Angles in degrees, rates in degrees a second; NaN leaves one to the other."""
        if flags & (Flag.RETRACT | Flag.NEUTRAL):
            return self._set(Wish("stowed"))
        rates = _given(pitch_rate) * DEGREE, _given(yaw_rate) * DEGREE
        if math.isfinite(pitch) and math.isfinite(yaw):
            if not LOWEST <= pitch * DEGREE <= HIGHEST:
                return Result.DENIED
            kind = "lock" if flags & Flag.YAW_LOCK else "follow"
            return self._set(Wish(kind, pitch * DEGREE, yaw * DEGREE))
        if math.isfinite(pitch_rate) or math.isfinite(yaw_rate):
            if max(abs(r) for r in rates) > RATE_LIMIT:
                return Result.DENIED
            north, up = self._looking()
            return self._set(Wish("rate", up, north, *rates))
        return Result.DENIED

    def _roi(self, latitude: float, longitude: float, altitude: float) -> Result:
        """Look at a place: degrees, degrees, m above mean sea level (the ground below the aircraft when not given)."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)) or not (
            abs(latitude) <= 90.0 and abs(longitude) <= 180.0
        ):
            return Result.DENIED
        height = altitude if math.isfinite(altitude) else self.view().ground
        return self._set(Wish("place", place=_ecef(latitude * DEGREE, longitude * DEGREE, height)))

    def _mount(self, p: tuple[float, ...]) -> Result:
        """The older command: mode 0 and 1 stow, 2 points by angles, 4 at a place."""
        mode = int(_given(p[6], 2.0))
        if mode in (0, 1):
            return self._set(Wish("stowed"))
        if mode == 2:
            return self._pitch_yaw(_given(p[0]), _given(p[2]), math.nan, math.nan, 0)
        return Result.UNSUPPORTED

    def _zoomed(self, kind: float, value: float) -> Result:
        """Kind 0: a step; 2: part of the range in percent."""
        wanted = {0: self.zoom + 10.0 * _given(value), 2: _given(value)}.get(int(_given(kind, -1.0)))
        if wanted is None:
            return Result.UNSUPPORTED
        if int(kind) == 2 and not 0.0 <= wanted <= 100.0:
            return Result.DENIED
        self.zoom = min(max(wanted, 0.0), 100.0)
        return Result.ACCEPTED

    def _set(self, wish: Wish) -> Result:
        if not self.view().powered and wish.kind != "stowed" and self.wish.kind != "stowed":
            return Result.TEMPORARILY_REJECTED
        self.wish = wish
        self._write()
        return Result.ACCEPTED

    # --- aim ------------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        """The wish as the step wants it."""
        w = self.wish
        if w.kind == "stowed":
            self.aim(STOWED, 1.0, 0.0, 0.0)
        elif w.kind == "place":
            self.aim(PLACE, *w.place)
        else:
            yaw = w.yaw + (heading(self.view().q) if w.kind == "follow" else 0.0)
            level = math.cos(w.pitch)
            self.aim(EARTH, level * math.cos(yaw), level * math.sin(yaw), -math.sin(w.pitch))

    def _looking(self) -> tuple[float, float]:
        """Where the turret looks now: rad from north, rad above the horizon."""
        n = self.line(0.0, 0.0)
        return math.atan2(n[1], n[0]), math.asin(min(max(-n[2], -1.0), 1.0))

    def line(self, right: float, up: float) -> tuple[float, float, float]:
        """Unit vector, NED, of a ray of the picture: rad right and up of its middle."""
        v = self.view()
        azimuth, elevation = v.azimuth, v.elevation
        ray = math.tan(right), -math.tan(up)
        length = math.sqrt(1.0 + ray[0] ** 2 + ray[1] ** 2)
        ca, sa, ce, se = math.cos(azimuth), math.sin(azimuth), math.cos(elevation), math.sin(elevation)
        x, y, z = 1.0 / length, ray[0] / length, ray[1] / length  # camera axes: ahead, right, down
        body = (ca * (ce * x + se * z) - sa * y, sa * (ce * x + se * z) + ca * y, -se * x + ce * z)
        return turned(v.q, body)

    @property
    def field_of_view(self) -> tuple[float, float]:
        """rad, horizontal and vertical: the zoom's percent runs along the logarithm of the field."""
        wide = WIDEST * (NARROWEST / WIDEST) ** (0.01 * self.zoom)
        return wide, 2.0 * math.atan(math.tan(0.5 * wide) * ASPECT)

    def footprint(self) -> list[tuple[float, float]] | None:
        """Corners of what the camera sees on level ground, rad; None where a corner's ray does not come down."""
        half = 0.5 * self.field_of_view[0], 0.5 * self.field_of_view[1]
        corners = [self.where(x * half[0], y * half[1]) for x, y in ((-1, 1), (1, 1), (1, -1), (-1, -1))]
        return None if any(corner is None for corner in corners) else [c for c in corners if c is not None]

    def where(self, right: float = 0.0, up: float = 0.0) -> tuple[float, float] | None:
        """Latitude and longitude, rad, where a ray meets level ground at the height of that below the aircraft."""
        v, (n, e, d) = self.view(), self.line(right, up)
        if d < FLATTEST:
            return None
        way = (v.altitude - v.ground) / d
        return (
            v.latitude + way * n / MEAN_RADIUS,
            v.longitude + way * e / (MEAN_RADIUS * max(math.cos(v.latitude), 1e-3)),
        )

    # --- service --------------------------------------------------------------------------------------------------

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterable[Outgoing]:
        """Streams of angles from whoever points the turret."""
        name = message.name
        if name not in STREAMS or self._allowed(sender) is not None or not self.may(sender):
            return ()
        flags = int(message.flags)
        if name == "GIMBAL_MANAGER_SET_PITCHYAW":
            asked = message.pitch, message.yaw, message.pitch_rate, message.yaw_rate
            pitch, yaw, pitch_rate, yaw_rate = (float(angle) / DEGREE for angle in asked)
            self._pitch_yaw(pitch, yaw, pitch_rate, yaw_rate, flags)
        elif name == "GIMBAL_MANAGER_SET_ATTITUDE":
            self._attitude(message, flags)
        else:
            rates = (_given(message.pitch_rate) * RATE_LIMIT / DEGREE, _given(message.yaw_rate) * RATE_LIMIT / DEGREE)
            self._pitch_yaw(math.nan, math.nan, *rates, flags)
        return ()

    def _attitude(self, message: Any, flags: int) -> None:
        """A quaternion or, where it is not given, rates about the axes in rad/s."""
        q = [float(part) for part in message.q]
        if all(math.isfinite(part) for part in q) and any(q):
            x = turned((q[0], q[1], q[2], q[3]), (1.0, 0.0, 0.0))
            pitch, yaw = math.asin(min(max(-x[2], -1.0), 1.0)), math.atan2(x[1], x[0])
            self._pitch_yaw(pitch / DEGREE, yaw / DEGREE, math.nan, math.nan, flags)
        else:
            rates = message.angular_velocity_y, message.angular_velocity_z
            self._pitch_yaw(math.nan, math.nan, rates[0] / DEGREE, rates[1] / DEGREE, flags)

    def due(self, now: Now) -> Iterable[Outgoing]:
        """Renew a wish that moves; report the device five times a second and who controls every five seconds."""
        self._follow(now)
        if now.wall - self._told >= STATUS_EVERY - 1e-6:
            self._told = now.wall
            yield self.device_status(now)
        if now.wall - self._controlled >= CONTROL_EVERY:
            self._controlled = now.wall
            yield self.manager_status(now)

    def _follow(self, now: Now) -> None:
        passed = 0.0 if self._turned is None else now.simulated - self._turned
        self._turned = now.simulated
        w = self.wish
        if w.kind == "rate":
            w.pitch = min(max(w.pitch + passed * w.pitch_rate, LOWEST), HIGHEST)
            w.yaw = math.remainder(w.yaw + passed * w.yaw_rate, 2.0 * math.pi)
        if w.kind in ("rate", "follow"):
            self._write()

    def device_status(self, now: Now) -> Outgoing:
        """GIMBAL_DEVICE_ATTITUDE_STATUS: yaw from the nose, or from north while it is locked."""
        v = self.view()
        locked = self.wish.kind in ("lock", "rate", "place")
        north, pitch = self._looking()
        yaw = north if locked else math.remainder(north - heading(v.q), 2.0 * math.pi)
        lock = Flag.YAW_LOCK | Flag.YAW_IN_EARTH_FRAME if locked else Flag.YAW_IN_VEHICLE_FRAME
        flags = Flag.ROLL_LOCK | Flag.PITCH_LOCK | lock
        fields = {
            "target_system": 0, "target_component": 0, "time_boot_ms": now.boot_ms,
            "flags": int(flags if self.wish.kind != "stowed" else Flag.NEUTRAL | lock),
            "q": list(quaternion(0.0, pitch, yaw)), "angular_velocity_x": 0.0, "angular_velocity_y": v.elevation_rate,
            "angular_velocity_z": v.azimuth_rate, "failure_flags": 0 if v.powered else 8,
            "delta_yaw": heading(v.q) if not locked else math.nan, "delta_yaw_velocity": math.nan,
            "gimbal_device_id": 0,
        }  # fmt: skip
        return Outgoing("GIMBAL_DEVICE_ATTITUDE_STATUS", fields, component=GIMBAL)

    def manager_status(self, now: Now) -> Outgoing:
        """GIMBAL_MANAGER_STATUS."""
        fields = {
            "time_boot_ms": now.boot_ms, "flags": int(Flag.ROLL_LOCK | Flag.PITCH_LOCK), "gimbal_device_id": GIMBAL,
            "primary_control_sysid": self.primary.system, "primary_control_compid": self.primary.component,
            "secondary_control_sysid": self.secondary.system, "secondary_control_compid": self.secondary.component,
        }  # fmt: skip
        return Outgoing("GIMBAL_MANAGER_STATUS", fields, priority=Priority.STREAM)

    def message(self, name: str, now: Now, to: Sender | None = None) -> Outgoing | None:
        """A message of this room that somebody requests by name; None when it is not of this room."""
        makers: dict[str, Callable[[], tuple[Any, int]]] = {
            "GIMBAL_DEVICE_ATTITUDE_STATUS": lambda: (self.device_status(now).fields, GIMBAL),
            "GIMBAL_MANAGER_STATUS": lambda: (self.manager_status(now).fields, AUTOPILOT),
            "GIMBAL_MANAGER_INFORMATION": lambda: (_manager(now), AUTOPILOT),
            "GIMBAL_DEVICE_INFORMATION": lambda: (_device(now), GIMBAL),
            "CAMERA_INFORMATION": lambda: (_camera(now), CAMERA),
            "CAMERA_SETTINGS": lambda: ({"time_boot_ms": now.boot_ms, "mode_id": 1, "zoomLevel": self.zoom}, CAMERA),
            "CAMERA_FOV_STATUS": lambda: (self._fov(now), CAMERA),
        }
        if name not in makers:
            return None
        fields, component = makers[name]()
        return Outgoing(name, fields, to, Priority.ANSWER, component)

    def _fov(self, now: Now) -> dict[str, Any]:
        """CAMERA_FOV_STATUS: where the camera is, where its middle looks, and its field of view, degrees."""
        v, there, wide = self.view(), self.where(), self.field_of_view
        north, pitch = self._looking()
        unknown = 0x7FFFFFFF
        image = unknown if there is None else round(there[0] / DEGREE * 1e7)
        across = unknown if there is None else round(there[1] / DEGREE * 1e7)
        return {
            "time_boot_ms": now.boot_ms, "lat_camera": round(v.latitude / DEGREE * 1e7),
            "lon_camera": round(v.longitude / DEGREE * 1e7), "alt_camera": round(v.altitude * 1e3),
            "lat_image": image, "lon_image": across,
            "alt_image": unknown if there is None else round(v.ground * 1e3), "q": list(quaternion(0.0, pitch, north)),
            "hfov": wide[0] / DEGREE, "vfov": wide[1] / DEGREE,
        }  # fmt: skip


def _manager(now: Now) -> dict[str, Any]:
    """GIMBAL_MANAGER_INFORMATION."""
    can = 0x1 | 0x2 | 0x20 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x20000
    return {
        "time_boot_ms": now.boot_ms, "cap_flags": can, "gimbal_device_id": GIMBAL, "roll_min": 0.0, "roll_max": 0.0,
        "pitch_min": LOWEST, "pitch_max": HIGHEST, "yaw_min": -math.pi, "yaw_max": math.pi,
    }  # fmt: skip


def _device(now: Now) -> dict[str, Any]:
    """GIMBAL_DEVICE_INFORMATION."""
    can = 0x1 | 0x2 | 0x20 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800
    return {
        "time_boot_ms": now.boot_ms, "vendor_name": "samruk", "model_name": "turret", "custom_name": "",
        "firmware_version": 1, "hardware_version": 1, "uid": 0, "cap_flags": can, "custom_cap_flags": 0,
        "roll_min": 0.0, "roll_max": 0.0, "pitch_min": LOWEST, "pitch_max": HIGHEST, "yaw_min": math.nan,
        "yaw_max": math.nan, "gimbal_device_id": 0,
    }  # fmt: skip


def _camera(now: Now) -> dict[str, Any]:
    """CAMERA_INFORMATION: a zoom and nothing else yet."""
    zooms = 64
    return {
        "time_boot_ms": now.boot_ms, "vendor_name": list(b"samruk".ljust(32, b"\0")),
        "model_name": list(b"turret".ljust(32, b"\0")), "firmware_version": 1, "focal_length": math.nan,
        "sensor_size_h": math.nan, "sensor_size_v": math.nan, "resolution_h": 0, "resolution_v": 0, "lens_id": 0,
        "flags": zooms, "cam_definition_version": 0, "cam_definition_uri": "", "gimbal_device_id": GIMBAL,
    }  # fmt: skip


def _given(value: float, otherwise: float = 0.0) -> float:
    """A parameter, or what stands for one that is not given."""
    return float(value) if math.isfinite(value) else otherwise


def turned(
    q: tuple[float, float, float, float], v: tuple[float, float, float]
) -> tuple[float, float, float]:
    """A vector rotated by a unit quaternion, scalar first."""
    w, x, y, z = q
    tx, ty, tz = 2.0 * (y * v[2] - z * v[1]), 2.0 * (z * v[0] - x * v[2]), 2.0 * (x * v[1] - y * v[0])
    return (
        v[0] + w * tx + y * tz - z * ty, v[1] + w * ty + z * tx - x * tz, v[2] + w * tz + x * ty - y * tx
    )  # fmt: skip


def heading(q: tuple[float, float, float, float]) -> float:
    """rad from north, of the nose."""
    x = turned(q, (1.0, 0.0, 0.0))
    return math.atan2(x[1], x[0])


def quaternion(phi: float, theta: float, psi: float) -> tuple[float, float, float, float]:
    """Scalar first, from roll, pitch and yaw."""
    cr, sr, cp, sp = math.cos(0.5 * phi), math.sin(0.5 * phi), math.cos(0.5 * theta), math.sin(0.5 * theta)
    cy, sy = math.cos(0.5 * psi), math.sin(0.5 * psi)
    return (
        cy * cp * cr + sy * sp * sr, cy * cp * sr - sy * sp * cr,
        cy * sp * cr + sy * cp * sr, sy * cp * cr - cy * sp * sr,
    )  # fmt: skip


def _ecef(latitude: float, longitude: float, height: float) -> tuple[float, float, float]:
    """m, WGS-84."""
    n = SEMI_MAJOR_AXIS / math.sqrt(1.0 - ECCENTRICITY_SQUARED * math.sin(latitude) ** 2)
    level, polar = (n + height) * math.cos(latitude), n * (1.0 - ECCENTRICITY_SQUARED) + height
    return level * math.cos(longitude), level * math.sin(longitude), polar * math.sin(latitude)


__all__ = ["CAMERA", "GIMBAL", "Command", "Flag", "Gimbal", "Result", "View"]

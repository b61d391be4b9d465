"""The turret's service joined to an aircraft: its view from the aircraft's own picture, its aim into the lane."""

from __future__ import annotations

from collections.abc import Callable

from samruk.messages import Mode
from samruk.units import DEGREE
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.claims import Level
from samruk.vehicle.commands import Commands
from samruk.vehicle.gimbal import CAMERA, GIMBAL, Command, Gimbal, View
from samruk.vehicle.service import AUTOPILOT, Asked, Handler, Now, Reply, Result
from samruk.vehicle.telemetry import Telemetry

MESSAGES = ("GIMBAL_DEVICE_ATTITUDE_STATUS", "GIMBAL_MANAGER_STATUS", "GIMBAL_MANAGER_INFORMATION",
            "GIMBAL_DEVICE_INFORMATION", "CAMERA_INFORMATION", "CAMERA_SETTINGS", "CAMERA_FOV_STATUS")  # fmt: skip
NAN = float("nan")


def view(aircraft: Aircraft) -> View:
    """Where aircraft and turret are, by their own estimate and encoders."""
    p = aircraft.picture
    e, t = p.estimate, p.turret
    return View(
        q=(e.q_nb.w, e.q_nb.x, e.q_nb.y, e.q_nb.z), latitude=e.latitude, longitude=e.longitude,
        altitude=e.altitude_msl, ground=e.altitude_msl - e.height_agl, azimuth=t.azimuth, elevation=t.elevation,
        azimuth_rate=t.azimuth_rate, elevation_rate=t.elevation_rate, powered=p.mode != Mode.REFUSED,
    )  # fmt: skip


def join(aircraft: Aircraft, commands: Commands, telemetry: Telemetry) -> Gimbal:
    """The turret as a service of this aircraft, its commands and messages registered."""
    live, k = aircraft.live, aircraft.k
    gimbal = Gimbal(lambda: view(aircraft), lambda kind, x, y, z: live.point(k, kind, x, y, z))
    gimbal.may = lambda sender: commands.may(sender, "turret stream", Level.PAYLOAD)
    for number in Command:
        for component in (AUTOPILOT, GIMBAL, CAMERA):
            commands.register(int(number), _handler(gimbal), Level.PAYLOAD, component, name="turret")
    for name in MESSAGES:
        owner = CAMERA if name.startswith("CAMERA") else GIMBAL if name.startswith("GIMBAL_DEVICE") else AUTOPILOT
        telemetry.provide(name, _maker(gimbal, name), 1.0 if name == "CAMERA_FOV_STATUS" else 0.0, owner)
    for component in (GIMBAL, CAMERA):
        telemetry.register(commands, component)
    return gimbal


def _handler(gimbal: Gimbal) -> Handler:
    def handle(asked: Asked, now: Now) -> Reply:
        numbers = [asked.p1, asked.p2, asked.p3, asked.p4]
        place = [None if angle is None else angle / DEGREE for angle in (asked.latitude, asked.longitude)]
        rest = [*place, asked.altitude] if asked.latitude is not None else [asked.x_raw, asked.y_raw, asked.p7]
        result = gimbal.command(
            asked.command, tuple(NAN if x is None else float(x) for x in (*numbers, *rest)), asked.sender, now
        )
        return Reply(Result.UNSUPPORTED if result is None else int(result))

    return handle


def _maker(gimbal: Gimbal, name: str) -> Callable[..., dict[str, object] | None]:
    def make(aircraft: Aircraft, picture: object, now: Now) -> dict[str, object] | None:
        out = gimbal.message(name, now)
        return None if out is None else dict(out.fields)

    return make

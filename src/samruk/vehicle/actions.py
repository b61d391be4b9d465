"""Flight by command: each MAV_CMD as an order to the autopilot, or a refusal with its reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from samruk.messages import Mode, OrderKind
from samruk.units import DEGREE
from samruk.vehicle import modes
from samruk.vehicle.aircraft import GROUND_MODES, Aircraft
from samruk.vehicle.commands import FLIGHT, RECOVERY, Commands
from samruk.vehicle.service import Asked, Now, Outgoing, Reply, Result, Sender
from samruk.vehicle.target import away

TAKE_OFF_HEIGHT = 300.0
"""m above home of the hold after a take-off for which no height was given."""
AT_FIELD = 5000.0
"""m from a threshold within which a place to land means that field."""
BANK, CLIMB = 30.0 * DEGREE, 4.0
"""rad and m/s that a stick at its stop asks for."""
NEUTRAL = 50
"""Thousandths of stick travel that count as nothing."""
STICK_EVERY = 0.2
"""Wall s between two orders of the stick."""
GROUND_SPEED = 1
"""SPEED_TYPE_GROUNDSPEED."""
SET_MODE = 176
"""MAV_CMD_DO_SET_MODE: the message SET_MODE needs the same level."""


class Actions:
    """Registers the commands of flight, and hears SET_MODE and MANUAL_CONTROL.

    Args:
        aircraft: what is flown.
        commands: where commands come in.
    """

    def __init__(self, aircraft: Aircraft, commands: Commands) -> None:
        self.aircraft, self.commands = aircraft, commands
        self._stick_at = -1e9
        table: dict[int, tuple[Callable[[Asked, Now], Reply], int, str]] = {
            20: (self._return, FLIGHT, "return"),
            21: (self._land, RECOVERY, "land"),
            22: (self._take_off, RECOVERY, "take-off"),
            34: (self._orbit, FLIGHT, "orbit"),
            35: (self._figure_eight, FLIGHT, "figure eight"),
            SET_MODE: (self._set_mode, FLIGHT, "mode"),
            178: (self._speed, FLIGHT, "speed"),
            179: (self._set_home, FLIGHT, "home"),
            186: (self._altitude, FLIGHT, "altitude"),
            189: (self._landing, RECOVERY, "landing of the mission"),
            191: (self._go_around, RECOVERY, "go-around"),
            192: (self._reposition, FLIGHT, "reposition"),
            193: (self._pause, FLIGHT, "pause or go on"),
            212: (self._own("autotune", "gains follow from the handbook at every speed and mass"), FLIGHT, "autotune"),
            224: (self._set_leg, FLIGHT, "mission item"),
            262: (self._standard_mode, FLIGHT, "mode"),
            611: (self._own("origin", "the aircraft navigates by satellite and inertial unit"), FLIGHT, "origin"),
            2520: (self._own("configuration", "gear and flaps are the autopilot's"), FLIGHT, "configuration"),
            300: (self._start_mission, FLIGHT, "mission start"),
            43000: (self._speed, FLIGHT, "speed"),
            43001: (self._guided_altitude, FLIGHT, "altitude"),
            43002: (self._guided_heading, FLIGHT, "heading"),
            52103: (self._rehearse, FLIGHT, "lost-link rehearsal"),
            52107: (self._ice, FLIGHT, "ice protection"),
            52108: (self._land_at, RECOVERY, "land"),
        }
        for number, (handler, loi, name) in table.items():
            commands.register(number, handler, loi, name=name)

    def heard(self, message: Any, sender: Sender, now: Now) -> tuple[Outgoing, ...]:
        """SET_MODE, which has no ack, and the stick."""
        if message.name == "SET_MODE":
            level = self.commands.level(SET_MODE, not self.aircraft.landed)
            if self.commands.may(sender, "mode", level):
                self.change(modes.named(*modes.unpacked(int(message.custom_mode))), sender)
        elif message.name == "MANUAL_CONTROL" and int(message.target) == self.aircraft.system:
            self._stick(message, sender, now)
        return ()

    def due(self, now: Now) -> tuple[Outgoing, ...]:
        """Nothing of its own."""
        return ()

    # --- modes ---

    def change(self, wanted: modes.Shown | None, sender: Sender) -> Reply:
        """Another mode by a client's wish."""
        if wanted is None:
            return Reply(Result.UNSUPPORTED, "mode: there is no such mode")
        if self._parked():
            return self._select(wanted, sender)
        orders: dict[str, Callable[[], Reply]] = {
            modes.HOLD.name: lambda: self._order(sender, OrderKind.HOLD),
            modes.MISSION.name: lambda: self._fly_mission(sender),
            modes.RETURN.name: lambda: self._order(sender, OrderKind.RETURN),
            modes.LAND.name: lambda: self._order(sender, OrderKind.LAND, x=0.0),
            modes.HEADING.name: lambda: self._order(sender, OrderKind.HEADING, x=self.aircraft.picture.heading),
            modes.LOST_LINK.name: lambda: self._order(sender, OrderKind.LOST_LINK),
        }
        if wanted.name not in orders:
            return Reply(Result.TEMPORARILY_REJECTED, f"mode {wanted.name}: not in the air")
        return orders[wanted.name]()

    def _select(self, wanted: modes.Shown, sender: Sender) -> Reply:
        """On the ground a mode waits for the engine; with it running, a mission or a take-off begins."""
        self.aircraft.board["selected"] = wanted
        if self.aircraft.engine_ordered and wanted in (modes.MISSION, modes.TAKE_OFF):
            return self._fly_mission(sender) if wanted is modes.MISSION else self._order_take_off(sender, None)
        return Reply()

    def _set_mode(self, asked: Asked, now: Now) -> Reply:
        if not asked.whole("p1") & 1:
            return Reply(Result.DENIED, "mode: give a custom mode, as PX4 packs it")
        return self.change(modes.named(asked.whole("p2"), asked.whole("p3")), asked.sender)

    def _standard_mode(self, asked: Asked, now: Now) -> Reply:
        return self.change(modes.BY_STANDARD.get(modes.Standard(asked.whole("p1")))
                           if asked.whole("p1") in set(modes.Standard) else None, asked.sender)  # fmt: skip

    # --- route ---

    def _fly_mission(self, sender: Sender, leg: int | None = None) -> Reply:
        """The mission from the ground or from the air; by the mission computer where there is one."""
        computer = self.aircraft.board.get("mission")
        if computer is not None:
            found: Reply = computer.start(sender, leg)
            return found
        if self._parked():
            return self._order(sender, OrderKind.TAKE_OFF, x=leg, z=1.0)
        return self._order(sender, OrderKind.ROUTE, x=leg)

    def _start_mission(self, asked: Asked, now: Now) -> Reply:
        if self._parked() and not self.aircraft.engine_ordered:
            return Reply(Result.TEMPORARILY_REJECTED, "mission start: the engine is off; arm first")
        return self._fly_mission(asked.sender, asked.whole("p1") or None)

    def _set_leg(self, asked: Asked, now: Now) -> Reply:
        computer = self.aircraft.board.get("mission")
        if computer is not None:
            found: Reply = computer.set_current(asked.sender, asked.whole("p1"), bool(asked.whole("p2")))
            return found
        if not 0 <= asked.whole("p1", -1) < len(self.aircraft.legs()):
            return Reply(Result.DENIED, f"mission item {asked.whole('p1')}: there is none")
        return self._order(asked.sender, OrderKind.ROUTE, x=float(asked.whole("p1")))

    def _pause(self, asked: Asked, now: Now) -> Reply:
        if asked.whole("p1"):
            return self._fly_mission(asked.sender)
        return self._order(asked.sender, OrderKind.HOLD)

    def _rehearse(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_REHEARSE: foresee the lost-link route, or fly it."""
        outlooks = self.aircraft.board.get("outlooks")
        if asked.whole("p1") or outlooks is None:
            return self._order(asked.sender, OrderKind.LOST_LINK)
        found: Reply = outlooks.rehearse(asked, now)
        return found

    # --- take-off and landing ---

    def _take_off(self, asked: Asked, now: Now) -> Reply:
        return self._order_take_off(asked.sender, asked.altitude)

    def _order_take_off(self, sender: Sender, altitude: float | None) -> Reply:
        own = self.aircraft.home.elevation + self.aircraft.board.get("take_off_height", TAKE_OFF_HEIGHT)
        self.aircraft.board["selected"] = modes.TAKE_OFF
        return self._order(sender, OrderKind.TAKE_OFF, altitude=own if altitude is None else altitude, z=0.0)

    def _land(self, asked: Asked, now: Now) -> Reply:
        named = asked.whole("p1") if asked.whole("p1") in (1, 2) else 0  # a lowest height of 1 or 2 m means nothing
        place = asked.latitude is not None and asked.longitude is not None
        field = self._field(asked.latitude or 0.0, asked.longitude or 0.0) if place else named
        if field is None:
            return Reply(Result.DENIED, "land: no field of this mission is there")
        return self._order(asked.sender, OrderKind.LAND, x=float(field))

    def _set_home(self, asked: Asked, now: Now) -> Reply:
        """Home is a runway: a place at one of the mission's is accepted where it is home already."""
        current = asked.whole("p1") == 1
        here = self.aircraft.picture.estimate
        latitude = here.latitude if current else asked.latitude
        longitude = here.longitude if current else asked.longitude
        if latitude is None or longitude is None or self._field(latitude, longitude) != 0:
            return Reply(Result.DENIED, "home: it is the mission's home runway and stays there")
        return Reply()

    def _own(self, what: str, why: str) -> Callable[[Asked, Now], Reply]:
        """Refuses what the aircraft decides by itself."""
        return lambda asked, now: Reply(Result.DENIED, f"{what}: {why}")

    def _land_at(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_LAND_AT: a field by its number."""
        return self._order(asked.sender, OrderKind.LAND, x=asked.p1)

    def _field(self, latitude: float, longitude: float) -> int | None:
        """Number of the field at a place."""
        task = self.aircraft.flight_plan.task
        for number, field in enumerate((task.home, task.alternate_a, task.alternate_b)):
            distance, _ = away(latitude, longitude, field.latitude, field.longitude)
            if field.usable and distance < AT_FIELD + field.length:
                return number
        return None

    def _return(self, asked: Asked, now: Now) -> Reply:
        """Home; or to a rally point that is nearer, to hold there, where RTL_TYPE says so."""
        computer = self.aircraft.board.get("mission")
        point = computer.rally() if computer is not None and self.aircraft.board.get("return_type", 0) else None
        if point is None or self.aircraft.landed:
            return self._order(asked.sender, OrderKind.RETURN)
        latitude, longitude, altitude = point
        return self._order(
            asked.sender, OrderKind.HOLD, latitude=latitude, longitude=longitude, altitude=altitude
        )

    def _landing(self, asked: Asked, now: Now) -> Reply:
        computer = self.aircraft.board.get("mission")
        if computer is None or self.aircraft.landed:
            return Reply(Result.TEMPORARILY_REJECTED, "landing of the mission: not in the air")
        found: Reply = computer.land(asked.sender)
        return found

    def _go_around(self, asked: Asked, now: Now) -> Reply:
        return self._order(asked.sender, OrderKind.GO_AROUND, altitude=asked.p1 or None)

    # --- places, heights, speeds ---

    def _reposition(self, asked: Asked, now: Now) -> Reply:
        radius = asked.p3 or None
        if radius is not None and asked.p4 == 1.0:
            radius = -radius
        speed = asked.p1 if asked.p1 is not None and asked.p1 > 0.0 else None
        return self._order(asked.sender, OrderKind.HOLD, latitude=asked.latitude, longitude=asked.longitude,
                           altitude=asked.altitude, x=radius, y=speed)  # fmt: skip

    def _orbit(self, asked: Asked, now: Now) -> Reply:
        speed = asked.p2 if asked.p2 is not None and asked.p2 > 0.0 else None
        return self._order(asked.sender, OrderKind.HOLD, latitude=asked.latitude, longitude=asked.longitude,
                           altitude=asked.altitude, x=asked.p1 or None, y=speed)  # fmt: skip

    def _figure_eight(self, asked: Asked, now: Now) -> Reply:
        return self._order(asked.sender, OrderKind.FIGURE_EIGHT, latitude=asked.latitude, longitude=asked.longitude,
                           altitude=asked.altitude, x=asked.p1 or None, y=asked.p2 or None, z=asked.p4)  # fmt: skip

    def _speed(self, asked: Asked, now: Now) -> Reply:
        if asked.whole("p1") == GROUND_SPEED:
            return Reply(Result.DENIED, "speed: only airspeed can be set")
        if asked.p2 is None or asked.p2 == -1.0:
            return Reply(Result.DENIED, "speed: none is given")
        return self._order(asked.sender, OrderKind.AIRSPEED, x=max(asked.p2, 0.0))

    def _altitude(self, asked: Asked, now: Now) -> Reply:
        """DO_CHANGE_ALTITUDE: parameter 1 by the frame of parameter 2."""
        frame = asked.whole("p2")
        if asked.p1 is None or frame not in (0, 3, 5, 6):
            return Reply(Result.DENIED, "altitude: give it above mean sea level or above home")
        above = self.aircraft.home.elevation if frame in (3, 6) else 0.0
        return self._order(asked.sender, OrderKind.ALTITUDE, altitude=asked.p1 + above)

    def _guided_altitude(self, asked: Asked, now: Now) -> Reply:
        if asked.altitude is None:
            return Reply(Result.DENIED, "altitude: none is given")
        return self._order(asked.sender, OrderKind.ALTITUDE, altitude=asked.altitude)

    def _guided_heading(self, asked: Asked, now: Now) -> Reply:
        if asked.p2 is None or not 0.0 <= asked.p2 <= 360.0:
            return Reply(Result.DENIED, "heading: give 0 to 360 degrees")
        return self._order(asked.sender, OrderKind.HEADING, x=(asked.p2 % 360.0) * DEGREE)

    def _ice(self, asked: Asked, now: Now) -> Reply:
        return self._order(asked.sender, OrderKind.ICE_PROTECTION, x=float(asked.whole("p1", -1)))

    def _stick(self, message: Any, sender: Sender, now: Now) -> None:
        """Bank and climb by the stick, while the heading mode or the stick flies."""
        flying = self.aircraft.picture.mode in (Mode.HEADING, Mode.STICK)
        roll, pitch = (max(-1000, min(1000, int(getattr(message, axis)))) for axis in ("y", "x"))
        moved = max(abs(roll), abs(pitch)) > NEUTRAL
        waits = self.aircraft.live.waiting(self.aircraft.k) > 0  # an older stick must not be flown after a newer one
        if waits or not (flying and moved and now.wall - self._stick_at >= STICK_EVERY):
            return
        if self.commands.may(sender, "MANUAL_CONTROL", FLIGHT):
            self._stick_at = now.wall
            self._order(sender, OrderKind.STICK, x=BANK * roll / 1000.0, y=CLIMB * pitch / 1000.0)

    # --- both ---

    def _parked(self) -> bool:
        return self.aircraft.landed and self.aircraft.picture.mode in GROUND_MODES

    def _order(self, sender: Sender, kind: OrderKind, **numbers: float | None) -> Reply:
        finite = {name: value for name, value in numbers.items() if value is not None and math.isfinite(value)}
        return Reply(order=self.aircraft.order(kind, by=sender.system, **finite))

"""A station from what its user gave: charts, seats, record, ways; and what it knew before it was restarted."""

from __future__ import annotations

import json
import math
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from samruk.errors import InputError
from samruk.link.mavlink import Keyring, read_key
from samruk.station import journal as records
from samruk.station import maps, session, wire
from samruk.station.desk import Desk
from samruk.station.replay import Player
from samruk.station.server import Station
from samruk.station.ways import endpoint

FIRST = 240
"""System id before that of S1."""
SEATS = ("pilot", "instructor", "observer")
RECENT = 3600.0
"""s within which an earlier record is the same session."""


def build(arguments: Namespace) -> Station:
    """Everything but the sockets.

    Raises:
        InputError: an option is wrong.
    """
    ground, home = charts(arguments)
    _ = ground.relief  # shaded once here, not while somebody flies
    place = _place(arguments.place) or home
    latitude, longitude = place or (None, None)
    number = arguments.sysid or sysid(arguments.site)
    site = wire.Site(arguments.site, arguments.name or arguments.site, number, latitude, longitude, True, 0.0)
    seats = session.Seats({role: role for role in arguments.role or SEATS}, tokens(arguments.token_file))
    ends = [endpoint(text) for text in [*arguments.listen, *arguments.connect]] or [endpoint("udpin:127.0.0.1:14550")]
    if arguments.replay is not None:
        desk = Desk(site, ground, None, arguments.language)
        return Station(desk, seats, [], Player.of(arguments.replay), replay_only=True, host=arguments.host)
    now = time.time()
    desk = Desk(site, ground, records.Journal(arguments.journal, site.id, now), arguments.language,
                _sites(arguments.sites))  # fmt: skip
    recover(desk, records.last_of(arguments.journal, site.id), now)
    key = getattr(arguments, "signing_key", None)
    return Station(desk, seats, ends, keyring=Keyring(read_key(key)) if key else None, host=arguments.host)


def charts(arguments: Namespace) -> tuple[maps.Ground, tuple[float, float] | None]:
    """Fields and terrain, and where home is.

    Raises:
        InputError: the mission cannot be read.
    """
    if arguments.set and not arguments.mission:
        raise InputError("changes a mission, and none is given.", "--set", "Give --mission, too.")
    ground = maps.from_mission(arguments.mission, arguments.set)[0] if arguments.mission else maps.Ground()
    if arguments.terrain is not None:
        ground.grids += maps.from_folder(arguments.terrain)
    home = next(((field.latitude, field.longitude) for field in ground.aerodromes if field.home), None)
    return ground, home


def sysid(site: str) -> int:
    """241 for S1 and so on.

    Raises:
        InputError: the name says no number.
    """
    number = int(site[1:]) if site[:1].upper() == "S" and site[1:].isdigit() else 0
    if not 1 <= number <= 9:
        raise InputError(f"the site {site!r} says no system id.", "", "Give --sysid, or call it S1 to S9.")
    return FIRST + number


def tokens(file: Path | None) -> dict[str, str]:
    """Tokens by seat; a file readable by others is refused.

    Raises:
        InputError: the file cannot be used.
    """
    if file is None:
        return {}
    found = _json(file)
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise InputError("does not hold tokens by seat.", str(file), 'Write {"pilot": "...", "observer": "..."}.')
    return found


def _sites(file: str | None) -> dict[int, wire.Site]:
    """The other stations."""
    if not file:
        return {}
    rows = _json(Path(file))
    try:
        sites = [wire.Site(row["id"], row.get("name", row["id"]), int(row["sysid"]), math.radians(row["latitude_deg"]),
                           math.radians(row["longitude_deg"]), None, None) for row in rows]  # fmt: skip
    except (KeyError, TypeError, ValueError):
        told = "is no list of stations."
        raise InputError(told, file, "Each needs id, sysid, latitude_deg, longitude_deg.") from None
    return {site.sysid: site for site in sites}


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}.", str(file), "Check the path.") from None
    except ValueError:
        raise InputError("is not JSON.", str(file), "See docs/station.md.") from None


def _place(text: str | None) -> tuple[float, float] | None:
    """Latitude and longitude, rad, from degrees.

    Raises:
        InputError: it is none.
    """
    if not text:
        return None
    try:
        latitude, longitude = (float(each) for each in text.split(","))
    except ValueError:
        raise InputError(f"{text!r} is no place.", "", "Write latitude and longitude in degrees: 40.1,33.0.") from None
    if not (-90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0):
        raise InputError(f"{text!r} lies outside the Earth.", "", "Latitude comes first.")
    return math.radians(latitude), math.radians(longitude)


def recover(desk: Desk, path: Path, now: float) -> None:
    """Take up what an earlier process of this station knew, where it is of this session."""
    known = records.known_last(path)
    if known is None or now - known[0].wall_ms * 1e-3 > RECENT or not known[0].aircraft:
        return
    desk.now = now
    desk.recover(*known)
    desk.alarms.tell("recovered", 0, now)
    desk.note(desk.site.id, "recovered", path.name)

"""Who is in a session and where each listens: worked out before anything starts, from the mission and free ports."""

from __future__ import annotations

import json
import math
import os
import secrets
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from samruk.errors import InputError
from samruk.mission_file.sites import Station

FIRST_SYSTEM = 241
"""MAVLink system id of S1."""
ROLES = ("pilot", "payload", "commander", "maintainer", "instructor", "observer")
"""Seats of every station."""
HOST = "127.0.0.1"
"""Everything listens on this machine only."""


@dataclass(frozen=True)
class Site:
    """One ground station of a session."""

    id: str
    """S1, S2, ..."""
    station: Station
    """Where it stands."""
    system: int
    """MAVLink system id."""
    radio: int
    """UDP port at which aircraft are heard."""
    web: int
    """TCP port for browsers."""
    tokens: dict[str, str] = field(repr=False)
    """Secret of each seat."""

    def url(self, seat: str) -> str:
        """Address of a seat; the token stands in the fragment."""
        return f"http://{HOST}:{self.web}/#token={self.tokens[seat]}"


@dataclass(frozen=True)
class Layout:
    """A session."""

    mission: str
    """A story's name or a file."""
    aircraft: int
    """How many."""
    speed: float
    """Simulated seconds per wall second."""
    sites: tuple[Site, ...]
    """The stations, S1 first."""
    folder: Path
    """Where everything is recorded."""
    overrides: tuple[str, ...] = ()
    """`key=value` words for the mission."""
    engine: str = "auto"
    """How the step is run."""
    spoil: str = ""
    """What the air does to frames besides: see `samruk vehicle --spoil`."""

    def vehicle_words(self) -> list[str]:
        """Command line of the process of aircraft; the same words start it and take it up again."""
        words = [sys.executable, "-m", "samruk.cli", "vehicle", self.mission, "--aircraft", str(self.aircraft)]
        words += ["--speed", f"{self.speed:g}", "--listen", "0", "--record", str(self.folder / "aircraft")]
        words += ["--resume", "--instructor", "--json", "--engine", self.engine, "--signing-key", str(self.key_file())]
        words += ["--spoil", self.spoil] if self.spoil else []
        for word in self.overrides:
            words += ["--set", word]
        for site in self.sites:
            latitude, longitude = math.degrees(site.station.latitude), math.degrees(site.station.longitude)
            words += ["--site", f"{site.id}={site.system},{latitude:.7f},{longitude:.7f},{site.station.elevation:g}"]
            words += ["--udp", f"{HOST}:{site.radio}={site.id}", "--overriding", str(site.system)]
        return words

    def station_words(self, site: Site) -> list[str]:
        """Command line of one station's process."""
        place = f"{math.degrees(site.station.latitude):.7f},{math.degrees(site.station.longitude):.7f}"
        words = [sys.executable, "-m", "samruk.cli", "station", "--site", site.id, "--name", site.station.name]
        words += ["--sysid", str(site.system), f"--place={place}", "--listen", f"udpin:{HOST}:{site.radio}"]
        words += ["--host", HOST, "--port", str(site.web), "--mission", self.mission, "--json"]
        words += ["--token-file", str(self.tokens_file(site)), "--sites", str(self.sites_file())]
        words += ["--journal", str(self.folder / site.id), "--signing-key", str(self.key_file())]
        for word in self.overrides:
            words += ["--set", word]
        for role in ROLES:
            words += ["--role", role]
        return words

    def tokens_file(self, site: Site) -> Path:
        """Where the secrets of a station's seats are, for its owner's eyes only."""
        return self.folder / f"{site.id}.tokens.json"

    def key_file(self) -> Path:
        """Where the key is that signs every frame of the session, for its owner's eyes only."""
        return self.folder / "signing.key"

    def sites_file(self) -> Path:
        """Where the stations read of each other."""
        return self.folder / "sites.json"

    def write(self) -> None:
        """Write what the processes read.

        Raises:
            InputError: the folder cannot be written.
        """
        rows = [
            {"id": site.id, "name": site.station.name, "sysid": site.system,
             "latitude_deg": math.degrees(site.station.latitude),
             "longitude_deg": math.degrees(site.station.longitude)} for site in self.sites
        ]  # fmt: skip
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.sites_file().write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
            if not self.key_file().exists():
                secret(self.key_file(), secrets.token_hex(32) + "\n")
            for site in self.sites:
                secret(self.tokens_file(site), json.dumps(site.tokens))
        except OSError as error:
            told = f"cannot be written: {error.strerror or error}."
            raise InputError(told, str(self.folder), "Give another folder to --record.") from None


def secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def layout(
    mission: str, stations: Sequence[Station], *, aircraft: int, count: int, speed: float, port: int, folder: Path,
    overrides: Sequence[str] = (), engine: str = "auto", spoil: str = "",
) -> Layout:  # fmt: skip
    """A session on free ports.

    Args:
        mission: a story's name or a file.
        stations: where the mission has stations.
        aircraft: how many.
        count: of stations.
        speed: simulated seconds per wall second.
        port: of the first station's browsers; the others count up; 0 takes any.
        folder: of the records.
        overrides: `key=value` words for the mission.
        engine: how the step is run.

    Raises:
        InputError: there are fewer places than stations, or a port is taken.
    """
    if count > len(stations):
        told = f"{count} stations are asked for, and {mission} has places for {len(stations)}."
        raise InputError(told, "--stations", "Ask for fewer, or add [[station]] to the mission file.")
    webs = [free_port(socket.SOCK_STREAM, port + k if port else 0) for k in range(count)]
    sites = tuple(
        Site(
            f"S{k + 1}", stations[k], FIRST_SYSTEM + k, free_port(socket.SOCK_DGRAM), webs[k],
            {role: secrets.token_urlsafe(32) for role in ROLES},
        )
        for k in range(count)
    )  # fmt: skip
    return Layout(mission, aircraft, speed, sites, folder, tuple(overrides), engine, spoil)


def free_port(kind: int, port: int = 0) -> int:
    """A port of this machine that nobody listens on.

    Raises:
        InputError: the one that is asked for is taken.
    """
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise InputError(f"port {port} is taken.", "--port", "Give another, or 0 for any.") from None
        return int(probe.getsockname()[1])

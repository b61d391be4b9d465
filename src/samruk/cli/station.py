"""`samruk station`."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samruk.cli.words import Words, add_json, add_set, port

EXAMPLE = "samruk station --site S1 --listen udpin:127.0.0.1:14551 --port 8001"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("--site", default="S1", metavar="ID", help="id of this station (default: S1)")
    verb.add_argument("--name", default="", help="name for people")
    verb.add_argument("--sysid", type=int, metavar="N", help="MAVLink system id (default: 241 for S1, 242 for S2, ...)")
    verb.add_argument("--place", metavar="LAT,LON", help="its antenna, degrees (default: the mission's home)")
    verb.add_argument("--listen", action="append", default=[], metavar="WAY",
                      help="where aircraft speak to; may be repeated (default: udpin:127.0.0.1:14550)")  # fmt: skip
    verb.add_argument("--connect", action="append", default=[], metavar="WAY",
                      help="an aircraft to speak to first: udpout:HOST:PORT; may be repeated")  # fmt: skip
    verb.add_argument("--host", default="127.0.0.1", help="where browsers connect (default: this machine only)")
    verb.add_argument("--port", type=port, default=8001, metavar="N", help="port for browsers (default: 8001)")
    verb.add_argument("--certificate", type=Path, metavar="PEM", help="TLS certificate; without one, this machine only")
    verb.add_argument("--key", type=Path, metavar="PEM", help="TLS key")
    verb.add_argument("--signing-key", type=Path, metavar="FILE",
                      help="sign every frame with this key (64 hexadecimal digits) and hear signed frames only")
    verb.add_argument("--role", action="append", default=[], metavar="ROLE",
                      help="a seat with its role: pilot, commander, payload, maintainer, instructor, observer; "
                      "may be repeated (default: pilot, instructor, observer)")  # fmt: skip
    verb.add_argument("--token-file", type=Path, metavar="JSON", help='tokens of the seats: {"pilot": "...", ...}')
    verb.add_argument("--mission", metavar="MISSION", help="mission whose fields and terrain are the charts")
    add_set(verb)
    verb.add_argument("--terrain", type=Path, metavar="FOLDER", help="terrain tiles (.hgt, .tif) for the charts")
    verb.add_argument("--sites", metavar="JSON", help="file with the other stations: a list of id, sysid, "
                      "latitude_deg, longitude_deg")  # fmt: skip
    verb.add_argument("--journal", type=Path, metavar="FOLDER", default=Path("out/station"),
                      help="where records are kept (default: out/station)")  # fmt: skip
    verb.add_argument("--language", choices=["en", "tr"], default="en", help="of the screen at first (default: en)")
    verb.add_argument("--replay", type=Path, metavar="FILE", help="show a record of a station (.mcap) and nothing live")
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    import uvicorn

    from samruk.station import session
    from samruk.station.build import build

    session.check_address(arguments.host, arguments.certificate, arguments.key)
    station = build(arguments)
    scheme = "https" if arguments.certificate else "http"
    base = f"{scheme}://{arguments.host}:{arguments.port}"
    urls = {seat.id: station.seats.url(seat, base) for seat in station.seats.seats}
    config = uvicorn.Config(
        station.application(), host=arguments.host, port=arguments.port, log_level="warning", access_log=False,
        ws="websockets-sansio", ws_max_size=session.LONGEST, ws_max_queue=8, timeout_graceful_shutdown=2,
        ssl_certfile=arguments.certificate, ssl_keyfile=arguments.key, server_header=False,
    )  # fmt: skip
    logging.getLogger("uvicorn.error").addFilter(session.Discreet())
    _server(config, lambda: _say(arguments, station.desk.site.id, urls)).run()
    return 0


def _server(config: Any, ready: Callable[[], None]) -> Any:
    """A server that tells when it listens: whoever reads that may connect at once."""
    import uvicorn

    class Telling(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    return Telling(config)


def _say(arguments: argparse.Namespace, site: str, urls: dict[str, str]) -> None:
    """Where to look; the tokens are for whoever started the station."""
    if arguments.json:
        print(json.dumps({"station": site, "urls": urls}), flush=True)
        return
    for seat, url in urls.items():
        print(f"{site} {seat}: {url}", flush=True)

"""`samruk serve`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samruk.cli.vehicle import speed, spoiling
from samruk.cli.words import Words, add_json, add_set, any_port, check_ports, count

EXAMPLE = "samruk serve three-by-three --speed 5"
DEFAULT_MISSION = "three-by-three"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("mission", nargs="?", default=DEFAULT_MISSION,
                      help=f"a file, or a story's name (default: {DEFAULT_MISSION})")  # fmt: skip
    add_set(verb)
    verb.add_argument("--aircraft", type=count, default=3, metavar="N", help="how many (default: 3)")
    verb.add_argument("--stations", type=count, default=3, metavar="N", help="how many (default: 3)")
    verb.add_argument("--speed", type=speed, default=1.0, help="simulated seconds per second (default: 1)")
    verb.add_argument("--port", type=any_port, default=8001, metavar="N",
                      help="port of the first station's browsers, counting up; 0: any (default: 8001)")  # fmt: skip
    verb.add_argument("--record", type=Path, metavar="DIR",
                      help="where all is recorded; a folder of an earlier session is taken up again "
                      "(default: out/session-TIME)")  # fmt: skip
    verb.add_argument("--engine", choices=["auto", "native", "reference"], default="auto", help="how to run the step")
    verb.add_argument("--spoil", type=_spoil, metavar="LOSS[,TWICE[,OVERTAKEN]]",
                      help="%% of the frames over the air, besides what the radio does: lost, sent twice, overtaken")
    verb.add_argument("--no-open", action="store_true", help="do not open the browser")
    add_json(verb)


def _spoil(text: str) -> str:
    """The text, once it is one that `samruk vehicle` takes."""
    if text:
        spoiling(text)
    return text


def run(arguments: argparse.Namespace) -> int:
    """Start all, keep all alive, end all."""
    from samruk import load
    from samruk.serve.layout import layout

    check_ports(arguments.port, arguments.stations, "--port")
    plan = load.mission(arguments.mission, tuple(arguments.set))
    folder = arguments.record or Path("out") / time.strftime("session-%Y%m%d-%H%M%S")
    session = layout(
        arguments.mission, plan.stations, aircraft=arguments.aircraft, count=arguments.stations,
        speed=arguments.speed, port=arguments.port, folder=folder, overrides=arguments.set, engine=arguments.engine,
        spoil=arguments.spoil or "",
    )  # fmt: skip
    session.write()
    return asyncio.run(_serve(arguments, session))


async def _serve(arguments: argparse.Namespace, session: Any) -> int:
    """Run the family until a signal comes."""
    from samruk.serve.supervisor import Child, Supervisor

    stations = [Child(site.id, session.station_words(site)) for site in session.sites]
    children = [Child("aircraft", session.vehicle_words()), *stations]
    family = Supervisor(children, lambda name, what, details: _tell(arguments, name, what, details))
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, family.stopped.set)
    running = asyncio.create_task(family.run())
    welcome = asyncio.create_task(_welcome(arguments, session, children))
    code = await running
    welcome.cancel()
    return code


async def _welcome(arguments: argparse.Namespace, session: Any, children: list[Any]) -> None:
    """Once all are ready: where to look; the first station opens in the browser."""
    await asyncio.gather(*(child.ready.wait() for child in children))
    urls = {site.id: {seat: site.url(seat) for seat in site.tokens} for site in session.sites}
    if arguments.json:
        told = {"ready": True, "urls": urls, "record": str(session.folder), "aircraft": session.aircraft}
        print(json.dumps(told), flush=True)
    else:
        print(f"\nRecords: {session.folder}. Not for controlling a real aircraft. Ctrl-C ends the session.")
        for site in session.sites:
            print(f"\n{site.id} {site.station.name}")
            for seat, url in urls[site.id].items():
                print(f"  {seat:<11}{url}", flush=True)
    if not arguments.no_open and session.sites:
        webbrowser.open(session.sites[0].url("pilot"))


def _tell(arguments: argparse.Namespace, name: str, what: str, details: Mapping[str, Any]) -> None:
    """One line for each thing that happens to a process."""
    if arguments.json:
        print(json.dumps({"process": name, "event": what, **details}), flush=True)
        return
    told = {"started": "starts", "ready": "is ready", "ended": "has ended"}.get(what, "")
    if what in ("died", "given up"):
        again = "is left alone: it died too often" if what == "given up" else "is started again"
        told = f"died with code {details['code']} and {again}. {details['last']}"
    print(f"samruk serve: {name} {told}", flush=True)

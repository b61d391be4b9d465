"""`samruk vehicle`."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from samruk.cli.words import Words, add_json, add_set, any_port, check_ports, count, port
from samruk.errors import InputError

EXAMPLE = "samruk vehicle circuit --speed 20"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("mission", nargs="?", default="circuit", help="a file, or a story's name (default: circuit)")
    add_set(verb)
    verb.add_argument("--aircraft", type=count, default=1, metavar="N",
                      help="how many; they take the mission's flights in turn, each with a seed of its own")
    verb.add_argument("--speed", type=speed, default=1.0, help="simulated seconds per second (default: 1)")
    verb.add_argument("--udp", action="append", metavar="HOST:PORT[+]",
                      help="send to this address; + counts up by aircraft (default: 127.0.0.1:14550 and 14540+)")
    verb.add_argument("--listen", type=any_port, default=14580, metavar="PORT",
                      help="UDP port of the first aircraft, counting up (default: 14580; 0 takes any)")
    verb.add_argument("--tcp", type=port, metavar="PORT", help="TCP port of the first aircraft, counting up")
    verb.add_argument("--system", type=count, default=1, metavar="ID", help="MAVLink id of the first aircraft")
    verb.add_argument("--instructor", action="store_true", help="let failures and weather be set from outside")
    verb.add_argument("--record", metavar="DIR", help="keep states (MCAP), frames (tlog) and the journal there")
    verb.add_argument("--resume", action="store_true", help="go on with the session in --record where it was cut off")
    verb.add_argument("--site", action="append", default=[], metavar="NAME=ID[,LAT,LON[,M]]",
                      help="a station's antenna: name, MAVLink id of the station, degrees, m above the sea; the "
                      "mission's own place by default. --udp HOST:PORT=NAME sends there over the air")
    verb.add_argument("--overriding", type=count, action="append", default=[], metavar="ID",
                      help="a station that may take command by right from a silent one")
    verb.add_argument("--spoil", type=spoiling, metavar="LOSS[,TWICE[,OVERTAKEN]]",
                      help="%% of the frames over the air, besides what the radio does: lost, sent twice, overtaken")
    verb.add_argument("--signing-key", type=Path, metavar="FILE",
                      help="sign every frame with this key (64 hexadecimal digits) and obey signed frames only")
    verb.add_argument("--until", type=float, metavar="S", help="stop at this simulated time")
    verb.add_argument("--engine", choices=["auto", "native", "reference"], default="auto", help="how to run the step")
    add_json(verb)


def speed(text: str) -> float:
    """A factor from 0.1 to 200."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 200.0:
        raise argparse.ArgumentTypeError(f"{text!r}: allowed are 0.1 to 200")
    return value


def spoiling(text: str) -> tuple[float, ...]:
    """Parts of the frames, 0..1, from percentages: lost, twice, overtaken."""
    try:
        found = tuple(float(word) / 100.0 for word in text.split(","))
    except ValueError:
        found = ()
    if not 1 <= len(found) <= 3 or not all(0.0 <= each <= 0.9 for each in found):
        raise argparse.ArgumentTypeError(f"{text!r}: give one to three percentages from 0 to 90, as 10,2,2")
    return (*found, 0.0, 0.0)[:3]


def run(arguments: argparse.Namespace) -> int:
    """Fly until told to stop."""
    from samruk import load
    from samruk.link.mavlink import Keyring, read_key
    from samruk.vehicle.assembly import Fitting, assemble
    from samruk.vehicle.outlook import Seer
    from samruk.vehicle.process import Flightline, pace_of
    from samruk.vehicle.radio import spoiled

    ports = _ports(arguments)
    plan = load.mission(arguments.mission, tuple(arguments.set))
    live, kept = _lanes(arguments, plan)
    key = read_key(arguments.signing_key) if arguments.signing_key else None
    kept_by: list[Any] = []  # the recorder, once it is there
    seer = Seer(live)
    fitting = Fitting(arguments.instructor, tuple(arguments.overriding), key is not None,
                      lambda k, line: kept_by[0].audit(k, line) if kept_by else None)  # fmt: skip
    crew = [assemble(live, k, arguments.system + k, seer, fitting) for k in range(len(live))]
    for each in crew:
        each.restore(kept.get(str(each.aircraft.k)))
    recorder = _recorder(arguments, live, crew)
    kept_by += [recorder] if recorder is not None else []
    sites = [_site(text, plan.flights[0].task.links) for text in arguments.site]
    line = Flightline(live, crew, ports, pace_of(arguments.speed), recorder, sites, seer,
                      [Keyring(key) for _ in crew] if key else ())  # fmt: skip
    if arguments.spoil:
        line.radio.spoiled = spoiled(*arguments.spoil)
    _tell(arguments, [each.aircraft.system for each in crew], ports)
    asyncio.run(_fly(line, arguments.until))
    return 0


def _ports(arguments: argparse.Namespace) -> Any:
    """Where the aircraft listen and call, once all of it can be."""
    from samruk.vehicle.process import Ports
    from samruk.vehicle.ways import address

    if arguments.system + arguments.aircraft > 240:
        raise InputError(f"ids up to {arguments.system + arguments.aircraft - 1} are too many.", "--system",
                         "Keep the ids of aircraft below 240.")  # fmt: skip
    check_ports(arguments.listen, arguments.aircraft, "--listen")
    check_ports(arguments.tcp, arguments.aircraft, "--tcp")
    for text in arguments.udp or ():
        address(text, arguments.aircraft - 1)
    return Ports(tuple(arguments.udp or Ports().udp), arguments.listen, arguments.tcp)


def _lanes(arguments: argparse.Namespace, plan: Any) -> tuple[Any, dict[str, Any]]:
    """The aircraft, new or taken up again, and what their services kept."""
    from samruk.vehicle.live import Live
    from samruk.vehicle.recorder import JOURNAL, resume

    flights = [k % len(plan.flights) for k in range(arguments.aircraft)]
    if arguments.resume and not arguments.record:
        raise InputError("needs the folder of the session.", "--resume", "Give --record DIR.")
    if arguments.resume and (Path(arguments.record) / JOURNAL).exists():
        return resume(arguments.record, plan, flights, arguments.engine, arguments.speed)
    arguments.resume = False
    live = Live(plan, flights, arguments.engine, arguments.speed)
    live.advance(10)  # the sensors have spoken
    return live, {}


def _recorder(arguments: argparse.Namespace, live: Any, crew: Any) -> Any:
    """What is kept; None without --record."""
    from samruk.vehicle.aircraft import Severity
    from samruk.vehicle.logs import offer
    from samruk.vehicle.recorder import Recorder

    if not arguments.record:
        return None
    for each in crew:
        each.aircraft.board["logs"] = offer(Path(arguments.record), each.aircraft.k, live.plan.epoch.timestamp())
    recorder = Recorder(arguments.record, live, [each.aircraft.name for each in crew], arguments.resume)
    recorder.told = lambda text: _warn(text, [each.aircraft.say for each in crew], Severity.CRITICAL)
    recorder.keeps = lambda: {str(each.aircraft.k): each.saved() for each in crew}
    recorder.marks = lambda: [(each.control.authority.epoch, *map(id, each.missions.plans.values())) for each in crew]
    return recorder


def _warn(text: str, says: Any, severity: int) -> None:
    """To the crews and to whoever started the process."""
    print(f"samruk vehicle: {text}", file=sys.stderr, flush=True)
    for say in says:
        say(severity, text)


def _site(text: str, own: Any) -> Any:
    """A site from NAME=ID[,LAT,LON[,M]]."""
    from samruk.vehicle.reception import Site

    name, _, rest = text.partition("=")
    try:
        numbers = [float(word) for word in rest.split(",")]
        placed = all(math.isfinite(each) for each in numbers) and abs(numbers[1] if numbers[1:] else 0.0) <= 90.0
        if not name or len(numbers) not in (1, 3, 4) or not placed or not 1.0 <= numbers[0] <= 255.0:
            raise ValueError
    except ValueError:
        raise InputError(f"{text!r} is no site.", "--site", "Give NAME=ID or NAME=ID,LAT,LON,HEIGHT.") from None
    links = own
    if len(numbers) > 1:
        links = replace(own, latitude=math.radians(numbers[1]), longitude=math.radians(numbers[2]))
    if len(numbers) > 3:
        links = replace(links, elevation=numbers[3])
    return Site(name, int(numbers[0]), links)


def _tell(arguments: argparse.Namespace, systems: list[int], ports: object) -> None:
    """One line as it begins."""
    told = {"ready": True, "systems": systems, "speed": arguments.speed, "ports": vars(ports)}
    if arguments.json:
        print(json.dumps(told, default=str), flush=True)
        return
    first, last = systems[0], systems[-1]
    who = f"aircraft {first}" if first == last else f"aircraft {first} to {last}"
    print(f"samruk vehicle: {who} at {arguments.speed:g} x real time; listening on UDP {arguments.listen}, calling "
          f"{', '.join(getattr(ports, 'udp', ()))}. Not for controlling a real aircraft.", flush=True)  # fmt: skip


async def _fly(line: object, until: float | None) -> None:
    """Run until a signal comes."""
    from samruk.vehicle.process import Flightline

    assert isinstance(line, Flightline)
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, line.stopped.set)
    await line.run(until)

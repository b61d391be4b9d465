"""`samruk vehicle`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal

from samruk.cli.words import Words, add_json, add_set, count
from samruk.errors import InputError

EXAMPLE = "samruk vehicle circuit --speed 20"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("mission", nargs="?", default="circuit", help="a file, or a story's name (default: circuit)")
    add_set(verb)
    verb.add_argument("--aircraft", type=count, default=1, metavar="N",
                      help="how many; they take the mission's flights in turn, each with a seed of its own")
    verb.add_argument("--speed", type=_speed, default=1.0, help="simulated seconds per second (default: 1)")
    verb.add_argument("--udp", action="append", metavar="HOST:PORT[+]",
                      help="send to this address; + counts up by aircraft (default: 127.0.0.1:14550 and 14540+)")
    verb.add_argument("--listen", type=int, default=14580, metavar="PORT",
                      help="UDP port of the first aircraft, counting up (default: 14580; 0 takes any)")
    verb.add_argument("--tcp", type=int, metavar="PORT", help="TCP port of the first aircraft, counting up")
    verb.add_argument("--system", type=count, default=1, metavar="ID", help="MAVLink id of the first aircraft")
    verb.add_argument("--instructor", action="store_true", help="let failures and weather be set from outside")
    verb.add_argument("--record", metavar="DIR", help="keep states (MCAP), frames (tlog) and the journal there")
    verb.add_argument("--until", type=float, metavar="S", help="stop at this simulated time")
    verb.add_argument("--engine", choices=["auto", "native", "reference"], default="auto", help="how to run the step")
    add_json(verb)


def _speed(text: str) -> float:
    """A factor from 0.1 to 200."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 200.0:
        raise argparse.ArgumentTypeError(f"{text!r}: allowed are 0.1 to 200")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Fly until told to stop."""
    from samruk import load
    from samruk.vehicle.assembly import assemble
    from samruk.vehicle.live import Live
    from samruk.vehicle.pace import Pace
    from samruk.vehicle.process import Flightline, Ports
    from samruk.vehicle.recorder import Recorder

    if arguments.system + arguments.aircraft > 240:
        raise InputError(f"ids up to {arguments.system + arguments.aircraft - 1} are too many.", "--system",
                         "Keep the ids of aircraft below 240.")  # fmt: skip
    plan = load.mission(arguments.mission, tuple(arguments.set))
    flights = [k % len(plan.flights) for k in range(arguments.aircraft)]
    live = Live(plan, flights, arguments.engine, arguments.speed)
    crew = [assemble(live, k, arguments.system + k, arguments.instructor) for k in range(len(live))]
    defaults = Ports()
    ports = Ports(tuple(arguments.udp or defaults.udp), arguments.listen, arguments.tcp)
    recorder = Recorder(arguments.record, live, [each.aircraft.name for each in crew]) if arguments.record else None
    line = Flightline(live, crew, ports, Pace(arguments.speed), recorder)
    _tell(arguments, [each.aircraft.system for each in crew], ports)
    asyncio.run(_fly(line, arguments.until))
    return 0


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

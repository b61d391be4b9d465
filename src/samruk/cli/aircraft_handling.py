"""`samruk aircraft trim`, `modes` and `envelope`: steady flight, its natural motions, and where it is possible."""

from __future__ import annotations

import argparse
import json
import math
import sys
from typing import Any

from samruk.cli.words import add_json
from samruk.errors import InputError

KNOT = 1852.0 / 3600.0
FIRST = "searching; compiled the first time, some ten seconds"


def add(actions: Any) -> None:
    """The three actions and their options."""
    _flight(actions, "trim", "a steady flight in balance, certified, or the limit that forbids it", _trim,
            "samruk aircraft trim anka --height_m 3000 --airspeed_kt 80 --bank_deg 20")  # fmt: skip
    _flight(actions, "modes", "the natural motions about a steady flight: frequency, damping, time to half", _modes,
            "samruk aircraft modes anka --height_m 3000 --airspeed_kt 80")  # fmt: skip
    words = "height against airspeed with every limit, and the greatest height on hot and cold days, as a page"
    example = "Example: samruk aircraft envelope anka --mass 1500 --offset 20 --out out/hot"
    verb = actions.add_parser("envelope", help=words, description=words, epilog=example)
    verb.add_argument("name", help="a name (anka) or a definition file")
    verb.add_argument("--mass", type=float, metavar="KG", help="default: the greatest take-off mass")
    verb.add_argument("--offset", type=float, default=0.0, metavar="K", help="warmer than the standard day, K")
    verb.add_argument("--out", metavar="DIR", help="folder for page and pictures; must not exist or be empty")
    add_json(verb)
    verb.set_defaults(action=_envelope)


def _flight(actions: Any, name: str, words: str, action: Any, example: str) -> None:
    """An action on one steady flight."""
    verb = actions.add_parser(name, help=words, description=words, epilog=f"Example: {example}")
    verb.add_argument("name", help="a name (anka) or a definition file")
    verb.add_argument("--mass", type=float, metavar="KG", help="default: the greatest take-off mass")
    verb.add_argument("--height_m", type=float, default=0.0, metavar="M", help="pressure altitude (default 0)")
    verb.add_argument("--offset", type=float, default=0.0, metavar="K", help="warmer than the standard day, K")
    speed = verb.add_mutually_exclusive_group()
    speed.add_argument("--airspeed_kt", type=float, metavar="KT", help="calibrated; default: that of least power")
    speed.add_argument("--airspeed_m_s", type=float, metavar="M_S", help="true")
    speed.add_argument("--stall", type=float, metavar="TIMES", help="so many times the stall speed of this flight")
    verb.add_argument("--gamma_deg", type=float, default=0.0, metavar="DEG", help="path above the horizontal")
    verb.add_argument("--bank_deg", type=float, default=0.0, metavar="DEG", help="coordinated, right positive")
    verb.add_argument("--flap", type=float, default=0.0, metavar="PART", help="0 to 1 of full flap")
    verb.add_argument("--gear", action="store_true", help="gear down")
    add_json(verb)
    verb.set_defaults(action=action)


def _asked(arguments: argparse.Namespace, aircraft: Any) -> Any:
    """What is asked for, with its airspeed found."""
    from samruk.handling import Condition
    from samruk.handling.envelope import true_airspeed, usual_load
    from samruk.handling.speeds import least_power_airspeed, stall_airspeed

    _inside("--height_m", arguments.height_m, -500.0, 20000.0, "m")
    _inside("--offset", arguments.offset, -80.0, 60.0, "K")
    _inside("--flap", arguments.flap, 0.0, 1.0, "of full flap")
    _inside("--bank_deg", arguments.bank_deg, -75.0, 75.0, "degrees")
    _inside("--gamma_deg", arguments.gamma_deg, -30.0, 30.0, "degrees")
    mass = aircraft.mass.max_take_off if arguments.mass is None else arguments.mass
    _inside("--mass", mass, 1.0, 20000.0, "kg")
    condition = Condition(
        45.0, mass, arguments.height_m, arguments.offset, math.radians(arguments.gamma_deg),
        math.radians(arguments.bank_deg), delta_f=arguments.flap, gear=float(arguments.gear),
        alternator=usual_load(aircraft),
    )  # fmt: skip
    if arguments.airspeed_kt is not None:
        _inside("--airspeed_kt", arguments.airspeed_kt, 5.0, 400.0, "kt")
        V = float(true_airspeed(arguments.airspeed_kt * KNOT, arguments.height_m, arguments.offset))
    elif arguments.airspeed_m_s is not None:
        _inside("--airspeed_m_s", arguments.airspeed_m_s, 3.0, 200.0, "m/s")
        V = arguments.airspeed_m_s
    elif arguments.stall is not None:
        _inside("--stall", arguments.stall, 0.5, 4.0, "stall speeds")
        V = arguments.stall * float(stall_airspeed(aircraft, condition)[0])
    else:
        V = float(least_power_airspeed(aircraft, condition)[0])
    return Condition(**{**vars(condition), "airspeed": V})


def _inside(option: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise InputError(f"{value:g} {unit}.", option, f"Allowed: {low:g} to {high:g} {unit}.")


def _trim(arguments: argparse.Namespace) -> int:
    """Exit code 1 for a flight that cannot be flown."""
    from samruk import load
    from samruk.handling import trim
    from samruk.verdict import handling_words

    aircraft = load.aircraft(arguments.name).aircraft
    _tell(FIRST)
    condition = _asked(arguments, aircraft)
    found = trim(aircraft, condition)
    _tell("")
    if arguments.json:
        print(json.dumps(handling_words.trim_json(found), allow_nan=False))
    else:
        print("\n".join(handling_words.trim_lines(condition, found)))
    return 0 if found.certified[0] else 1


def _modes(arguments: argparse.Namespace) -> int:
    """Also of a flight beyond a limit, as long as it is in balance."""
    from samruk import load
    from samruk.handling import linearise, modes, trim
    from samruk.verdict import handling_words

    aircraft = load.aircraft(arguments.name).aircraft
    _tell(FIRST)
    condition = _asked(arguments, aircraft)
    found = trim(aircraft, condition)
    linear = linearise(aircraft, condition, found)[0]
    _tell("")
    if arguments.json:
        print(json.dumps(handling_words.modes_json(modes(linear), linear), allow_nan=False))
    else:
        print(handling_words.trim_lines(condition, found)[1])
        print("\n".join(handling_words.modes_lines(modes(linear), linear)))
    return 0


def _envelope(arguments: argparse.Namespace) -> int:
    """Numbers in the terminal; page and pictures in a folder."""
    from samruk import load, story
    from samruk.handling.envelope import days, envelope
    from samruk.verdict import envelope as pictures

    definition = load.aircraft(arguments.name)
    aircraft = definition.aircraft
    mass = aircraft.mass.max_take_off if arguments.mass is None else arguments.mass
    folder = story.out_folder(f"envelope-{definition.name}", arguments.out) if arguments.out else None
    found, hot_and_cold = envelope(aircraft, mass, arguments.offset, tell=_tell), days(aircraft, mass, tell=_tell)
    _tell("")
    if folder is not None:
        made = story.make_folder(folder)
        (made / "envelope.html").write_text(pictures.write(found, hot_and_cold, definition.title), encoding="utf-8")
        for theme in ("light", "dark"):
            for stem, figure in pictures.figures(found, hot_and_cold, definition.title).items():
                (made / f"{stem}-{theme}.svg").write_text(figure.standalone(theme), encoding="utf-8")
    if arguments.json:
        print(json.dumps(pictures.as_json(found, hot_and_cold), allow_nan=False))
    else:
        print("\n".join(pictures.lines(found, hot_and_cold)))
        print(folder / "envelope.html" if folder else "", end="\n" if folder else "")
    return 0


def _tell(words: str) -> None:
    """Progress on a terminal's stderr."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)

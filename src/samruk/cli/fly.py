"""`samruk fly`."""

from __future__ import annotations

import argparse
import json
from typing import Any

from samruk.cli.words import Words, add_engine, add_json, add_set, count
from samruk.errors import InputError

DEFAULT_STORY = "astana-january"
EXAMPLE = "samruk fly astana-january --set loading.fuel_kg=260 --seeds 8"
DEFAULTS: dict[str, Any] = {
    "mission": None, "set": [], "seeds": None, "json": False, "require": None, "out": None, "source": None,
    "engine": "auto", "threads": None, "precision": "float64", "sensitivity": False,
}  # fmt: skip
"""What `samruk` without words means."""


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("mission", nargs="?", help=f"a file, or a story's name (default: {DEFAULT_STORY})")
    add_set(verb)
    verb.add_argument("--seeds", type=count, metavar="N", help="fly N seeds of each flight for the probability")
    verb.add_argument("--require", choices=["completed", "diverted"], help="exit 1 if any flight falls short of this")
    verb.add_argument("--sensitivity", action="store_true",
                      help="derive the first completed flight: what drives its fuel and time, by declared spreads")
    verb.add_argument("--out", metavar="DIR", help="folder for report and record; must not exist or be empty")
    verb.add_argument("--from", dest="source", metavar="FILE", help="repeat the flights of a record bit for bit")
    add_engine(verb)
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Fly, judge, report."""
    if not arguments.json:
        print("samruk: will this system complete this mission - and if not, why, and what saves it?", flush=True)
    from samruk import story

    if arguments.source and (arguments.mission or arguments.set):
        raise InputError("repeats a record as it was flown.", "--from", "Give it without a mission and without --set.")
    result = story.fly(
        arguments.mission or DEFAULT_STORY, overrides=tuple(arguments.set), seeds=arguments.seeds,
        engine=arguments.engine, threads=arguments.threads, out=arguments.out, source=arguments.source,
        precision=arguments.precision,
        show=not arguments.json, sensitivity=arguments.sensitivity,
    )  # fmt: skip
    if arguments.json:
        print(json.dumps(result.as_json(), allow_nan=False))
    return result.exit_code(arguments.require)

"""`samruk study`."""

from __future__ import annotations

import argparse
import json
import sys

from samruk.cli.words import Words, add_engine, add_json, add_set

EXAMPLE = "samruk study astana-january --flight 'Crew protects' --flights 200 --out out/crew"
MOST = 1_000_000
"""Flights of a study."""


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("mission", help="a file, or a story's name")
    verb.add_argument("--flights", type=flights, default=100, metavar="N", help="how many (default: 100)")
    verb.add_argument("--spread", metavar="FILE", help="what varies, and how (default: the aircraft's declared spreads "
                      "and the error of a day-ahead forecast; see docs/study.md)")  # fmt: skip
    verb.add_argument("--flight", metavar="NAME", help="which flight of a mission that has several")
    verb.add_argument("--seed", type=seed, default=1, metavar="S",
                      help="of the study: flight k of two studies with one seed meets the same chance (default: 1)")
    add_set(verb)
    verb.add_argument("--out", metavar="DIR", help="folder; one that holds a part of this study is gone on with")
    add_engine(verb)
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Fly, keep, tell."""
    from samruk.study import study

    try:
        found = study(
            arguments.mission, flights=arguments.flights, spread=arguments.spread, flight=arguments.flight,
            overrides=tuple(arguments.set), seed=arguments.seed, engine=arguments.engine,
            precision=arguments.precision, threads=arguments.threads, out=arguments.out, show=not arguments.json,
        )  # fmt: skip
    except KeyboardInterrupt:
        told = "stopped by the user; the same command with the folder of the study as --out goes on from there"
        print(f"samruk: {told}", file=sys.stderr)
        return 130
    if arguments.json:
        print(json.dumps(found.as_json(), allow_nan=False))
    return 3 if found.probability["none"].count else 0


def flights(text: str) -> int:
    """A whole number of flights."""
    return _whole(text, 1, MOST)


def seed(text: str) -> int:
    """A whole number from 0 to 2^31 - 1."""
    return _whole(text, 0, 2**31 - 1)


def _whole(text: str, low: int, high: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text!r}: allowed are whole numbers from {low} to {high}")
    return value

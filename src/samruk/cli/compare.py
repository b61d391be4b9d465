"""`samruk compare`."""

from __future__ import annotations

import argparse
import json

from samruk.cli.words import Words, add_json

EXAMPLE = "samruk compare out/crew out/automatic"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("first", metavar="A", help="folder of a study")
    verb.add_argument("second", metavar="B", help="folder of another study of the same seed")
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Pair, tell."""
    from samruk.study.compare import compare, told

    found = compare(arguments.first, arguments.second)
    if arguments.json:
        print(json.dumps(found.as_json(), allow_nan=False))
    else:
        print("\n".join(told(found)))
    return 0

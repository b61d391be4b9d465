"""`samruk bench`."""

from __future__ import annotations

import argparse
import json
import sys

from samruk.cli.words import Words, add_json

EXAMPLE = "samruk bench --quick"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("--quick", action="store_true", help="float64 alone and fewer rounds: 40 s instead of 3 minutes")
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Measure and tell."""
    from samruk.bench import measure, table

    found = measure.run(arguments.quick, lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps(measure.as_json(found), allow_nan=False) if arguments.json else table.text(found))
    return 0

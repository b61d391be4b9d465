"""`samruk replay`."""

from __future__ import annotations

import argparse
import json

from samruk.cli.words import Words, add_json

EXAMPLE = "samruk replay out/astana-january-001/flights.mcap"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("record", help="a record (.mcap)")
    verb.add_argument("--out", help="folder for the report (default: beside the record)")
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Report of a record."""
    from samruk import story

    result = story.replay(arguments.record, arguments.out, show=not arguments.json)
    if arguments.json:
        print(json.dumps(result.as_json(), allow_nan=False))
    return result.exit_code(None)

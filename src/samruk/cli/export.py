"""`samruk export`."""

from __future__ import annotations

import argparse
import json

from samruk.cli.words import Words, add_json

EXAMPLE = "samruk export out/astana-january-001/flights.mcap --out flights-csv"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("record", help="a record (.mcap)")
    verb.add_argument("--out", required=True, help="folder for the CSV files; must not exist")
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """CSV of a record."""
    from samruk import record

    files = record.export_csv(record.read(arguments.record), arguments.out)
    print(json.dumps({"files": [str(f) for f in files]}) if arguments.json else "\n".join(str(f) for f in files))
    return 0

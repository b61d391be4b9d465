"""`samruk qualify`."""

from __future__ import annotations

import argparse
import json

from samruk.cli.words import Words, add_engine, add_json, count

EXAMPLE = "samruk qualify anka --only Q5,Q11 --seeds 20 --out out/qualify"
SEEDS = 5


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("aircraft", nargs="?", default="anka", help="a name or a definition file (default: anka)")
    verb.add_argument("--only", metavar="KEYS", help="runs by their keys, comma between: Q11,Q12 (default: all)")
    verb.add_argument("--seeds", type=count, default=SEEDS, metavar="N",
                      help=f"flights of each case, dispersed (default: {SEEDS}; the first is nominal)")  # fmt: skip
    verb.add_argument("--campaign", metavar="FILE", help="another campaign file (default: the one of samruk)")
    verb.add_argument("--out", metavar="DIR", help="folder for report and mission files; must not exist or be empty")
    add_engine(verb)
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Fly, judge, tell, draw."""
    from samruk.qualify import story

    told = story.tell(arguments)
    if arguments.json:
        print(json.dumps(told.json, allow_nan=False))
    return 1 if told.failed else 0

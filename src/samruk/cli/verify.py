"""`samruk verify`."""

from __future__ import annotations

import argparse
import json

from samruk.cli.words import Words, add_json

EXAMPLE = "samruk verify --out out/verify"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("--out", metavar="DIR", help="folder for the page; must not exist or be empty")
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """The checks against the outside world."""
    from samruk import story, verify

    folder = story.out_folder("verify", arguments.out) if arguments.out else None
    found = verify.run()
    files = verify.write(found, story.make_folder(folder)) if folder else []
    if arguments.json:
        print(json.dumps(found.as_json(), allow_nan=False))
    else:
        verify.show(found)
        print("\n".join(str(file) for file in files), end="\n" if files else "")
    return 0 if found.passed else 1

"""`samruk verify`."""

from __future__ import annotations

import argparse
import json
import sys

from samruk.cli.words import Words, add_json
from samruk.errors import InputError

EXAMPLE = "samruk verify nesc my-cases --json"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("what", nargs="?", choices=["all", "nesc"], default="all",
                      help="all checks, or NASA's check cases alone (default: all)")  # fmt: skip
    verb.add_argument("cases", nargs="?", metavar="DIR",
                      help="with nesc: a folder of cases, models and trajectories (default: samruk's own)")  # fmt: skip
    verb.add_argument("--out", metavar="DIR", help="folder for the page; must not exist or be empty")
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """The checks against the outside world; 1 if one fails."""
    if arguments.cases is not None and arguments.what != "nesc":
        raise InputError("takes no folder.", "samruk verify", "Say `samruk verify nesc DIR`.")
    return _cases(arguments) if arguments.what == "nesc" else _all(arguments)


def _all(arguments: argparse.Namespace) -> int:
    """Every check."""
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


def _cases(arguments: argparse.Namespace) -> int:
    """Check cases of a folder."""
    from samruk import story
    from samruk.verify import nesc

    folder = story.out_folder("nesc", arguments.out) if arguments.out else None
    found = nesc.run(arguments.cases, lambda text: print(text, file=sys.stderr, flush=True))
    page = None
    if folder is not None:
        page = story.make_folder(folder) / "nesc.html"
        page.write_text(nesc.write(found), encoding="utf-8")
    if arguments.json:
        told = {"cases": [each.as_json() for each in found], "page": page and str(page)}
        print(json.dumps(told, allow_nan=False))
    else:
        nesc.show(found)
        print(page or "", end="\n" if page else "")
    return 0 if all(each.passed for each in found) else 1

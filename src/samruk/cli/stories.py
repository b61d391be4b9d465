"""`samruk stories`."""

from __future__ import annotations

import argparse
import json

from samruk.cli.words import Words, add_json

EXAMPLE = "samruk stories"


def add(verb: Words) -> None:
    """Options."""
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Stories in the package."""
    from samruk import load

    found = load.stories()
    print(json.dumps(found) if arguments.json else "\n".join(f"{name:24} {title}" for name, title in found.items()))
    return 0

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

    if arguments.json:
        print(json.dumps(load.stories()))
        return 0
    for kind, told in (("missions", "Days to fly"), ("stories", "Mechanisms of published losses")):
        print(told, *(f"  {name:24} {title}" for name, title in load.stories(kind).items()), sep="\n")
    return 0

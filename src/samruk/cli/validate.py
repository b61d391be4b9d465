"""`samruk validate`."""

from __future__ import annotations

import argparse
import json

from samruk.cli.words import Words, add_json, add_set

EXAMPLE = "samruk validate my-mission.toml"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("mission", help="a file, or a story's name")
    add_set(verb)
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Check without flying."""
    from samruk import story

    found = story.validate(arguments.mission, tuple(arguments.set))
    print(json.dumps(found) if arguments.json else story.validation_text(found))
    return 0

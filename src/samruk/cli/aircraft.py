"""`samruk aircraft`: one function to an action."""

from __future__ import annotations

import argparse
import json

from samruk.cli.words import Words, add_json

EXAMPLE = "samruk aircraft show anka"


def add(verb: Words) -> None:
    """Actions and their options."""
    actions = verb.add_subparsers(title="actions", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="every number, and where it comes from", epilog=f"Example: {EXAMPLE}")
    show.add_argument("name", help="a name (anka) or a definition file")
    add_json(show)
    show.set_defaults(action=_show)


def run(arguments: argparse.Namespace) -> int:
    """Do the action."""
    return int(arguments.action(arguments))


def _show(arguments: argparse.Namespace) -> int:
    """The data sheet of an aircraft."""
    from samruk import datasheet, load

    definition = load.aircraft(arguments.name)
    if arguments.json:
        print(json.dumps(datasheet.as_json(definition), allow_nan=False))
    else:
        datasheet.show(definition)
    return 0

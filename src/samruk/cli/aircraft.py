"""`samruk aircraft`: one function to an action."""

from __future__ import annotations

import argparse
import json

from samruk.cli import aircraft_handling
from samruk.cli.words import Words, add_json
from samruk.errors import InputError

EXAMPLE = "samruk aircraft show anka"


def add(verb: Words) -> None:
    """Actions and their options."""
    actions = verb.add_subparsers(title="actions", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="every number, and where it comes from", epilog=f"Example: {EXAMPLE}")
    show.add_argument("name", help="a name (anka) or a definition file")
    add_json(show)
    show.set_defaults(action=_show)
    words = "endurance, ceiling and the rest as they come out of the numbers, beside what is published"
    example = "Example: samruk aircraft performance anka --engine centurion-20s"
    performance = actions.add_parser("performance", help=words, description=words, epilog=example)
    performance.add_argument("name", help="a name (anka, anka-a) or a definition file")
    performance.add_argument("--engine", metavar="NAME", help="another engine to fit: a name or an engine file")
    performance.add_argument("--samples", type=int, default=512, metavar="N", help="aircraft drawn (default 512)")
    performance.add_argument("--out", metavar="DIR", help="folder for the page; must not exist or be empty")
    add_json(performance)
    performance.set_defaults(action=_performance)
    aircraft_handling.add(actions)


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


def _performance(arguments: argparse.Namespace) -> int:
    """What comes out of an aircraft's numbers."""
    from samruk import load, performance, story

    if not 100 <= arguments.samples <= 10000:
        raise InputError(f"{arguments.samples} samples.", "--samples", "Allowed: 100 to 10000.")
    definition = load.aircraft(arguments.name, arguments.engine)
    folder = story.out_folder(f"performance-{definition.name}", arguments.out) if arguments.out else None
    sheet = performance.performance(definition, load.published(definition.name), arguments.samples)
    if folder is not None:
        page = story.make_folder(folder) / "performance.html"
        page.write_text(performance.write(sheet), encoding="utf-8")
    if arguments.json:
        print(json.dumps(performance.as_json(sheet), allow_nan=False))
    else:
        performance.show(sheet)
        print(folder / "performance.html" if folder else "", end="\n" if folder else "")
    return 0

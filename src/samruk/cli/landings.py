"""`samruk landings`."""

from __future__ import annotations

import argparse
import json
import sys

from samruk.cli.words import Words, add_engine, add_json, count

EXAMPLE = "samruk landings anka --seeds 200 --out out/landings"


def add(verb: Words) -> None:
    """Options."""
    verb.add_argument("aircraft", nargs="?", default="anka", help="a name or a definition file (default: anka)")
    verb.add_argument("--seeds", type=count, default=200, metavar="N", help="flights in each wind (default: 200)")
    verb.add_argument("--out", metavar="DIR", help="folder for the page; must not exist or be empty")
    add_engine(verb)
    add_json(verb)


def run(arguments: argparse.Namespace) -> int:
    """Fly, tell, draw."""
    from samruk import landings, load, story

    definition = load.aircraft(arguments.aircraft)
    folder = story.out_folder("landings", arguments.out) if arguments.out else None

    def told(case: landings.Case, number: int) -> None:
        if not arguments.json:
            print(f"{number + 1} of {len(landings.CASES)}: {case.name}", file=sys.stderr, flush=True)

    found = landings.fly(
        arguments.aircraft, arguments.seeds, engine=arguments.engine, threads=arguments.threads,
        precision=arguments.precision, progress=told,
    )  # fmt: skip
    hardest = float(definition.aircraft.gear.max_sink)
    page = None
    if folder is not None:
        page = story.make_folder(folder) / "landings.html"
        page.write_text(landings.write(found, definition.title, hardest), encoding="utf-8")
    if arguments.json:
        print(json.dumps({**landings.as_json(found), "page": page and str(page)}, allow_nan=False))
    else:
        print(landings.table(found), landings.answer(found, hardest), sep="\n\n")
        print(page or "", end="\n" if page else "")
    return 0

"""The `samruk` program: parse words, call, print; nothing is decided here.

One file to a verb: `EXAMPLE`, `add(verb)` for its options, `run(arguments)` for its work.

Exit codes: 0 judged (or done); 1 a requirement was not met, or a repeated record differs; 2 bad input; 3 the model
failed, so there is no outcome.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from samruk.cli import (
    aircraft,
    bench,
    compare,
    export,
    fly,
    landings,
    qualify,
    replay,
    serve,
    station,
    stories,
    study,
    validate,
    vehicle,
    verify,
)
from samruk.cli.words import Words
from samruk.errors import EngineError, SamrukError

VERBS = (
    (fly, "fly a mission and say what happened and why"),
    (validate, "check a mission's files without flying"),
    (replay, "show the report of a recorded flight again"),
    (export, "write a record's frames and events as CSV"),
    (aircraft, "show an aircraft's numbers and where each comes from"),
    (study, "fly a mission many times, dispersed: how likely it completes, and what drives that"),
    (compare, "compare two studies flight by flight"),
    (stories, "list the stories that come with samruk"),
    (landings, "take off and land by the hundred, in wind and turbulence"),
    (qualify, "fly the qualification campaign: extreme environments, limits and the margin left to each"),
    (verify, "check the model against published flights, standards and measurements"),
    (serve, "start aircraft and ground stations, joined by radio, and open the first station in the browser"),
    (vehicle, "put aircraft of a mission on the air as MAVLink systems, to be flown live"),
    (station, "serve one ground station to browsers: it knows the aircraft by MAVLink alone"),
    (bench, "measure how fast the model flies, beside JSBSim on the same core"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with the given words, or those of the command line; returns the exit code."""
    _speak_any_alphabet()
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except SamrukError as error:
        return _complained(str(error), 3 if isinstance(error, EngineError) else 2)
    except BrokenPipeError:
        return 0
    except OSError as error:
        return _complained(f"{error.filename or 'a file'}: {error.strerror or error}", 2)
    except KeyboardInterrupt:
        return _complained("stopped by the user", 130)


def parser() -> Words:
    """The words that the program knows."""
    top = Words(
        prog="samruk",
        description="Will this unmanned-aircraft system complete this mission - in this weather, over this link - and "
        f"if not, why, and what is the cheapest thing that saves it? Without words: the story {fly.DEFAULT_STORY}.",
        epilog="Not certified; not for controlling a real aircraft over people.",
    )
    top.set_defaults(run=fly.run, **fly.DEFAULTS)
    verbs = top.add_subparsers(title="verbs", metavar="")
    for module, text in VERBS:
        name = module.__name__.rpartition(".")[2]
        told = text[0].upper() + text[1:] + "."
        verb = verbs.add_parser(name, help=text, description=told, epilog=f"Example: {module.EXAMPLE}")
        module.add(verb)
        verb.set_defaults(run=module.run)
    return top


def _complained(text: str, code: int) -> int:
    """One line on stderr; the code."""
    print(f"samruk: {text}", file=sys.stderr)
    return code


def _speak_any_alphabet() -> None:
    """What a terminal cannot write becomes a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

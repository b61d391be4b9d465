"""The `samruk` program: parse words, call, print; nothing is decided here.

Exit codes: 0 judged (or done); 1 a requirement was not met, or a repeated record differs; 2 bad input; 3 the model
failed, so there is no outcome.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from samruk.errors import EngineError, InputError, SamrukError

DEFAULT_STORY = "astana-january"

EXAMPLES = {
    "fly": "samruk fly astana-january --set loading.fuel_kg=260 --seeds 8",
    "validate": "samruk validate my-mission.toml",
    "replay": "samruk replay out/astana-january-001/flights.mcap",
    "export": "samruk export out/astana-january-001/flights.mcap --out flights-csv",
    "aircraft": "samruk aircraft show anka",
    "stories": "samruk stories",
    "verify": "samruk verify --out out/verify",
}


class Words(argparse.ArgumentParser):
    """A parser that complains in one line, as all of samruk does."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        told = " ".join(message.replace("argument : invalid choice", "unknown verb").split())
        self.exit(2, f"samruk: {told}. See `{self.prog} --help`.\n")


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


def _complained(text: str, code: int) -> int:
    """One line on stderr; the code."""
    print(f"samruk: {text}", file=sys.stderr)
    return code


def _speak_any_alphabet() -> None:
    """What a terminal cannot write becomes a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def parser() -> argparse.ArgumentParser:
    """The words that the program knows."""
    top = Words(
        prog="samruk",
        description="Will this unmanned-aircraft system complete this mission - in this weather, over this link - and "
        "if not, why, and what is the cheapest thing that saves it? Without words: the story astana-january.",
        epilog="Not certified; not for controlling a real aircraft over people.",
    )
    top.set_defaults(run=_fly, mission=None, set=[], seeds=None, json=False, require=None, out=None,
                     source=None, engine="auto", threads=None)  # fmt: skip
    verbs = top.add_subparsers(title="verbs", metavar="")
    _add_fly(_verb(verbs, "fly", "fly a mission and say what happened and why"))
    validate = _verb(verbs, "validate", "check a mission's files without flying")
    validate.add_argument("mission", help="a file, or a story's name")
    _add_set(validate)
    _add_json(validate)
    validate.set_defaults(run=_validate)
    replay = _verb(verbs, "replay", "show the report of a recorded flight again")
    replay.add_argument("record", help="a record (.mcap)")
    replay.add_argument("--out", help="folder for the report (default: beside the record)")
    _add_json(replay)
    replay.set_defaults(run=_replay)
    export = _verb(verbs, "export", "write a record's frames and events as CSV")
    export.add_argument("record", help="a record (.mcap)")
    export.add_argument("--out", required=True, help="folder for the CSV files; must not exist")
    _add_json(export)
    export.set_defaults(run=_export)
    aircraft = _verb(verbs, "aircraft", "show an aircraft's numbers and where each comes from")
    aircraft.add_argument("action", choices=["show"], help="what to do")
    aircraft.add_argument("name", help="a name (anka) or a definition file")
    _add_json(aircraft)
    aircraft.set_defaults(run=_aircraft)
    stories = _verb(verbs, "stories", "list the stories that come with samruk")
    _add_json(stories)
    stories.set_defaults(run=_stories)
    verify = _verb(verbs, "verify", "check the model against published flights, standards and measurements")
    verify.add_argument("--out", metavar="DIR", help="folder for the page; must not exist or be empty")
    _add_json(verify)
    verify.set_defaults(run=_verify)
    return top


def _verb(verbs: Any, name: str, text: str) -> argparse.ArgumentParser:
    """One verb with its example."""
    told = text[0].upper() + text[1:] + "."
    verb: argparse.ArgumentParser = verbs.add_parser(
        name, help=text, description=told, epilog=f"Example: {EXAMPLES[name]}"
    )
    return verb


def _add_fly(verb: argparse.ArgumentParser) -> None:
    """Options of `fly`."""
    verb.add_argument("mission", nargs="?", help=f"a file, or a story's name (default: {DEFAULT_STORY})")
    _add_set(verb)
    verb.add_argument("--seeds", type=_count, metavar="N", help="fly N seeds of each flight for the probability")
    verb.add_argument("--require", choices=["completed", "diverted"], help="exit 1 if any flight falls short of this")
    verb.add_argument("--out", metavar="DIR", help="folder for report and record; must not exist or be empty")
    verb.add_argument("--from", dest="source", metavar="FILE", help="repeat the flights of a record bit for bit")
    verb.add_argument("--engine", choices=["auto", "native", "reference"], default="auto", help="how to run the step")
    verb.add_argument("--threads", type=_count, metavar="N", help="cores to use (default: all)")
    _add_json(verb)
    verb.set_defaults(run=_fly)


def _add_set(verb: argparse.ArgumentParser) -> None:
    """`--set`."""
    verb.add_argument("--set", action="append", default=[], metavar="KEY=VALUE",
                      help="replace one value of the mission file, by its dotted key; may be repeated")  # fmt: skip


def _add_json(verb: argparse.ArgumentParser) -> None:
    """`--json`."""
    verb.add_argument("--json", action="store_true", help="print one JSON object for programs")


def _count(text: str) -> int:
    """A whole number of at least one and at most a thousand."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r}: allowed are whole numbers from 1 to 1000")
    return value


def _fly(arguments: argparse.Namespace) -> int:
    """Fly, judge, report."""
    if not arguments.json:
        print("samruk: will this system complete this mission - and if not, why, and what saves it?", flush=True)
    from samruk import story

    if arguments.source and (arguments.mission or arguments.set):
        raise InputError("repeats a record as it was flown.", "--from", "Give it without a mission and without --set.")
    result = story.fly(
        arguments.mission or DEFAULT_STORY, overrides=tuple(arguments.set), seeds=arguments.seeds,
        engine=arguments.engine, threads=arguments.threads, out=arguments.out, source=arguments.source,
        show=not arguments.json,
    )  # fmt: skip
    if arguments.json:
        print(json.dumps(result.as_json(), allow_nan=False))
    return result.exit_code(arguments.require)


def _validate(arguments: argparse.Namespace) -> int:
    """Check without flying."""
    from samruk import story

    found = story.validate(arguments.mission, tuple(arguments.set))
    print(json.dumps(found) if arguments.json else story.validation_text(found))
    return 0


def _replay(arguments: argparse.Namespace) -> int:
    """Report of a record."""
    from samruk import story

    result = story.replay(arguments.record, arguments.out, show=not arguments.json)
    if arguments.json:
        print(json.dumps(result.as_json(), allow_nan=False))
    return result.exit_code(None)


def _export(arguments: argparse.Namespace) -> int:
    """CSV of a record."""
    from samruk import record

    files = record.export_csv(record.read(arguments.record), arguments.out)
    print(json.dumps({"files": [str(f) for f in files]}) if arguments.json else "\n".join(str(f) for f in files))
    return 0


def _aircraft(arguments: argparse.Namespace) -> int:
    """The data sheet of an aircraft."""
    from samruk import datasheet, load

    definition = load.aircraft(arguments.name)
    if arguments.json:
        print(json.dumps(datasheet.as_json(definition), allow_nan=False))
    else:
        datasheet.show(definition)
    return 0


def _stories(arguments: argparse.Namespace) -> int:
    """Stories in the package."""
    from samruk import load

    found = load.stories()
    print(json.dumps(found) if arguments.json else "\n".join(f"{name:24} {title}" for name, title in found.items()))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
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


if __name__ == "__main__":
    sys.exit(main())

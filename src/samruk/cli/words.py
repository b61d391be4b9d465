"""What verbs share: how they complain, and the options that several of them take."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn


class Words(argparse.ArgumentParser):
    """A parser that complains in one line, as all of samruk does."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        told = " ".join(message.replace("argument : invalid choice", "unknown verb").split())
        self.exit(2, f"samruk: {told}. See `{self.prog} --help`.\n")


def add_set(verb: Any) -> None:
    """`--set`."""
    verb.add_argument("--set", action="append", default=[], metavar="KEY=VALUE",
                      help="replace one value of the mission file, by its dotted key; may be repeated")  # fmt: skip


def add_json(verb: Any) -> None:
    """`--json`."""
    verb.add_argument("--json", action="store_true", help="print one JSON object for programs")


def add_engine(verb: Any) -> None:
    """`--engine`, `--precision` and `--threads`."""
    verb.add_argument("--engine", choices=["auto", "native", "reference", "cuda"], default="auto",
                      help="how to run the step (cuda: many flights on a GPU; without one, native)")  # fmt: skip
    verb.add_argument("--precision", choices=["float64", "float32"], default="float64",
                      help="float32 flies 1.6 times as many, about 0.1 m apart (default: float64)")  # fmt: skip
    verb.add_argument("--threads", type=count, metavar="N", help="cores to use (default: all)")


def count(text: str) -> int:
    """A whole number of at least one and at most a thousand."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r}: allowed are whole numbers from 1 to 1000")
    return value

"""What verbs share: how they complain, and the options that several of them take."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from samruk.errors import InputError

HIGHEST_PORT = 65535


class Words(argparse.ArgumentParser):
    """A parser that complains in one line, as all of samruk does."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it; but a verb complains itself of words that it does not know, naming its own help."""
        found, extra = super().parse_known_args(args, namespace)
        if extra:
            self.error(f"unknown words: {' '.join(extra)}")
        return found, extra

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


def port(text: str) -> int:
    """A port: 1 to 65535."""
    return _port(text, 1, "1")


def any_port(text: str) -> int:
    """A port, or 0: any that is free."""
    return _port(text, 0, "0 (any)")


def _port(text: str, least: int, told: str) -> int:
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r}: allowed are {told} to {HIGHEST_PORT}")
    return int(text)


def check_ports(first: int | None, how_many: int, option: str) -> None:
    """Ports that count up stay within what there is.

    Raises:
        InputError: they do not.
    """
    if first is not None and first + how_many - 1 > HIGHEST_PORT:
        raise InputError(f"{how_many} ports from {first} on go beyond {HIGHEST_PORT}.", option, "Give a lower one.")

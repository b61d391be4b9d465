"""The folder of a study: `study.toml` says what it is, `ledgers-NNNNN.parquet` hold its flights, a row each.

A part appears whole or not at all (written under another name, then renamed), and nothing is ever written into one
again. What is in the folder is therefore always sound, whenever the program was stopped; the table is the union of the
parts in the order of flight numbers, the same whichever parts hold it.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from samruk.errors import InputError
from samruk.study.ledgers import Column, Row

ABOUT, PART = "study.toml", "ledgers-{:05d}.parquet"
PARTS = re.compile(r"ledgers-(\d{5})\.parquet")
FORM = 1
"""Of the folder; another form is refused."""
MISSING = -1
"""Stands for an unknown whole number."""

INPUTS = {"sha256_of_its_files": "content of the mission's files", "model": "version of the model",
          "spread": "spread file", "overrides": "set of --set"}  # fmt: skip
"""Words for inputs of `study.toml` that a refusal names."""

Table = dict[str, np.ndarray[Any, Any]]
"""Columns by name: float64, int64 or text."""


def parquet() -> Any:
    """pyarrow with its Parquet module.

    Raises:
        InputError: it is not installed.
    """
    try:
        import pyarrow  # type: ignore[import-untyped]
        import pyarrow.parquet  # type: ignore[import-untyped]
    except ImportError:
        raise InputError("studies keep their flights as Parquet, which needs pyarrow.", "samruk study",
                         "Install it: pip install 'samruk[study]'.") from None  # fmt: skip
    return pyarrow


class Store:
    """A study's folder.

    Args:
        folder: new, empty, or that of the same study.
        about: what the study is: tables of text, numbers and lists of text.
        columns: of its table.

    Raises:
        InputError: the folder holds something else, or a study of other inputs.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any], columns: Sequence[Column]) -> None:
        self.folder, self.columns = folder, tuple(columns)
        self.arrow = parquet()
        if (folder / ABOUT).exists():
            _refuse_other(folder, read_about(folder), about)
        else:
            _begin(folder, about)

    def numbers(self) -> set[int]:
        """Flights that are kept."""
        return kept_numbers(self.folder)

    def add(self, rows: Sequence[Row]) -> None:
        """Keep flights as one more part."""
        if not rows:
            return
        table = self.arrow.Table.from_arrays([_array(self.arrow, rows, c) for c in self.columns], schema=self.schema())
        hidden = self.folder / f".part-{os.getpid()}"
        try:
            self.arrow.parquet.write_table(table, hidden, compression="zstd")
            _settled(hidden)
            _name(hidden)
        finally:
            hidden.unlink(missing_ok=True)

    def schema(self) -> Any:
        """Columns with unit and meaning in their metadata."""
        kinds = {"f": self.arrow.float64(), "i": self.arrow.int64(), "s": self.arrow.string()}
        return self.arrow.schema(
            [self.arrow.field(c.name, kinds[c.kind], metadata={"unit": c.unit, "text": c.text}) for c in self.columns],
            metadata={"samruk.study": str(FORM)},
        )

    def table(self) -> Table:
        """All flights kept so far."""
        return read_table(self.folder)


def read_about(folder: Path) -> dict[str, Any]:
    """What `study.toml` says.

    Raises:
        InputError: there is none, or it is not one.
    """
    place = folder / ABOUT
    try:
        about = tomllib.loads(place.read_text(encoding="utf-8"))
    except OSError:
        raise InputError("is no folder of a study.", str(folder), "Give one that `samruk study` wrote.") from None
    except ValueError as error:
        raise InputError(f"is not TOML: {' '.join(str(error).split())}.", str(place), "Restore it.") from None
    if about.get("form") != FORM:
        raise InputError(f"is of form {about.get('form')!r}; this version reads {FORM}.", str(place), "Fly it anew.")
    return about


def read_table(folder: Path) -> Table:
    """All flights in a study's folder by number, each once.

    Raises:
        InputError: a part is damaged.
    """
    arrow = parquet()
    parts = [_read(arrow, path) for path in _parts(folder)]
    if not parts:
        return {}
    whole = arrow.concat_tables(parts)
    _, first = np.unique(whole.column("number").to_numpy(), return_index=True)
    return {name: _plain(whole.column(name))[first] for name in whole.column_names}


def kept_numbers(folder: Path) -> set[int]:
    """Numbers of the flights in a study's folder."""
    arrow = parquet()
    return {int(k) for path in _parts(folder) for k in _read(arrow, path, ["number"]).column(0).to_pylist()}


def _parts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if PARTS.fullmatch(path.name))


def _read(arrow: Any, path: Path, columns: Iterable[str] | None = None) -> Any:
    try:
        return arrow.parquet.read_table(path, columns=columns, partitioning=None)
    except (arrow.ArrowException, OSError) as error:
        told = " ".join(str(error).split())[:120]
        raise InputError(f"cannot be read: {told}.", str(path), "Delete it; its flights fly again.") from None


def _array(arrow: Any, rows: Sequence[Row], column: Column) -> Any:
    """One column; not a number becomes an empty place."""
    values = [row[column.name] for row in rows]
    if column.kind == "f":
        numbers = np.array(values, np.float64)
        return arrow.array(numbers, arrow.float64(), mask=np.isnan(numbers))
    return arrow.array(values, arrow.int64() if column.kind == "i" else arrow.string())


def _plain(column: Any) -> np.ndarray[Any, Any]:
    """One column as NumPy; empty places of a float are not a number."""
    if str(column.type) == "string":
        return np.array(column.to_pylist(), dtype=np.str_)
    found: np.ndarray[Any, Any] = column.to_numpy()
    return found


def _settled(path: Path) -> None:
    """Let the disk have it before it gets its name."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _name(hidden: Path) -> None:
    """Give a written part the next free number; a part of another process that works here too is never overwritten."""
    while True:
        taken = [int(match[1]) for path in hidden.parent.iterdir() if (match := PARTS.fullmatch(path.name))]
        place = hidden.parent / PART.format(max(taken, default=-1) + 1)
        try:
            os.link(hidden, place)
            return
        except FileExistsError:
            continue
        except OSError:  # a disk without links
            hidden.replace(place)
            return


# study.toml -----------------------------------------------------------------------------------------------------------


def _begin(folder: Path, about: Mapping[str, Any]) -> None:
    """A new study's folder."""
    try:
        if folder.exists() and any(folder.iterdir()):
            told = "holds something else than a study; nothing is overwritten."
            raise InputError(told, str(folder), "Give another --out.")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}.", str(folder), "Give another --out.") from None
    hidden = folder / f".{ABOUT}.{os.getpid()}"
    hidden.write_text(toml({"form": FORM, **about}), encoding="utf-8")
    hidden.replace(folder / ABOUT)


def _refuse_other(folder: Path, kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Refuse to mix studies: whatever decides a flight must be the same."""
    for name in sorted(set(kept.get("inputs", {})) | set(wanted["inputs"])):
        old, new = kept.get("inputs", {}).get(name), wanted["inputs"].get(name)
        if old != new:
            told = f"holds a study with another {INPUTS.get(name, name)}{_change(old, new)}."
            raise InputError(told, str(folder), "Give another --out, or the inputs of that study.")


def _change(old: Any, new: Any) -> str:
    """The two values, where they are short."""
    texts = [" ".join(json.dumps(value, ensure_ascii=False).split()) for value in (old, new)]
    return f": {texts[0]}, not {texts[1]}" if all(len(text) <= 60 for text in texts) else ""


def toml(tree: Mapping[str, Any]) -> str:
    """Plain values, lists of them, and one level of tables as TOML."""
    plain = [f"{_key(k)} = {_value(v)}" for k, v in tree.items() if not isinstance(v, Mapping)]
    tables = [
        "\n".join([f"\n[{_key(name)}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())])
        for name, table in tree.items()
        if isinstance(table, Mapping)
    ]
    return "\n".join([*plain, *tables]) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, str) and re.fullmatch(r"(?:(?!''')[\n -~])+\n", value):
        return f"'''\n{value}'''"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")

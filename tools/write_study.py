"""Writes the worked example and the tables of docs/study.md by flying them: 2 x 64 days, two minutes on two cores.

    python tools/write_study.py            everything
    python tools/write_study.py --quick    the tables alone
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from write_docs import fill, table

from samruk.study import spread_file
from samruk.study.keys import known
from samruk.study.ledgers import columns

PAGE = Path(__file__).resolve().parent.parent / "docs" / "study.md"
FLIGHTS = 64
COMMANDS = (
    f"samruk study astana-january --flight 'Crew protects' --flights {FLIGHTS} --out out/crew",
    f"samruk study astana-january --flight 'Aircraft protects' --flights {FLIGHTS} --out out/automatic",
    "samruk compare out/crew out/automatic",
)


def example() -> str:
    """What the commands print, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        shown = [f"$ {command}\n{_said(command, folder)}" for command in COMMANDS]
    return "```text\n" + "\n".join(shown) + "```"


def _said(command: str, folder: str) -> str:
    """What one command prints, without the lines of progress."""
    words = [sys.executable, "-m", "samruk.cli", *shlex.split(command)[1:]]
    done = subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True, env=os.environ)
    lines = [line.rstrip() for line in done.stdout.splitlines() if not re.search(r"times real time$", line)]
    return "\n".join(lines) + "\n"


def default() -> str:
    """The spread file that is used where none is given."""
    return "```toml\n" + spread_file.read(None).text + "```"


def keys() -> str:
    """Keys of the mission file that may vary, by section."""
    sections: dict[str, list[str]] = {}
    seen: set[tuple[bool, tuple[str, ...]]] = set()
    for key, target in known().items():
        if key.startswith("aircraft.") or (target.adds, target.leaves) in seen or re.search(r"\.(2|3)\.", key):
            continue
        seen.add((target.adds, target.leaves))
        group, _, name = key.rpartition(".")
        sections.setdefault(group, []).append(name or key)
    rows = [(f"`{group}.`" if group else "", ", ".join(f"`{name}`" for name in names))
            for group, names in sections.items()]  # fmt: skip
    return table("| | keys, in the unit used inside |\n|---|---|", rows)


def fields() -> str:
    """Columns of the table that every study has."""
    found = [c for c in columns(()) if not re.search(r"\.(first_s|lasted_s|starts)$", c.name)]
    return table("| column | what it is |\n|---|---|", [(f"`{c.name}`", c.text) for c in found])


def main() -> None:
    """Write the page."""
    text = PAGE.read_text(encoding="utf-8")
    made = {"default": default, "keys": keys, "columns": fields}
    if "--quick" not in sys.argv:
        made["example"] = example
    for name, maker in made.items():
        text = fill(text, name, maker())
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

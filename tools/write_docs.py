"""Writes the pages of docs/ that are made from data.

    python tools/write_docs.py
"""

from __future__ import annotations

from pathlib import Path

from samruk import aircraft, datasheet

ROOT = Path(__file__).resolve().parent.parent


def data_sheet(definition: aircraft.AircraftDefinition) -> str:
    """The data sheet of one aircraft as Markdown."""
    rows = datasheet.describe(definition)
    grades = {grade: sum(row.grade == grade for row in rows) for grade in aircraft.GRADES}
    known = ", ".join(f"{count} {grade}" for grade, count in grades.items())
    made = "Written by `make docs`; the numbers live in `src/samruk/data/aircraft/`."
    summary = f"{len(rows)} numbers: {known}. ± is one standard deviation. {made}"
    lines = [f"# {definition.title}", "", definition.description, "", summary]
    for group, title in datasheet.TITLES.items():
        lines += ["", f"## {title}", "", "| name | value | ± | what it is | grade | source |"]
        lines += ["|---|---:|---:|---|---|---|"]
        lines += [_line(row) for row in rows if row.group == group]
    return "\n".join(lines) + "\n"


def _line(row: datasheet.Row) -> str:
    value = f"{datasheet.figure(row.value, 6)} {row.unit}".strip()
    spread = datasheet.figure(row.spread, 2) if row.spread else ""
    cells = (f"`{row.name}`", value, spread, row.meaning, row.grade, row.source)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Write every page."""
    for file in sorted((ROOT / "src/samruk/data/aircraft").glob("*.toml")):
        page = ROOT / "docs" / f"aircraft-{file.stem}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(data_sheet(aircraft.parse(file.read_text(encoding="utf-8"), file.name)), encoding="utf-8")
        print(f"wrote {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

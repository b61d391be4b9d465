"""Writes what pages say by script: data sheets, tables, pictures and figures, the last two from the flown story.

    python tools/write_docs.py            everything; flies the story twice (about two minutes on two cores)
    python tools/write_docs.py --mountains  only the page of the second story
    python tools/write_docs.py --quick    only what needs no flight: data sheets and tables of the sources

A page keeps its own words; between `<!-- made: NAME -->` and `<!-- end -->` stands what was made here.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from samruk import aircraft, datasheet, landings, load, messages, sim
from samruk.record import FRAME_UNITS
from samruk.verdict.catalogue import CATALOGUE, Rates
from samruk.verdict.chain import REASONS
from samruk.verdict.outcome import Fix
from samruk.verdict.wording import clock_exact, number

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
ESTIMATED = re.compile(r"estimated|recalled|unverified", re.IGNORECASE)
STORY, MOUNTAINS = "astana-january", "white-mountains"

Rows = Sequence[tuple[str, ...]]


# Blocks ---------------------------------------------------------------------------------------------------------------


def fill(text: str, name: str, body: str) -> str:
    """A page's text with the body of one block replaced.

    Raises:
        ValueError: the page has no such block, or more than one.
    """
    pattern = re.compile(rf"(<!-- made: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    filled, count = pattern.subn(lambda found: f"{found[1]}{body.rstrip()}\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"block '{name}' stands {count} times; once is meant")
    return filled


def block(text: str, name: str) -> str:
    """The body of one block of a page."""
    return re.findall(rf"<!-- made: {re.escape(name)} -->\n(.*?)<!-- end -->", text, re.DOTALL)[0]  # type: ignore[no-any-return]


def table(head: str, rows: Rows) -> str:
    """A Markdown table; the head gives alignment by its second line."""
    cells = ("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows)
    return "\n".join([head, *cells])


def themed(name: str, words: str) -> str:
    """A picture that follows the reader's light or dark page, as GitHub shows it; paths are of the page's folder."""
    return (
        f'<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="{name}-dark.svg">\n'
        f'  <img src="{name}-light.svg" alt="{words}">\n</picture>'
    )


# Made from the sources alone ------------------------------------------------------------------------------------------


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
    if definition.stores:
        head = "| " + " | ".join(datasheet.OUTSIDE) + " |"
        lines += ["", "## Outside", "", head, "|" + "---|" * len(datasheet.OUTSIDE)]
        lines += ["| " + " | ".join(cells) + " |" for cells in datasheet.outside(definition)]
    return "\n".join(lines) + "\n"


def _line(row: datasheet.Row) -> str:
    value = f"{datasheet.figure(row.value, 6)} {row.unit}".strip()
    spread = datasheet.figure(row.spread, 2) if row.spread else ""
    cells = (f"`{row.name}`", value, spread, row.meaning, row.grade, row.source)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def catalogue() -> str:
    """Every intervention with its kind and declared price."""
    rates = Rates()
    rows = [
        (f"`{each.name}`", each.kind, each.text, "" if each.kind == "cause" else f"{each.price(rates):.1f} kg")
        for each in CATALOGUE
    ]
    return table("| name | kind | words | declared price |\n|---|---|---|---:|", rows)


def frame_fields() -> str:
    """Every recorded field with the name that files give it."""
    unit = {name: unit for unit, names in FRAME_UNITS.items() for name in names}
    tree = ast.parse(Path(sim.__file__).read_text(encoding="utf-8"))
    words = dict(_told(_class(tree, "Frame").body, ast.AnnAssign))
    rows = [(f"`{name}_{unit[name]}`" if name in unit else f"`{name}`", said) for name, said in words.items()]
    return table("| field | what it is |\n|---|---|", rows)


def _class(tree: ast.Module, name: str) -> ast.ClassDef:
    """A class of a module by name."""
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def _told(body: list[ast.stmt], kind: type[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Assignments of a kind with the string that follows each; one without has an empty one."""
    for item, after in zip(body, [*body[1:], None], strict=False):
        if isinstance(item, kind):
            target = item.target if isinstance(item, ast.AnnAssign) else item.targets[0]  # type: ignore[attr-defined]
            text = getattr(getattr(after, "value", None), "value", "") if isinstance(after, ast.Expr) else ""
            yield _bare(target), text if isinstance(text, str) else ""


def _bare(node: ast.expr) -> str:
    """Source of a node, a tuple without its brackets."""
    return ", ".join(map(ast.unparse, node.elts)) if isinstance(node, ast.Tuple) else ast.unparse(node)


def numbers() -> str:
    """What the numbers of modes and reasons mean."""
    tree = ast.parse(Path(messages.__file__).read_text(encoding="utf-8"))
    words = dict(_told(_class(tree, "Mode").body, ast.Assign))
    rows = [(f"mode {each.value}", f"`{each.name}`", words[each.name]) for each in messages.Mode]
    rows += [(f"reason {each.value}", f"`{each.name}`", REASONS.get(each, "")) for each in messages.Reason]
    return table("| | name | meaning |\n|---|---|---|", rows)


def estimates() -> str:
    """Every constant of the model whose own words call it estimated or recalled."""
    rows = []
    for folder in ("plant", "radio", "weather"):
        for file in sorted((ROOT / "src/samruk" / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            values = {_bare(n.targets[0]): n.value for n in tree.body if isinstance(n, ast.Assign)}
            for name, words in _told(tree.body, ast.Assign):
                if ESTIMATED.search(words):
                    where = file.relative_to(ROOT / "src/samruk").as_posix()
                    rows.append((f"`{where}`", f"`{name}`", f"`{_bare(values[name])}`", " ".join(words.split())))
    return f"{len(rows)} constants.\n\n" + table("| file | name | value | its own words |\n|---|---|---|---|", rows)


def quick_blocks() -> dict[tuple[str, str], str]:
    """Blocks by page and name that need no flight."""
    house = "Folders by floor from the program down to the vocabulary; walls between plant, autopilot, radio and crew"
    return {
        ("docs/verdict.md", "catalogue"): catalogue(),
        ("docs/records.md", "fields"): frame_fields(),
        ("docs/records.md", "modes"): numbers(),
        ("docs/estimates.md", "estimates"): estimates(),
        ("README.md", "house"): themed("docs/pictures/house", house),
    }


# Made from the flown story --------------------------------------------------------------------------------------------


def example(readme: str) -> str:
    """The README's example: the code of its first Python block."""
    return re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[0]  # type: ignore[no-any-return]


def run_example(code: str) -> tuple[Any, str]:
    """The example's `day` and what it printed; its files lie under the present folder."""
    space: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), space)
    return space["day"], printed.getvalue()


def outcome_table(day: Any) -> str:
    """The flights of a day in a table."""
    rows = []
    for flight in day.flights:
        v, m = flight.verdict, flight.verdict.margins
        rows.append((
            v.name, f"**{v.outcome}**", f"{v.duration_h:.1f} h", f"{m['ice_most_kg']:.0f} kg",
            f"{number(m['stall_margin_pct'])} %", f"{v.fuel_kg:.0f} kg", f"{m['protection_kwh']:.0f} kWh",
        ))  # fmt: skip
    head = "| flight | outcome | aloft | most ice | least speed above stall | fuel | protection |"
    return table(head + "\n|---|---|---:|---:|---:|---:|---:|", rows)


def in_trouble(day: Any) -> Any:
    """The flight with the worst outcome."""
    import pictures

    return day.flights[pictures.trouble(day)]


def chain_table(day: Any) -> str:
    """The chain of events of the flight in trouble."""
    flight = in_trouble(day)
    return table("| UTC | what happens |\n|---|---|", [(clock_exact(e.time), e.text) for e in flight.verdict.events])


def fix_table(day: Any) -> str:
    """Every intervention flown on the flight in trouble: what turned it, and what did not."""
    from samruk.verdict.flights import Engines, fly

    flight = in_trouble(day)
    found = [(each, inputs) for each in CATALOGUE if (inputs := each.change(flight.inputs)) is not None]
    turns = {turn.name: turn for turn in (*flight.verdict.causes, *flight.verdict.fixes)}
    rows = []
    flown = fly(Engines(flight.inputs), [inputs for _, inputs in found])
    for (each, _), f in zip(found, flown, strict=True):
        turned = turns.get(each.name)
        price = f"{turned.cost_kg:.1f} kg" if isinstance(turned, Fix) else ""
        margin = number(100.0 * f.ledger.margins.stall_margin)
        outcome, hours = f"**{f.outcome}**" if turned else f.outcome or "none", f.end.duration / 3600.0
        rows.append((
            each.text, each.kind, outcome, f"{hours:.1f} h", f"{f.ledger.margins.ice:.0f} kg", f"{margin} %",
            f"{f.end.fuel_used:.0f} kg", price,
        ))  # fmt: skip
    head = "| taken away or added | kind | outcome | aloft | most ice | least above stall | fuel | price |"
    return table(head + "\n|---|---|---|---:|---:|---:|---:|---:|", rows)


def check_tables() -> tuple[str, str]:
    """What the model is checked against, computed now: a choice, and all of it with limits."""
    import figures

    from samruk import verify

    found = verify.run().checks
    if failed := [check.name for check in found if not check.passed]:
        raise SystemExit(f"checks that do not hold: {', '.join(failed)}")
    short = table("| what | against | difference at worst |\n|---|---|---:|", list(figures.digest(found)))
    head = "| what | against | at worst | limit | why this limit |\n|---|---|---:|---:|---|"
    return short, table(head, list(figures.gathered(found)))


def performance_table() -> str:
    """What the physics gives against what is said in public."""
    import figures

    return table("| | samruk | said in public |\n|---|---:|---|", list(figures.performance()))


PERFORMANCE = ("anka", "anka-a", "anka-s", "tb2")


def performance_blocks() -> dict[tuple[str, str], str]:
    """Blocks of the performance page: a table and the drivers for each aircraft."""
    from samruk import performance
    from samruk.performance import sheet as words

    found = {}
    for name in PERFORMANCE:
        sheet = performance.performance(load.aircraft(name), load.published(name))
        rows = [words.cells(row) for row in sheet.rows]
        head = "| figure | unit | median | 5 % | 95 % | ± | published | miss | |\n|---|---" + "|---:" * 6 + "|---|"
        drivers = [f"- {row.words}: {words.drivers(row)}." for row in sheet.rows]
        sources = [f"- {row.words}: {row.published.source}." for row in sheet.rows if row.published]
        parts = [words.said(sheet), "", table(head, rows), "", "Drivers, with their part of the variance:", ""]
        found["docs/performance.md", name] = "\n".join([*parts, *drivers, "", "Published:", "", *sources])
    return found


def landing_table() -> str:
    """Take-offs and landings of the reference aircraft, 200 seeds to a wind."""
    head, rows = landings.rows(landings.fly(seeds=200))
    columns = [[word, *cells] for word, *cells in zip(head, *rows, strict=True)]
    top = columns[0]
    lines = [f"| {' | '.join(top)} |", f"|---{'|---:' * len(rows)}|"]
    return table("\n".join(lines), [tuple(column) for column in columns[1:]])


def repeated(day: Any) -> str:
    """The story's own figures: navigation error, and its record flown again."""
    import samruk

    again = samruk.fly(source=str(day.record), out="again")
    numbers = sum(value.size for f in again.flights for value in f.frames.values())
    hours = sum(f.verdict.duration_h for f in day.flights)
    miss = max(f.verdict.margins["navigation_error_most_m"] for f in day.flights)
    if again.differences:
        raise SystemExit(f"the record flown again differs in {again.differences} of {numbers} numbers")
    return (
        f"- The record of the story, flown again: {again.differences} of {numbers:,} recorded numbers differ.\n"
        f"- Navigation error in its {hours:.0f} h of flight, estimate against truth: {miss:.1f} m at most, with a "
        f"receiver whose own error has a standard deviation of {_gnss(day):.1f} m."
    )


def first_run() -> tuple[float, float]:
    """Seconds until the program's first line and until its end, with nothing compiled before."""
    with tempfile.TemporaryDirectory() as kept:
        began = time.monotonic()
        words = [sys.executable, "-m", "samruk.cli", "fly", STORY, "--out", "first"]
        run = subprocess.Popen(words, env={**os.environ, "SAMRUK_CACHE": kept}, stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        run.stdout.readline()
        line = time.monotonic() - began
        run.communicate()
    if run.returncode:
        raise SystemExit(f"the story's first run ended with {run.returncode}")
    return line, time.monotonic() - began


def speed(first: tuple[float, float], again: float) -> str:
    """How long the story takes, here and now."""
    rows = [
        ("first line of the program", f"{first[0]:.1f} s"),
        ("the whole story, first run (compiles the step)", f"{first[1]:.0f} s"),
        ("the whole story, again", f"{again:.0f} s"),
    ]
    made = f"By `make docs` on {len(os.sched_getaffinity(0))} cores of {processor()}; the machine may have been busy."
    return table("| | wall |\n|---|---:|", rows) + f"\n\n{made}"


def processor() -> str:
    """What the machine calls its processor."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _gnss(day: Any) -> float:
    """m, of the receiver, horizontal."""
    return float(day.flights[0].inputs.aircraft.sensors.gnss_position)


def story_blocks() -> dict[tuple[str, str], str]:
    """Blocks by page and name that come from the flown story; its pictures are written on the way."""
    import pictures

    from samruk import load

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = first_run()
    began = time.monotonic()
    day, printed = run_example(example(readme))
    again = time.monotonic() - began
    plan = load.mission(STORY)
    PICTURES.mkdir(parents=True, exist_ok=True)
    drawn = {**pictures.of_story(day, plan.subtitle, plan.fields), "house": pictures.house()}
    for name, figure in drawn.items():
        pictures.write(PICTURES, name, figure)

    def shown(name: str, folder: str = "pictures") -> str:
        return themed(f"{folder}/{name}", drawn[name].description.replace('"', "'"))

    checks, all_checks = check_tables()
    page = "docs/story-astana.md"
    return {
        ("README.md", "strip"): shown("astana-january", "docs/pictures"),
        ("README.md", "example"): f"```text\n{printed}```",
        ("README.md", "checks"): checks,
        ("docs/checks.md", "checks"): all_checks,
        ("README.md", "performance"): performance_table(),
        ("README.md", "repeat"): repeated(day),
        ("README.md", "speed"): speed(first, again),
        (page, "strip"): shown("astana-january"),
        (page, "map"): shown("astana-january-map"),
        (page, "gap"): shown("astana-january-gap"),
        (page, "trouble"): shown("astana-january-trouble"),
        (page, "outcomes"): outcome_table(day),
        (page, "chain"): chain_table(day),
        (page, "fixes"): fix_table(day),
        ("docs/landings.md", "landings"): landing_table(),
        **performance_blocks(),
    }


def mountain_blocks() -> dict[tuple[str, str], str]:
    """Blocks of the second story; its pictures are written on the way."""
    import pictures

    from samruk import story

    day, plan = story.fly(MOUNTAINS, out="day"), load.mission(MOUNTAINS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    drawn = pictures.of_mountains(day, plan.subtitle, plan.fields)
    for name, figure in drawn.items():
        pictures.write(PICTURES, name, figure)
    page = "docs/story-white-mountains.md"
    words = {name: figure.description.replace('"', "'") for name, figure in drawn.items()}
    return {
        (page, "strip"): themed("pictures/white-mountains", words["white-mountains"]),
        (page, "map"): themed("pictures/white-mountains-map", words["white-mountains-map"]),
        (page, "outcomes"): sight_table(day),
        (page, "chain"): chain_table(day),
        (page, "fixes"): fix_table(day),
    }


def sight_table(day: Any) -> str:
    """The flights of a day that looks at the ground."""
    rows = []
    for flight in day.flights:
        v, m = flight.verdict, flight.verdict.margins
        rows.append((
            v.name, f"**{v.outcome}**", f"{v.duration_h:.1f} h", f"{m['station_h']:.1f} h", f"{m['seen_h']:.1f} h",
            f"{m['link_lost_s'] / 60.0:.0f} min", f"{v.fuel_kg:.0f} kg",
        ))  # fmt: skip
    head = "| flight | outcome | aloft | on station | with the ground in sight | without link | fuel |"
    return table(head + "\n|---|---|---:|---:|---:|---:|---:|", rows)


# Pages ----------------------------------------------------------------------------------------------------------------


def write_blocks(blocks: dict[tuple[str, str], str]) -> None:
    """Put blocks into their pages."""
    for name in dict.fromkeys(page for page, _ in blocks):
        page = ROOT / name
        text = page.read_text(encoding="utf-8")
        for (where, what), body in blocks.items():
            text = fill(text, what, body) if where == name else text
        page.write_text(text, encoding="utf-8")
        print(f"wrote {name}")


def write_data_sheets() -> None:
    """One page for each aircraft."""
    for file in sorted((ROOT / "src/samruk/data/aircraft").glob("*.toml")):
        page = ROOT / "docs" / f"aircraft-{file.stem}.md"
        page.write_text(data_sheet(load.aircraft(file.stem)), encoding="utf-8")
        print(f"wrote {page.relative_to(ROOT)}")


def flown(make: Callable[[], dict[tuple[str, str], str]]) -> dict[tuple[str, str], str]:
    """Blocks made in a folder of their own, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        return make()


def main() -> None:
    """Write every page."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    if "--performance" in sys.argv[1:]:
        write_blocks(performance_blocks())
        return
    if "--mountains" in sys.argv[1:]:
        write_blocks(flown(mountain_blocks))
        return
    write_data_sheets()
    write_blocks(quick_blocks())
    if "--quick" not in sys.argv[1:]:
        write_blocks(flown(story_blocks))
        write_blocks(flown(mountain_blocks))


if __name__ == "__main__":
    main()

"""The rules of the house (design/0001-house.md), read from the source with `ast`."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "samruk"

FLOORS: tuple[tuple[str, ...], ...] = (
    ("lazy", "errors", "units", "frames", "earth", "sphere", "tables", "noise", "leaves", "words", "messages",
     "ledger"),
    ("aircraft", "daveml", "mission", "rules", "weather", "terrain", "plan", "metar", "sounding", "mission_file",
     "jsbsim_file", "terrain_file"),
    ("load",),
    ("plant", "autopilot", "crew", "payload", "radio"),
    ("engine",),
    ("sim", "handling", "tangent"),
    ("record", "link"),
    ("verdict", "watch", "datasheet", "performance"),
    ("archive", "story"),
    ("vehicle", "station", "serve", "fleet", "verify", "study", "landings", "qualify", "peer", "bench"),
    ("cli",),
)
"""From the ground up; a part imports from its own floor or below."""

APART = ({"plant", "autopilot", "crew", "payload", "radio"}, {"vehicle", "station", "fleet", "verify", "study"})
"""Parts of one floor that do not know each other."""

NEVER = {
    "autopilot": {"plant", "weather", "radio", "sim"},
    "crew": {"plant", "weather", "radio", "sim"},
    "station": {"plant", "autopilot", "sim"},
    "plant": {"autopilot", "crew", "radio"},
    "engine": {"aircraft", "mission", "weather", "terrain", "load", "plant", "autopilot", "crew", "payload", "radio"},
}
"""What a part may not import whatever its floor: the truth cannot leak, the engine names no aircraft."""

MODEL = {part for floor in FLOORS[:6] for part in floor} - {"load", "engine"}
"""Parts without clock, socket, log, hidden chance or file."""

IMPURE = {
    "time", "random", "secrets", "socket", "logging", "os", "sys", "subprocess", "threading", "asyncio",
    "pathlib", "shutil", "tempfile", "urllib", "http", "multiprocessing",
}  # fmt: skip
FORBIDDEN_NAMES = {"utils", "util", "common", "core", "base", "helpers", "helper", "misc"}
LONGEST_FILE = 700
LONGEST_FUNCTION = 80
MEDIAN_FUNCTION = 10
"""Ceilings of the house style: lines without docstrings."""

FILES = sorted(PACKAGE.rglob("*.py"))
TREES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in FILES}


def name_of(file: Path) -> str:
    return str(file.relative_to(PACKAGE))


def module_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    """First name below `samruk`; empty for the package itself."""
    return module.removeprefix("samruk").removeprefix(".").split(".")[0]


MODULES = {module_of(file) for file in FILES}
EVERY_FILE = pytest.mark.parametrize("file", FILES, ids=name_of)


def for_types_only(tree: ast.Module) -> set[ast.AST]:
    """Everything under `if TYPE_CHECKING`."""
    guards = (node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
    return {inner for guard in guards for item in guard.body for inner in ast.walk(item)}


def imports(file: Path, with_types: bool = True) -> Iterator[tuple[str, int]]:
    """Absolute names of all modules that a file imports anywhere, with lines."""
    skipped = set() if with_types else for_types_only(TREES[file])
    for node in ast.walk(TREES[file]):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: write absolute imports"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield (full if full in MODULES else str(node.module)), node.lineno


def floor_of(part: str) -> int:
    """Height of a part; one without a floor stands on the ground until it is given one."""
    return next((height for height, floor in enumerate(FLOORS) if part in floor), 0)


def test_every_part_has_a_floor() -> None:
    known = {part for floor in FLOORS for part in floor} | {""}
    lost = {part_of(module) for module in MODULES} - known
    assert not lost, f"give {lost} a floor in FLOORS"


@EVERY_FILE
def test_imports_go_down_only(file: Path) -> None:
    part = part_of(module_of(file))
    for name, line in imports(file):
        other = part_of(name) if name.startswith("samruk") else part
        if part and other and other != part:
            assert floor_of(other) <= floor_of(part), f"{name_of(file)}:{line}: {part} imports {other} from above"


@EVERY_FILE
def test_parts_that_live_apart_do_not_know_each_other(file: Path) -> None:
    part = part_of(module_of(file))
    banned = NEVER.get(part, set()).union(*(group - {part} for group in APART if part in group))
    for name, line in imports(file):
        if name.startswith("samruk"):
            assert part_of(name) not in banned, f"{name_of(file)}:{line}: {part} must not know {part_of(name)}"


def test_no_imports_run_in_a_circle() -> None:
    graph = {module_of(file): {name for name, _ in imports(file, with_types=False)} & MODULES for file in FILES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail[trail.index(module) :], module))
        if module not in done:
            for other in graph[module]:
                is_own_package = trail and other == module.rpartition(".")[0]
                if not is_own_package:
                    visit(other, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("file", [f for f in FILES if part_of(module_of(f)) in MODEL], ids=name_of)
def test_the_model_has_no_clock_file_socket_or_hidden_chance(file: Path) -> None:
    for name, line in imports(file):
        assert name.split(".")[0] not in IMPURE, f"{name_of(file)}:{line}: imports {name}"
        assert not name.startswith(("numpy.random", "jax.random")), f"{name_of(file)}:{line}: imports {name}"
    for node in ast.walk(TREES[file]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("open", "print", "input"), f"{name_of(file)}:{node.lineno}: {node.func.id}()"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "utcnow", "today"), f"{name_of(file)}:{node.lineno}: a clock"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            chance = node.attr == "random" and node.value.id in ("np", "numpy", "jax")
            assert not chance, f"{name_of(file)}:{node.lineno}: hidden randomness"


def test_the_truth_is_not_a_message() -> None:
    text = (PACKAGE / "messages.py").read_text(encoding="utf-8")
    assert not re.search(r"class \w*Truth", text)


@EVERY_FILE
def test_no_file_or_folder_has_an_empty_name(file: Path) -> None:
    assert not FORBIDDEN_NAMES & set(file.relative_to(PACKAGE).with_suffix("").parts)


def docstrings(tree: ast.Module) -> Iterator[ast.Expr]:
    """Strings that stand alone: docstrings of modules, classes, functions and fields."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for item in body if isinstance(body, list) else []:
            if isinstance(item, ast.Expr) and isinstance(getattr(item.value, "value", None), str):
                yield item


@EVERY_FILE
def test_no_file_is_too_long(file: Path) -> None:
    words = sum(1 + (item.end_lineno or item.lineno) - item.lineno for item in docstrings(TREES[file]))
    length = len(file.read_text(encoding="utf-8").splitlines()) - words
    assert length <= LONGEST_FILE, f"{length} lines without docstrings; make it a folder"


def functions() -> Iterator[tuple[Path, ast.FunctionDef, int]]:
    """All functions with their length without docstring."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                lines = 1 + (node.end_lineno or node.lineno) - node.lineno
                if ast.get_docstring(node, clean=False) is not None:
                    lines -= 1 + (node.body[0].end_lineno or 0) - node.body[0].lineno
                yield file, node, lines


def test_functions_are_small() -> None:
    found = list(functions())
    for file, node, lines in found:
        assert lines <= LONGEST_FUNCTION, f"{name_of(file)}:{node.lineno}: {node.name} has {lines} lines"
    assert statistics.median(lines for _, _, lines in found) <= MEDIAN_FUNCTION


@EVERY_FILE
def test_public_things_have_docstrings(file: Path) -> None:
    tree = TREES[file]
    assert not tree.body or ast.get_docstring(tree), f"{name_of(file)} does not say what it is"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name_of(file)}:{node.lineno}: {node.name} has no docstring"


def fields_without_words(tree: ast.Module) -> Iterator[str]:
    """Fields of data classes that no string follows; a field made of another class of the file is told there."""
    told_there = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(word) for word in node.decorator_list):
            for item, after in zip(node.body, [*node.body[1:], None], strict=True):
                told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                if isinstance(item, ast.AnnAssign) and not told and ast.unparse(item.annotation) not in told_there:
                    yield f"{node.name}.{ast.unparse(item.target)}"


@pytest.mark.parametrize("name", ["messages.py", "mission.py", "ledger.py", "frames.py", "aircraft/parts.py"])
def test_every_field_of_the_vocabulary_says_its_unit_and_frame(name: str) -> None:
    silent = list(fields_without_words(TREES[PACKAGE / name]))
    assert not silent


TEXTS = [
    file
    for folder in ("src", "tests", "tools", "benchmarks", "design", "docs", "examples", "web/src")
    for file in sorted((ROOT / folder).rglob("*"))
    if file.suffix in {".py", ".toml", ".md", ".ts", ".json", ".html", ".css"} and file != Path(__file__).resolve()
] + sorted(ROOT.glob("*.md"))

ARMED = re.compile(r"\b(munitions?|warheads?|missiles?|bombs?|bombing|target list|lethal|kill chain)\b", re.IGNORECASE)
HOMES = re.compile(r"(?<![\w.])/(work|root|home)/\w")


def test_nothing_speaks_of_arms() -> None:
    """The boundary may be stated; nothing may lie beyond it."""
    for file in TEXTS:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            stated = re.search(r"\b(no|never|unarmed|not)\b", line, re.IGNORECASE)
            assert stated or not ARMED.search(line), f"{file.relative_to(ROOT)}:{number}: {line.strip()}"


def test_nothing_names_a_folder_of_one_machine() -> None:
    for file in TEXTS:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            assert not HOMES.search(line), f"{file.relative_to(ROOT)}:{number}: {line.strip()}"

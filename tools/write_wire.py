"""Write `web/src/wire.ts` from `samruk.station.wire`: the same names and types on both sides.

    python tools/write_wire.py [--check]
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [ROOT / "src" / "samruk" / "station" / name for name in ("wire.py", "shapes.py")]
OUT = ROOT / "web" / "src" / "wire.ts"
EPILOGUE = """export type Maybe = number | null;

export type ServerMessage = Told;

export type ServerMessageOf<T extends Told["t"]> = Extract<Told, { t: T }>;
"""
"""Names for the browser's convenience."""
PLAIN = {"float": "number", "int": "number", "str": "string", "bool": "boolean", "None": "null"}


def typescript(node: ast.expr) -> str:
    """A Python type as TypeScript."""
    if isinstance(node, ast.BinOp):
        return f"{typescript(node.left)} | {typescript(node.right)}"
    if isinstance(node, ast.Subscript):
        name, inner = ast.unparse(node.value), node.slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if name == "Literal":
            return " | ".join(f'"{ast.literal_eval(part)}"' for part in parts)
        if name == "tuple":
            return f"[{', '.join(map(typescript, parts))}]"
        return f"Array<{typescript(inner)}>"
    return PLAIN.get(ast.unparse(node), ast.unparse(node))


def interface(node: ast.ClassDef, lines: list[str]) -> str:
    """One struct; what has a default on the way in may be left out."""
    tag = next((ast.literal_eval(word.value) for word in node.keywords if word.arg == "tag"), None)
    asked = any(word.arg == "forbid_unknown_fields" for word in node.keywords)
    text = ast.get_docstring(node)
    out = [f"/** {text} */"] if text else []
    out.append(f"export interface {node.name} {{")
    if tag:
        out.append(f'  t: "{tag}";')
    for field in node.body:
        if isinstance(field, ast.AnnAssign):
            said = lines[field.lineno - 1].partition("#")[2].strip()
            mark = "?" if field.value is not None and asked else ""
            unit = f" // {said}" if said else ""
            out.append(f"  {ast.unparse(field.target)}{mark}: {typescript(field.annotation)};{unit}")
    return "\n".join([*out, "}"])


def written() -> str:
    """The whole file."""
    texts = [source.read_text(encoding="utf-8") for source in SOURCES]
    head = "\n * ".join((ast.get_docstring(ast.parse(texts[0])) or "").splitlines()).replace(" \n", "\n")
    parts = [f"/* Written by tools/write_wire.py: change src/samruk/station/wire.py instead.\n *\n * {head}\n */"]
    return "\n\n".join([*parts, *(part for text in texts for part in declared(text)), EPILOGUE])


def declared(text: str) -> list[str]:
    """Everything that one source declares."""
    found = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            found.append(interface(node, text.splitlines()))
        elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.Subscript, ast.BinOp)):
            found.append(f"export type {ast.unparse(node.targets[0])} = {typescript(node.value)};")
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found.append(f"export const {ast.unparse(node.targets[0])} = {node.value.value!r};")
    return found


def main() -> int:
    """Write, or with `--check` say whether the file is up to date."""
    if "--check" in sys.argv:
        return int(OUT.read_text(encoding="utf-8") != written())
    OUT.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

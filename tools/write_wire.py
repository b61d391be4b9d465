"""Write `web/src/wire.ts` from `samruk.station.wire`: the same names and types on both sides.

    python tools/write_wire.py [--check]
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "samruk" / "station" / "wire.py"
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
    text = SOURCE.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    head = "\n * ".join((ast.get_docstring(tree) or "").splitlines()).replace(" \n", "\n")
    parts = [f"/* Written by tools/write_wire.py: change src/samruk/station/wire.py instead.\n *\n * {head}\n */"]
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            parts.append(interface(node, lines))
        elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.Subscript, ast.BinOp)):
            parts.append(f"export type {ast.unparse(node.targets[0])} = {typescript(node.value)};")
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            parts.append(f"export const {ast.unparse(node.targets[0])} = {node.value.value};")
    return "\n\n".join([*parts, EPILOGUE])


def main() -> int:
    """Write, or with `--check` say whether the file is up to date."""
    if "--check" in sys.argv:
        return int(OUT.read_text(encoding="utf-8") != written())
    OUT.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Write `src/samruk/link/mavlink/definitions.json`: ids, fields, units and enum numbers of the messages spoken here.

Read from the XML of MAVLink's minimal, standard, common and development sets, as the package pymavlink carries it, and
from this project's own `samruk.xml`. Facts alone are taken over: names, numbers, types, units; no descriptions.

    python tools/write_dialect.py
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent / "src" / "samruk"
OWN = ROOT / "data" / "dialect" / "samruk.xml"
NEWER = Path(__file__).parent / "mavlink_newer.xml"
TARGET = ROOT / "link" / "mavlink" / "definitions.json"
SETS = ("minimal", "standard", "common", "development")
SIZES = {"int8_t": 1, "uint8_t": 1, "char": 1, "int16_t": 2, "uint16_t": 2, "int32_t": 4, "uint32_t": 4, "float": 4,
         "int64_t": 8, "uint64_t": 8, "double": 8}  # fmt: skip


def sources() -> list[Path]:
    """The XML files, the later ones adding to the earlier."""
    spec = find_spec("pymavlink")
    if spec is None or spec.origin is None:
        raise SystemExit("pymavlink is not installed: pip install pymavlink")
    folder = Path(spec.origin).parent / "dialects" / "v20"
    return [*(folder / f"{name}.xml" for name in SETS), NEWER, OWN]


def crc(data: bytes, value: int = 0xFFFF) -> int:
    """CRC-16/MCRF4XX, the checksum of MAVLink."""
    for byte in data:
        byte ^= value & 0xFF
        byte = (byte ^ (byte << 4)) & 0xFF
        value = (value >> 8) ^ (byte << 8) ^ (byte << 3) ^ (byte >> 4)
    return value


def message(element: ElementTree.Element) -> tuple[str, list[Any]]:
    """Name, and [id, CRC seed, number of base fields, fields in the order of the wire]."""
    base, extended, extension = [], [], False
    for part in element:
        if part.tag == "extensions":
            extension = True
        elif part.tag == "field":
            (extended if extension else base).append(field(part))
    base.sort(key=lambda each: -SIZES[each[1]])
    name = element.attrib["name"]
    value = crc(f"{name} ".encode())
    for each in base:
        value = crc(f"{each[1]} {each[0]} ".encode(), value)
        value = crc(bytes([each[2]]), value) if each[2] else value
    seed = (value & 0xFF) ^ (value >> 8)
    return name, [int(element.attrib["id"]), seed, len(base), base + extended]


def field(element: ElementTree.Element) -> list[Any]:
    """[name, type, length of the array or 0, unit, enum]."""
    kind = element.attrib["type"]
    found = re.fullmatch(r"(\w+)\[(\d+)\]", kind)
    kind, length = (found[1], int(found[2])) if found else (kind, 0)
    kind = "uint8_t" if kind == "uint8_t_mavlink_version" else kind
    return [element.attrib["name"], kind, length, element.attrib.get("units", ""), element.attrib.get("enum", "")]


def number(text: str) -> int:
    """The value of an entry: decimal, hexadecimal, binary, or a power of two."""
    base, _, power = text.partition("**")
    return int(base, 0) ** int(power) if power else int(text, 0)


def main() -> None:
    """Read all and write one file."""
    messages: dict[str, Any] = {}
    enums: dict[str, dict[str, int]] = {}
    for path in sources():
        tree = ElementTree.parse(path).getroot()
        for element in tree.iterfind("messages/message"):
            name, body = message(element)
            messages[name] = body
        for element in tree.iterfind("enums/enum"):
            entries = enums.setdefault(element.attrib["name"], {})
            last = max(entries.values(), default=-1)
            for entry in element.iterfind("entry"):
                last = number(entry.attrib["value"]) if "value" in entry.attrib else last + 1
                entries[entry.attrib["name"]] = last
    lines = [f'  {json.dumps(name)}: {json.dumps(body)}' for name, body in sorted(messages.items())]
    numbers = [f'  {json.dumps(name)}: {json.dumps(body)}' for name, body in sorted(enums.items())]
    text = '{"messages": {\n' + ",\n".join(lines) + '\n}, "enums": {\n' + ",\n".join(numbers) + "\n}}\n"
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(messages)} messages, {len(enums)} enums, {len(text)} bytes")


if __name__ == "__main__":
    main()

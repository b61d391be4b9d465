"""The text of a JSBSim file: XML elements with their lines, numbers with their units; entities are refused."""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from samruk.errors import AircraftError
from samruk.units import DEGREE, FOOT

INCH = FOOT / 12.0
POUND = 0.45359237
"""kg."""
POUND_FORCE = POUND * 9.80665
"""N."""
SLUG = POUND_FORCE / FOOT
"""kg."""

UNITS = {
    "IN": INCH, "FT": FOOT, "M": 1.0, "FT2": FOOT**2, "M2": 1.0, "LBS": POUND, "KG": 1.0, "SLUG*FT2": SLUG * FOOT**2,
    "KG*M2": 1.0, "RAD": 1.0, "DEG": DEGREE,
}  # fmt: skip
"""Factor to SI and radians."""
LARGEST = 10_000_000
"""Bytes of a file that is read."""


def root(data: bytes, place: str) -> Element:
    """The outermost element of a file.

    Args:
        data: the file.
        place: its name, for complaints.

    Raises:
        AircraftError: not XML, too large, with entities, or no JSBSim aircraft.
    """
    if len(data) > LARGEST:
        raise AircraftError(f"{len(data):,} bytes; at most {LARGEST:,} are read", place)
    try:
        found = _parsed(data, place)
    except expat.ExpatError as trouble:
        at = f"{place}, line {trouble.lineno}"
        raise AircraftError(f"not XML: {expat.errors.messages[trouble.code]}", at) from None
    if found.tag != "fdm_config":
        raise AircraftError(f"the outermost element is <{found.tag}>; a JSBSim aircraft is <fdm_config>", place)
    return found


def _parsed(data: bytes, place: str) -> Element:
    """All elements, each with the attribute `line`."""
    parser, tree = expat.ParserCreate(), TreeBuilder()

    def entity(name: str, *_: object) -> None:
        raise AircraftError(f"declares the entity {name!r}; entities are not read", place, "Write its text out.")

    def begin(name: str, attributes: dict[str, str]) -> None:
        tree.start(name, {**attributes, "line": str(parser.CurrentLineNumber)})

    parser.EntityDeclHandler, parser.StartElementHandler = entity, begin
    parser.EndElementHandler, parser.CharacterDataHandler = tree.end, tree.data
    parser.Parse(data, True)
    return tree.close()


def refused(element: Element, why: str) -> AircraftError:
    """A complaint about one element, with its line."""
    return AircraftError(why, f"<{element.tag}> in line {element.get('line')}")


def part(parent: Element, name: str) -> Element:
    """The only part of that name; one kept in another file is refused."""
    found = parent.find(name)
    if found is None:
        raise refused(parent, f"holds no <{name}>")
    if found.get("file"):
        raise refused(found, f"lies in another file ({found.get('file')}); only whole aircraft are read")
    return found


def number(element: Element) -> float:
    """The plain number an element holds."""
    try:
        return float(element.text or "")
    except ValueError:
        raise refused(element, f"{(element.text or '').strip()!r} is no number") from None


def measured(element: Element, unit: str) -> float:
    """What an element holds, in SI and radians; `unit` is meant where it names none."""
    return number(element) * factor(element, unit)


def factor(element: Element, unit: str) -> float:
    """Factor to SI of an element's unit."""
    named = element.get("unit", unit).strip().upper()
    if named not in UNITS:
        raise refused(element, f"unit {named!r} is not known; known are {', '.join(UNITS)}")
    return UNITS[named]


def location(element: Element) -> tuple[float, float, float]:
    """A place in structural axes (x aft, y right, z up), m."""
    scale = factor(element, "IN")
    x, y, z = (scale * number(part(element, axis)) for axis in "xyz")
    return x, y, z

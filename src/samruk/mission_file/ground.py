"""The terrain that a mission names: its tables for the step, and what the route and the autopilot make of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from samruk import terrain_file
from samruk.errors import InputError, MissionError
from samruk.mission import Ground, Links, Rules, Runway, Tile
from samruk.mission_file.air import take
from samruk.mission_file.allowed import Allowed
from samruk.mission_file.places import Way
from samruk.mission_file.reader import Section, dotted, one_line
from samruk.terrain_file import Fault, Grid

FetchBytes = Callable[[str], tuple[bytes, str]]
"""Name of a file -> its bytes and what to call it; raises InputError."""

CLEARANCE = Allowed("m", 0.0, 2000.0, "agl")
"""What `clearance` may be."""
USUAL_CLEARANCE = 150.0
"""m, where the mission says nothing: the least height above ground that 14 CFR 91.119 knows, 500 ft."""
APPROACH_CLEARANCE = 90.0
"""m above the ground that are enough on the way to the approach gate (ICAO Doc 8168: 75 to 90 m, recalled)."""
MOST_STEP = 100.0
"""m between an aerodrome's elevation and the terrain there, more than which one of the two is wrong."""


class TerrainFaults(MissionError):
    """A route that does not clear the ground: one line for each fault.

    Args:
        lines: (message, place, hint) of each.
    """

    def __init__(self, lines: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(*lines[0])
        self.lines = tuple(str(MissionError(*line)) for line in lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass
class Terrain:
    """Terrain files of a mission, each read once, and their tables, each computed once."""

    fetch: FetchBytes
    """Gives a file's bytes."""
    grids: dict[str, Grid] = field(default_factory=dict)
    """By the name of the file."""
    tables: dict[tuple[str, float, float], tuple[Ground, float]] = field(default_factory=dict)
    """Ground and reach, by file and place of the antenna."""

    def grid(self, section: Section) -> Grid:
        """The grid of the file that a section names."""
        name = section.text("file")
        if name not in self.grids:
            try:
                data, place = self.fetch(name)
            except InputError as error:
                section.fail("file", f"= {name!r}: {error.message}", error.hint)
            self.grids[name] = terrain_file.read(data, name.rpartition("/")[2], place)
        return self.grids[name]

    def ground(self, name: str, links: Links) -> tuple[Ground, float]:
        """Tables for the step and the reach of the table of edges; flights with antennas at one place share them."""
        key = (name, float(links.latitude), float(links.longitude))
        if key not in self.tables:
            grid = self.grids[name]
            distance, top, reach = terrain_file.edges(grid, links)
            self.tables[key] = Ground(grid.heights.ravel(), distance, top), reach
        return self.tables[key]


@dataclass(frozen=True)
class Found:
    """What a `[terrain]` section gives."""

    ground: Ground
    tile: Tile
    rules: Rules


def read(
    section: Section, terrain: Terrain, links: Links, rules: Rules, fields: Sequence[Runway], main: Way, lost: Way
) -> Found:
    """Terrain of a mission, its route checked against it, its rules with the heights that are safe over it.

    Args:
        section: `[terrain]`; empty for none.
        terrain: files that have been read.
        links: place of the antenna.
        rules: of the mission.
        fields: home first, then the alternates.
        main: route.
        lost: lost-link route.

    Raises:
        TerrainFaults: legs come too near to the ground.
        MissionError: the file cannot be used, or does not hold the home aerodrome.
    """
    if not section.table:
        return Found(Ground(), Tile(), rules)
    grid = terrain.grid(section)
    clearance = take(section, "clearance", CLEARANCE, USUAL_CLEARANCE)
    section.finish()
    _check_fields(section, grid, fields)
    _check_ways(grid, main, lost, fields[0], rules, clearance)
    ground, reach = terrain.ground(section.table["file"], links)
    places = [(leg.latitude, leg.longitude) for leg in (*main.legs, *lost.legs)]
    safe = terrain_file.safe_height(grid, places, [(each.latitude, each.longitude) for each in fields])
    if safe > rules.ceiling:
        told = f"needs {safe:.0f} m msl for a safe way home; rules.ceiling_m_msl is {rules.ceiling:g} m."
        section.fail("", told, "Raise the ceiling, or fly elsewhere.")
    floor = max(rules.escape_floor, safe)
    radius = _descent(section, grid, fields, rules, clearance)
    return Found(
        ground, grid.tile(reach), replace(rules, safe_height=safe, escape_floor=floor, descent_radius=radius)
    )


def _descent(section: Section, grid: Grid, fields: Sequence[Runway], rules: Rules, clearance: float) -> float:
    """m around a gate within which the autopilot may descend: the least of all aerodromes on the tile."""
    wanted = min(clearance, APPROACH_CLEARANCE)
    here = [each for each in fields if math.isfinite(float(grid.at(each.latitude, each.longitude)))]
    found = [terrain_file.descent_radius(grid, each, rules.glide_slope, wanted) for each in here]
    if min(found) <= 0.0:
        name = "home" if found.index(min(found)) == 0 else "an alternate"
        told = f"rises to less than {wanted:.0f} m below the circle in which {name} is approached."
        section.fail("file", told, "Name the other direction of the runway, or another aerodrome.")
    return min(found)


def _check_fields(section: Section, grid: Grid, fields: Sequence[Runway]) -> None:
    """Home lies on the tile; no aerodrome on it lies far above or below it."""
    for number, runway in enumerate(fields):
        height = float(grid.at(runway.latitude, runway.longitude))
        name = "home" if number == 0 else f"alternate {number}"
        if math.isnan(height):
            if number == 0:
                section.fail("file", "does not hold the home aerodrome.", "Give the tile in which it lies.")
        elif abs(height - runway.elevation) > MOST_STEP:
            told = f"is at {height:.0f} m where {name} is at {runway.elevation:.0f} m msl."
            section.fail("file", told, f"Allowed: {MOST_STEP:.0f} m apart. Check both.")


def _check_ways(grid: Grid, main: Way, lost: Way, home: Runway, rules: Rules, clearance: float) -> None:
    """Refuse routes that come too near to the ground, all faults at once."""
    lines: list[tuple[str, str, str]] = []
    highest = max(leg.altitude for leg in main.legs)
    for way, first in ((main, None), (lost, highest)):
        found = terrain_file.faults(grid, way.legs, home, clearance, rules.loiter_radius, first)
        lines += [_line(way, fault) for fault in found]
    if lines:
        _refuse(lines)


def _refuse(lines: Sequence[tuple[str, str, str]]) -> NoReturn:
    raise TerrainFaults(lines)


def _line(way: Way, fault: Fault) -> tuple[str, str, str]:
    """Message, place and hint of a fault."""
    path = way.section.path
    at = (*path, "plan") if way.plan is not None else (*path, "leg", fault.leg)
    place = way.section.document.place_of(at)
    return one_line(f"{dotted(path)}: {fault.told()}"), one_line(place), fault.hint()

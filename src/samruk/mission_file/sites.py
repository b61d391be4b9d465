"""Where ground stations stand: the `[[station]]` tables of a mission file, or else home and the alternates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samruk.mission import Links
from samruk.mission_file.air import Fetch, fetched, take
from samruk.mission_file.allowed import SECTIONS
from samruk.mission_file.places import Aerodrome
from samruk.mission_file.reader import Document, Section, stem

STATIONS = 9
"""Stations of a mission, at most: they are called S1 to S9."""


@dataclass(frozen=True)
class Station:
    """A ground station and its antenna."""

    name: str
    """For people."""
    latitude: float
    """rad."""
    longitude: float
    """rad, east."""
    elevation: float
    """m above mean sea level, of the ground below the antenna."""


def read(sections: Sequence[Section], fields: Sequence[Aerodrome], fetch: Fetch) -> tuple[Station, ...]:
    """The stations of a mission.

    Args:
        sections: the tables `[[station]]`.
        fields: home and the alternates, at which stations stand where the file names none.
        fetch: gives the file of an aerodrome.
    """
    if sections:
        return tuple(_station(section, fetch) for section in sections)
    return tuple(
        Station(each.title, float(each.runway.latitude), float(each.runway.longitude), float(each.runway.elevation))
        for each in fields
    )


def _station(section: Section, fetch: Fetch) -> Station:
    """One table: `icao`, or the place itself."""
    if not {"icao", "latitude"} & {stem(key) for key in section.table}:
        section.fail("", "lacks icao.", 'Write icao = "UACC", or latitude_deg, longitude_deg and elevation_m_msl.')
    if "icao" not in section.table:
        values = {name: take(section, name, SECTIONS[Links][name]) for name in ("latitude", "longitude", "elevation")}
        name = section.text("name", "Station", 40)
        section.finish()
        return Station(name, **values)
    text, place = fetched(section, "icao", "aerodrome", fetch)
    top = Document.parse(text, place).top()
    values = {name: take(top, name, SECTIONS[Links][name]) for name in ("latitude", "longitude", "elevation")}
    name = section.text("name", top.text("name"), 40)
    section.text("icao")
    section.finish()
    return Station(name, **values)

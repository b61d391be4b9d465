"""The map of a mission: route, tracks, aerodromes, cloud and radio reach on honest paper with a graticule.

There is no base map: nothing is drawn that the mission did not state or the flight did not do.
"""

from __future__ import annotations

from collections.abc import Sequence

from samruk.verdict.map_chart import WIDTHS, Chart
from samruk.verdict.map_features import Aerodrome, Antenna, CloudFootprint, MissionMap, Place
from samruk.verdict.paper import Figure, Paper
from samruk.verdict.picture import StripFlight

__all__ = ["Aerodrome", "Antenna", "CloudFootprint", "MissionMap", "Place", "draw", "figure"]


def draw(chart: MissionMap, flights: Sequence[StripFlight] = (), theme: str = "dark", size: str = "full") -> str:
    """The map as an SVG file.

    Args:
        chart: what the mission states.
        flights: whose tracks to draw; those without positions are left out.
        theme: `dark` or `light` (print).
        size: `full`, 1040 px wide, or `phone`, 390 px.
    """
    return figure(chart, flights, size, "m").standalone(theme)


def figure(chart: MissionMap, flights: Sequence[StripFlight] = (), size: str = "full", key: str = "m") -> Figure:
    """The map as a part of a page that brings the style sheet."""
    if size not in WIDTHS:
        raise ValueError(f"size '{size}' is not known; it is 'full' or 'phone'")
    sheet = Chart(chart, flights, Paper(WIDTHS[size], key), size == "phone")
    return sheet.write()

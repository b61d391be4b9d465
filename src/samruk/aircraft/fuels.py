"""Grades of fuel: where they freeze or clog, what they hold.

Freezing points are the highest that the grade's specification allows; for diesel fuels the cold filter plugging point
stands in their place. Densities at 15 C. Figures recalled where marked; a load may be better than its grade.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Grade:
    """One grade of fuel."""

    name: str
    """As mission files say it."""
    freezing: float
    """K: freezing point, or cold filter plugging point."""
    heating_value: float
    """J/kg, lower."""
    density: float
    """kg/m^3 at 15 C."""
    source: str
    """Where the figures come from."""


GRADES: dict[str, Grade] = {
    grade.name: grade
    for grade in (
        Grade("jet-a1", 226.15, 43.1e6, 804.0, "ASTM D1655 / DEF STAN 91-091: -47 C; heat of combustion 43.1 MJ/kg"),
        Grade("jet-a", 233.15, 43.1e6, 810.0, "ASTM D1655: -40 C"),
        Grade("f-34", 226.15, 43.1e6, 804.0, "NATO F-34 (JP-8): as Jet A-1"),
        Grade("jp-5", 227.15, 42.9e6, 815.0, "MIL-DTL-5624: -46 C (recalled)"),
        Grade("arctic-diesel", 229.15, 42.8e6, 815.0, "EN 590 class 4: cold filter plugging point -44 C"),
        Grade("f-54", 257.15, 42.6e6, 835.0, "NATO F-54: cold filter plugging point about -13 to -20 C (recalled)"),
        Grade("summer-diesel", 268.15, 42.6e6, 840.0, "EN 590: cold filter plugging point 0 to -10 C (recalled)"),
    )
}  # fmt: skip

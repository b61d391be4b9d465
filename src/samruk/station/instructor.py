"""What an instructor changes: failures of the aircraft, the air around it, the links."""

from __future__ import annotations

import math
from dataclasses import fields

from samruk.mission import Failures
from samruk.station import wire
from samruk.station.commands import Step

FAILURES: tuple[str, ...] = tuple(each.name for each in fields(Failures))
"""Systems that can fail, in the order of their numbers."""
FIRST_FAILURE = 100
"""Key of SAMRUK_CONDITION of the first system."""
CONDITIONS = {"cloud": 1, "rain": 2, "wind": 3, "temperature": 4, "turbulence": 5, "visibility": 6}
"""SAMRUK_CONDITION by key of the catalogue, condition.<name>."""
LINKS = {"line_of_sight": 1, "satellite": 2, "both": 0}
"""Bearers of SAMRUK_LINK_CONDITION."""
SET_CONDITION, SET_LINK = 52104, 52105


def step_of(m: wire.Instructor) -> Step | None:
    """The command; None for a key that does not exist.

    Without a value a system fails whole, a condition is the mission's own again, and a link is as the radio makes it.
    """
    value = m.value
    if m.what == "failure" and m.key in FAILURES:
        lost = 1.0 if value is None else value
        return Step(SET_CONDITION, (float(FIRST_FAILURE + FAILURES.index(m.key)), lost, m.duration_s or 0.0, 0.0))
    if m.what == "condition" and m.key in CONDITIONS:
        return Step(SET_CONDITION, (float(CONDITIONS[m.key]), math.nan if value is None else value, 0.0, 0.0))
    if m.what == "link" and m.key in LINKS:
        lost = 100.0 * (value or 0.0)
        return Step(SET_LINK, (float(m.part), float(LINKS[m.key]), lost, m.start_s), m.duration_s or 0.0)
    return None

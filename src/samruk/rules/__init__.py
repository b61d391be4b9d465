"""The rules that a route, a fence and a lost-link route must keep: pure functions, the same aboard and on the ground.

A station asks them before it uploads; the aircraft asks them before it stores. Both get the same list of problems.
"""

from samruk.rules.fences import Boundary, Fences, boundaries, breach, time_to_breach
from samruk.rules.items import Do, Frame, Item, Kind, Problem

__all__ = ["Boundary", "Do", "Fences", "Frame", "Item", "Kind", "Problem", "boundaries", "breach", "time_to_breach"]

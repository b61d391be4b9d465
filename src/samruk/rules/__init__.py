"""The rules that a route, a fence and a lost-link route must keep: pure functions, the same aboard and on the ground.

A station asks them before it uploads; the aircraft asks them before it stores. Both get the same list of problems.
"""

from samruk.rules.fences import Boundary, Fences, boundaries, breach, time_to_breach
from samruk.rules.items import Cmd, Item, Kind, Problem, Severity, Verdict, at, check_items, plan_id, worst

__all__ = ["Boundary", "Cmd", "Fences", "Item", "Kind", "Problem", "Severity", "Verdict", "at", "boundaries", "breach",
           "check_items", "plan_id", "time_to_breach", "worst"]  # fmt: skip

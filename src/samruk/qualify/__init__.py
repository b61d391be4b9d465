"""The qualification campaign: scripted runs through extreme environments, each with a limit and the margin left."""

from samruk.qualify.campaign import Campaign, Case, Rule, Run, read
from samruk.qualify.flying import Kept, fly
from samruk.qualify.judging import Judged, Result, as_json, judge, table

__all__ = ["Campaign", "Case", "Judged", "Kept", "Result", "Rule", "Run", "as_json", "fly", "judge", "read", "table"]

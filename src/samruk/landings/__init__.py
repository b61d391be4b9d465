"""Take-offs and landings by the hundred: where and how the wheels meet the runway in wind and turbulence."""

from samruk.landings.campaign import CASES, Campaign, Case, Landing, fly
from samruk.landings.page import answer, as_json, rows, table, write

__all__ = ["CASES", "Campaign", "Case", "Landing", "answer", "as_json", "fly", "rows", "table", "write"]

"""One check against the outside world: a figure, and the limit that it must not pass."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A row of the table."""

    name: str
    """What is compared."""
    authority: str
    """With what."""
    figure: float
    """Worst difference found, in `unit`, never negative; not a number fails."""
    limit: float
    """Largest difference allowed."""
    unit: str
    """Of both; "1" for a part of the whole."""
    reason: str
    """Why the limit is what it is."""

    @property
    def passed(self) -> bool:
        """Whether the figure keeps the limit."""
        return bool(self.figure <= self.limit)

    def as_json(self) -> dict[str, object]:
        """The row for programs; a figure that is not a number is null."""
        figure = float(self.figure) if math.isfinite(self.figure) else None
        return {"name": self.name, "authority": self.authority, "figure": figure, "limit": self.limit,
                "unit": self.unit, "pass": self.passed}  # fmt: skip

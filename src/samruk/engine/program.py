"""What an engine is asked to run: functions of nested dataclasses and how they nest in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Program:
    """One step of a model in three tempos.

    One slow tick is: `slow`; then `mission_per_slow` times (`mission`; then `fast_per_mission` times `fast`). The slow
    functions come first because they hand the faster ones their slowly varying values. The engine adds nothing to the
    carry: a clock, if the model wants one, is a counter in the carry that the model itself advances.
    """

    fast: Callable[[Any, Any], Any]
    """(carry, params) -> carry."""
    mission: Callable[[Any, Any, Any], Any]
    """(carry, params, tables) -> carry."""
    slow: Callable[[Any, Any, Any], Any]
    """(carry, params, tables) -> carry."""
    frame: Callable[[Any, Any], Any]
    """(carry, params) -> dataclass of scalars: what is recorded, evaluated at the end of a slow tick."""
    carry: Any
    """Example state: nested frozen dataclasses; a Python or numpy float leaf is float64, an int leaf is int32."""
    params: Any
    """Example parameters, of the same form; read only, one set per lane."""
    tables: Any
    """Example tables: nested dataclasses of 1-D numpy arrays (float64, float32, int32, int16), or None.

    A field with metadata {"lane": True} has one table per lane; any other is shared by all lanes. A field with metadata
    {"any_length": True} promises that the model never reads its length, so one compiled step serves every length.
    """
    fast_per_mission: int
    mission_per_slow: int
    key: str | None = None
    """Hash of the sources of the four functions. With it a second start finds the compiled step without tracing."""

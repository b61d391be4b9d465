"""Hashes of whole flights of the default story on the native engine, kept in `tests/data/golden.json`.

A change that is meant to change no flight must leave them; one that is meant to writes them anew, and says why:

    python -m tests.system.golden
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from tests.system.whole import Day, days

from samruk.leaves import flatten

KEPT = Path(__file__).parent.parent / "data" / "golden.json"
NAMES = ("clear of cloud", "crew protects", "aircraft protects")


def digest(day: Day) -> str:
    """Hash of all that a flight recorded, every 10 s to its end, and of every leaf that it ended with."""
    total = hashlib.sha256()
    for name, values in day.frames.items():
        total.update(name.encode() + np.ascontiguousarray(values, "<f8").tobytes())
    for name, value in flatten(day.hours[-1]).items():
        total.update(name.encode() + np.asarray(value, "<f8").tobytes())
    return total.hexdigest()


def digests() -> dict[str, str]:
    """By flight."""
    return {name: digest(day) for name, day in zip(NAMES, days(), strict=True)}


if __name__ == "__main__":
    KEPT.write_text(json.dumps(digests(), indent=2) + "\n")

"""In which numbers a step is computed and kept.

`float64` is the default. `float32` halves the bytes and doubles the lanes of a register; what is declared wide in the
model (`samruk.words`) is kept in two words of 32 bits, a float64 in the place of two float32, and computed so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from samruk.errors import EngineError


class Words(Enum):
    """How many words of float32 a field gets."""

    DECLARED = "declared"
    """Two, a float64, where the model says so."""
    NONE = "none"
    """One, whatever the model says: the float32 that fails. For tests."""


@dataclass(frozen=True)
class Precision:
    """The numbers of one engine."""

    name: str = "float64"
    words: Words = Words.DECLARED

    @property
    def narrow(self) -> bool:
        """Whether storage is of 32 bits."""
        return self.name == "float32"

    @property
    def dtype(self) -> Any:
        """The numpy type of storage."""
        return np.dtype(self.name)

    @property
    def kind(self) -> str:
        """The LLVM type of storage."""
        return "float" if self.narrow else "double"

    def narrows(self, tempo: str) -> bool:
        """Whether a tempo computes in float32: not the ones that are seldom run, `slow` and `frame`."""
        return self.narrow and (self.words is Words.NONE or tempo in ("fast", "mission"))

    def words_of(self, metadata: Any) -> int:
        """Words of a field with this metadata."""
        asked = int((metadata or {}).get("words", 1))
        if asked not in (1, 2):
            raise EngineError(f"a field asks for {asked} words; allowed are 1 and 2")
        return asked if self.narrow and self.words is Words.DECLARED else 1


DOUBLE = Precision()
ALLOWED = ("float64", "float32")


def precision_of(given: str | Precision) -> Precision:
    """A precision by its name."""
    if isinstance(given, Precision):
        return given
    if given not in ALLOWED:
        raise EngineError(f"no precision {given!r}: allowed are {', '.join(ALLOWED)}")
    return Precision(given)

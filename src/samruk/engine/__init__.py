"""How steps are run: the same functions, by vector code (native) or by JAX (reference)."""

from __future__ import annotations

import logging
from typing import Any

from samruk.engine import cache
from samruk.engine.batch import Batch, Frames, Snapshot
from samruk.engine.precision import Precision, precision_of
from samruk.engine.program import Program
from samruk.errors import EngineError

__all__ = ["Batch", "Frames", "Program", "Snapshot", "cache", "open"]

KINDS = ("auto", "native", "reference")


def open(
    program: Program, kind: str = "auto", threads: int | None = None, precision: str | Precision = "float64"
) -> Any:
    """An engine for a program.

    Args:
        program: the step.
        kind: "native" for compiled vector code, "reference" for JAX, "auto" for native where it can run.
        threads: cores to use at most; all by default.
        precision: "float64", or "float32" with two words where the model declares a field wide (`samruk.words`): half
            the memory and up to twice the speed, native only. Numbers given and read are float64 in both.

    Returns:
        An engine with `start`, `operations`, `compile_seconds` and `cached`.
    """
    numbers = precision_of(precision)
    if kind not in KINDS:
        raise EngineError(f"no engine {kind!r}: allowed are {', '.join(KINDS)}")
    if kind != "reference":
        try:
            from samruk.engine.native import Native
        except ImportError as missing:
            if kind == "native":
                raise EngineError(f"the native engine needs llvmlite ({missing}): pip install llvmlite") from None
            logging.getLogger("samruk.engine").warning("using the reference engine, slower: %s", missing)
        else:
            return Native(program, threads, numbers)
    if numbers.narrow:
        raise EngineError("the reference engine computes in float64; float32 needs the native one: pip install llvmlite")
    from samruk.engine.reference import Reference

    return Reference(program, threads)

"""How steps are run: the same functions, by vector code (native), by JAX (reference), or on a CUDA device (cuda)."""

from __future__ import annotations

import logging
from typing import Any

from samruk.engine import cache
from samruk.engine.batch import Batch, Frames, Snapshot
from samruk.engine.driver import Unavailable
from samruk.engine.fallback import Fallback
from samruk.engine.precision import Precision, precision_of
from samruk.engine.program import Program
from samruk.errors import EngineError

__all__ = ["Batch", "Frames", "Program", "Snapshot", "cache", "open"]

KINDS = ("auto", "native", "reference", "cuda")
LOG = logging.getLogger("samruk.engine")


def open(
    program: Program, kind: str = "auto", threads: int | None = None, precision: str | Precision = "float64",
    strict: bool = False,
) -> Any:  # fmt: skip
    """An engine for a program.

    Args:
        program: the step.
        kind: "native" for compiled vector code, "reference" for JAX, "cuda" for a CUDA device; "auto" for native where
            it can run, else reference.
        threads: cores to use at most; all by default.
        precision: "float64", or "float32" with two words where the model declares a field wide (`samruk.words`): for
            many lanes, 1.6 times as fast and a quarter smaller; not by the reference. Numbers given and read are
            float64 in both.
        strict: refuse "cuda" where it cannot run. By default "auto" takes its place and one warning says why: native
            code has the same bits, only later.

    Returns:
        An engine with `start`, `kind`, `operations`, `compile_seconds` and `cached`.
    """
    numbers = precision_of(precision)
    if kind not in KINDS:
        raise EngineError(f"no engine {kind!r}: allowed are {', '.join(KINDS)}")
    if kind == "reference":
        return _reference(program, threads, numbers)
    if kind == "native":
        return _native(program, threads, numbers)
    if kind == "cuda":
        return _cuda(program, threads, numbers, strict)
    return _auto(program, threads, numbers)


def _reference(program: Program, threads: int | None, numbers: Precision) -> Any:
    if numbers.narrow:
        raise EngineError("the reference engine computes in float64; float32 needs another: pip install llvmlite")
    from samruk.engine.reference import Reference

    return Reference(program, threads)


def _native(program: Program, threads: int | None, numbers: Precision) -> Any:
    try:
        from samruk.engine.native import Native
    except ImportError as missing:
        raise EngineError(f"the native engine needs llvmlite ({missing}): pip install llvmlite") from None
    return Native(program, threads, numbers)


def _auto(program: Program, threads: int | None, numbers: Precision) -> Any:
    try:
        from samruk.engine.native import Native
    except ImportError as missing:
        LOG.warning("using the reference engine, slower: %s", missing)
        return _reference(program, threads, numbers)
    native = Native(program, threads, numbers)
    return native if numbers.narrow else Fallback(native, lambda: _reference(program, threads, numbers))


def _cuda(program: Program, threads: int | None, numbers: Precision, strict: bool) -> Any:
    try:
        from samruk.engine.cuda import Cuda

        made = Cuda(program, threads, numbers)
    except (ImportError, Unavailable) as why:
        if strict:
            raise EngineError(f"the cuda engine cannot run: {why}") from None
        LOG.warning("flying without a CUDA device, slower: %s", why)
        return _auto(program, threads, numbers)
    return made if strict else Fallback(made, lambda: _auto(program, threads, numbers))

"""An engine whose compiler may fail: then another flies, and one line says why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from samruk.errors import CompilerError

LOG = logging.getLogger("samruk.engine")


class Fallback:
    """The first engine, or the second once the compiler of the first has failed at a start.

    Compilers run as children, so that one which ends badly ends alone. Everything but `start` is that of the engine in
    use. Flights that have begun are never moved: an engine differs from another in the last digits.

    Args:
        first: the engine to use while it compiles.
        second: makes the engine to use then.
    """

    def __init__(self, first: Any, second: Callable[[], Any]) -> None:
        self.engine = first
        self._second: Callable[[], Any] | None = second

    def start(self, carries: Sequence[Any], params: Sequence[Any], tables: Sequence[Any]) -> Any:
        """One lane for each carry."""
        try:
            return self.engine.start(carries, params, tables)
        except CompilerError as fault:
            if self._second is None:
                raise
            second, self._second = self._second(), None
            LOG.warning("flying with the %s engine, slower: %s", second.kind, fault)
            self.engine = second
        return self.engine.start(carries, params, tables)

    def __getattr__(self, name: str) -> Any:
        if name == "engine":  # not yet: a copy in the making
            raise AttributeError(name)
        return getattr(self.engine, name)

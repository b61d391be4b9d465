"""Many dispersed flights of one mission: how likely it is to complete, and what drives that.

The package itself can be called: `samruk.study(mission)` is `samruk.study.studies.study`, also once this package has
taken the place of the function of that name in `samruk`.
"""

import sys
from types import ModuleType
from typing import Any

from samruk.study.results import Study, opened
from samruk.study.studies import study

__all__ = ["Study", "opened", "study"]


class _Callable(ModuleType):
    """A module that does its one work when it is called."""

    def __call__(self, mission: str, **options: Any) -> Study:
        """Fly a study: see `samruk.study.studies.study`."""
        return study(mission, **options)


sys.modules[__name__].__class__ = _Callable

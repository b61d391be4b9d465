"""samruk: will this unmanned-aircraft system complete this mission - and if not, why, and what saves it?

>>> import samruk  # doctest: +SKIP
>>> day = samruk.fly("astana-january")  # doctest: +SKIP
>>> day.flights[1].verdict.outcome  # doctest: +SKIP
'lost'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from samruk.errors import InputError, RecordError, SamrukError

if TYPE_CHECKING:
    from samruk.story import Result
    from samruk.study.results import Study

__all__ = ["InputError", "RecordError", "SamrukError", "fly", "replay", "study", "validate"]


def fly(mission: str = "astana-january", **options: Any) -> Result:
    """Fly a mission and judge it: see `samruk.story.fly`."""
    from samruk import story

    return story.fly(mission, **options)


def replay(source: str, **options: Any) -> Result:
    """The report of a record, drawn again: see `samruk.story.replay`."""
    from samruk import story

    return story.replay(source, **options)


def study(mission: str, **options: Any) -> Study:
    """Fly a mission many times, dispersed: see `samruk.study.studies.study`."""
    from samruk.study import studies

    return studies.study(mission, **options)


def validate(mission: str, **options: Any) -> dict[str, Any]:
    """Check a mission's files without flying: see `samruk.story.validate`."""
    from samruk import story

    return story.validate(mission, **options)

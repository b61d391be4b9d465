"""The report of a study: stub while the pictures are made."""

from __future__ import annotations

from samruk.study.results import Study


def write(study: Study) -> str:
    """HTML."""
    return study.title

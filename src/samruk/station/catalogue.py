"""Words of the station in every language that it has: one key, one whole sentence, never built from parts."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

LANGUAGES = ("en", "tr")


@cache
def words(language: str) -> dict[str, str]:
    """All words of a language, by key; the file's sections only part the work and are no part of the key."""
    file = resources.files("samruk.station") / "data" / "catalogue" / f"{language}.toml"
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    return {key: text for section in sections.values() for key, text in section.items()}


def say(key: str, language: str = "en", **values: str) -> str:
    """The words of a key; a key without words is said as it is, so that nothing is hidden."""
    found = words(language if language in LANGUAGES else "en").get(key, key)
    return found.format(**values) if values else found

"""Errors that reach a user.

The tree::

    SamrukError
    |-- InputError        a file, an option or a value that the user gave is wrong
    |   |-- AircraftError   in an aircraft definition
    |   `-- MissionError    in a mission, a route or a weather file
    |-- EngineError       the engine cannot compile or run the step
    |   `-- CompilerError   a compiler failed; another engine may fly the step
    `-- RecordError       a record cannot be read or does not belong to this version

Every message is one line: what was wrong, the value with its unit, what is allowed, what to do. Trouble that the
*model* meets in flight is never an exception: it is a status in the ledger, and a refusal by the autopilot is data.
"""

from __future__ import annotations


class SamrukError(Exception):
    """Any error that samruk reports to its user in one line."""


class InputError(SamrukError):
    """Something the user gave is wrong.

    Args:
        message: what was found and what is allowed.
        place: where: file, and line or key inside it.
        hint: what to do about it.
    """

    def __init__(self, message: str, place: str = "", hint: str = "") -> None:
        self.message, self.place, self.hint = message, place, hint
        super().__init__(" ".join(part for part in (f"{place}:" if place else "", message, hint) if part))


class AircraftError(InputError):
    """An aircraft definition cannot be used."""


class MissionError(InputError):
    """A mission, route or weather file cannot be used."""


class EngineError(SamrukError):
    """The engine cannot compile or run the step."""


class CompilerError(EngineError):
    """A compiler failed at a step that is in order."""


class RecordError(SamrukError):
    """A record cannot be read, or was made by something else."""

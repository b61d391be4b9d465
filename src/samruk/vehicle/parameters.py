"""Parameters of an aircraft, each with its unit, range and meaning, and MAVLink's protocol to read and set them.

A parameter that acts changes a rule of the step or of the services at once, journaled with its tick. A parameter that
only tells (a speed of the handbook, a name that a PX4 page asks for) is read-only, and says so when it is set. Integers
travel bytewise in the float of PARAM_VALUE, as the capability bit says.

Reference: MAVLink guide, Parameter protocol; PX4's _HASH_CHECK.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from samruk.vehicle.ftp import crc32
from samruk.vehicle.service import AUTOPILOT, Now, Outgoing, Priority, Sender

INT32, FLOAT, UINT32 = 6, 9, 5
"""MAV_PARAM_TYPE."""
NOT_THERE, OUT_OF_RANGE, DENIED, READ_ONLY = 1, 2, 3, 5
"""MAV_PARAM_ERROR."""
SHARE = 12
"""Values of a list in one turn."""
HASH = "_HASH_CHECK"
NO_INDEX = 65535
FLIGHT = 4


@dataclass(frozen=True)
class Parameter:
    """One parameter."""

    name: str
    """Up to 16 letters."""
    default: float
    """As the aircraft was loaded."""
    words: str
    """What it is, in a few words."""
    group: str = "Aircraft"
    """Where a page shows it."""
    unit: str = ""
    """As people read it."""
    least: float = -math.inf
    """Least value."""
    most: float = math.inf
    """Greatest value."""
    whole: bool = False
    """A whole number."""
    more: str = ""
    """What it does, in full."""
    values: tuple[tuple[int, str], ...] = ()
    """Meanings of whole numbers; where there are any, only these are allowed."""
    act: Callable[[float], None] | None = None
    """Puts a value into force; None: it only tells."""

    @property
    def kind(self) -> int:
        """MAV_PARAM_TYPE."""
        return INT32 if self.whole else FLOAT

    def problem(self, value: float) -> int:
        """A MAV_PARAM_ERROR where a value may not be; 0 where it may."""
        if self.act is None:
            return READ_ONLY
        if not math.isfinite(value) or not self.least <= value <= self.most:
            return OUT_OF_RANGE
        return OUT_OF_RANGE if self.values and round(value) not in {number for number, _ in self.values} else 0


def packed(value: float, whole: bool) -> float:
    """A value as the float of PARAM_VALUE: bytes of a whole number unchanged."""
    if not whole:
        return float(value)
    (found,) = struct.unpack("<f", struct.pack("<i", round(value)))
    return float(found)


def unpacked(value: float, whole: bool) -> float:
    """The value that a float of PARAM_SET carries."""
    if not whole:
        return float(value)
    (found,) = struct.unpack("<i", struct.pack("<f", value))
    return float(found)


@dataclass
class _Listing:
    """A list that is being sent."""

    to: Sender
    next: int = 0


@dataclass
class Parameters:
    """The service.

    Args:
        table: all parameters; sent in the order of their names.
        may: the authority's word on setting.
        say: tells people why a value was refused.
    """

    table: Sequence[Parameter]
    may: Callable[[Sender, str, int], bool] = lambda sender, what, loi: True
    say: Callable[[int, str], None] = lambda severity, text: None
    values: dict[str, float] = field(default_factory=dict)
    """Those that differ from their defaults."""
    _lists: dict[tuple[int, int], _Listing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.table = sorted(self.table, key=lambda each: each.name)
        self._index = {each.name: number for number, each in enumerate(self.table)}

    def value(self, name: str) -> float:
        """What a parameter is now."""
        return self.values.get(name, self.table[self._index[name]].default)

    def set(self, name: str, value: float) -> int:
        """Put a value into force; returns a MAV_PARAM_ERROR, 0 when it is done."""
        if name not in self._index:
            return NOT_THERE
        parameter = self.table[self._index[name]]
        problem = parameter.problem(value)
        if problem == 0 and parameter.act is not None and value != self.value(name):
            parameter.act(value)
            self.values[name] = float(round(value)) if parameter.whole else value
        return problem

    def hash(self) -> int:
        """Checksum of all names and values, by which a station knows that its copy is good."""
        value = 0
        for each in self.table:
            code = "<i" if each.whole else "<f"
            now = self.value(each.name)
            value = crc32(each.name.encode() + struct.pack(code, round(now) if each.whole else now), value)
        return value

    # --- the service ----------------------------------------------------------------------------------------------

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """Messages of the protocol."""
        if not message.name.startswith("PARAM_") or int(getattr(message, "target_component", 0)) not in (0, AUTOPILOT):
            return
        if message.name == "PARAM_REQUEST_LIST":
            self._lists[sender.system, sender.component] = _Listing(sender)
        elif message.name == "PARAM_REQUEST_READ":
            yield from self._asked(str(message.param_id), int(message.param_index), sender)
        elif message.name == "PARAM_SET":
            yield from self._set(str(message.param_id), message, sender)

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Lists under way, so many values in a turn."""
        share = max(SHARE // max(len(self._lists), 1), 1)
        for speaker, listing in list(self._lists.items()):
            if listing.next == 0:
                yield self._hash_value(listing.to)
            for each in self.table[listing.next : listing.next + share]:
                yield self._told(each, listing.to, Priority.BULK)
            listing.next += share
            if listing.next >= len(self.table):
                del self._lists[speaker]

    # --- answers --------------------------------------------------------------------------------------------------

    def _asked(self, name: str, index: int, sender: Sender) -> Iterator[Outgoing]:
        """One value is asked for, by name or number."""
        if index < 0 and name == HASH:
            yield self._hash_value(sender)
            return
        found = self._index.get(name) if index < 0 else index if index < len(self.table) else None
        if found is None:
            yield self._error(name, index, NOT_THERE, sender)
        else:
            yield self._told(self.table[found], sender)

    def _set(self, name: str, message: Any, sender: Sender) -> Iterator[Outgoing]:
        """A value is to be set: it is told to all as it is now; a refusal says why."""
        if name == HASH:  # a station whose copy is good wants no list
            self._lists.pop((sender.system, sender.component), None)
            return
        if name not in self._index:
            yield self._error(name, -1, NOT_THERE, sender)
            return
        parameter = self.table[self._index[name]]
        value = unpacked(float(message.param_value), parameter.whole)
        problem = 0
        if int(message.param_type) != parameter.kind:
            problem = OUT_OF_RANGE
        elif not self.may(sender, name, FLIGHT):
            problem = DENIED
        problem = problem or self.set(name, value)
        if problem:
            self._explain(parameter, value, problem)
            yield self._error(name, -1, problem, sender)
        yield self._told(parameter, None if problem == 0 else sender)

    def _explain(self, parameter: Parameter, value: float, problem: int) -> None:
        """Say why not."""
        reason = {READ_ONLY: "read-only", DENIED: "not in control", OUT_OF_RANGE: "out of range"}[problem]
        limits = f", {parameter.least:g} to {parameter.most:g} {parameter.unit}".rstrip()
        self.say(4, f"{parameter.name} {value:g}: {reason}{limits if problem == OUT_OF_RANGE else ''}")

    def _told(self, each: Parameter, to: Sender | None, priority: Priority = Priority.ANSWER) -> Outgoing:
        """PARAM_VALUE."""
        fields = {
            "param_id": each.name, "param_value": packed(self.value(each.name), each.whole), "param_type": each.kind,
            "param_count": len(self.table), "param_index": self._index[each.name],
        }  # fmt: skip
        return Outgoing("PARAM_VALUE", fields, to, priority)

    def _hash_value(self, to: Sender) -> Outgoing:
        """The checksum as a value beside the list."""
        (value,) = struct.unpack("<f", struct.pack("<I", self.hash()))
        fields = {
            "param_id": HASH, "param_value": value, "param_type": UINT32, "param_count": len(self.table),
            "param_index": NO_INDEX,
        }  # fmt: skip
        return Outgoing("PARAM_VALUE", fields, to, Priority.ANSWER)

    def _error(self, name: str, index: int, error: int, to: Sender) -> Outgoing:
        """PARAM_ERROR."""
        fields = {
            "target_system": to.system, "target_component": to.component, "param_id": name[:16], "param_index": index,
            "error": error,
        }  # fmt: skip
        return Outgoing("PARAM_ERROR", fields, to, Priority.ANSWER)

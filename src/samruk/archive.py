"""Flights to records and back: what `fly` writes, and what `replay` and `fly --from` read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from samruk import load
from samruk.aircraft import Aircraft
from samruk.errors import InputError, RecordError
from samruk.leaves import flatten, unflatten
from samruk.mission import Clock, Conditions, Crew, Links, Loading, Rules, Runway, Tables, Task
from samruk.record import FlightRecord, Recording
from samruk.verdict.catalogue import Inputs
from samruk.verdict.outcome import Cause, Event, Fix, Verdict


@dataclass(frozen=True)
class FlightPlan:
    """One flight as a record gives it back; the same fields as `load.FlightPlan` that flying needs."""

    name: str
    note: str
    task: Task
    aircraft: Aircraft
    tables: Tables


@dataclass(frozen=True)
class Plan:
    """A recorded mission; the same fields as `load.MissionPlan` that flying needs."""

    title: str
    name: str
    subtitle: str
    fields: tuple[str, ...]
    flights: tuple[FlightPlan, ...]
    rates: dict[str, float]
    sources: dict[str, bytes]
    hashes: dict[str, str]


def recording(
    plan: Any, inputs: Sequence[Inputs], frames: Sequence[dict[str, np.ndarray[Any, Any]]], ledgers: Sequence[Any],
    verdicts: Sequence[Verdict], provenance: dict[str, Any],
) -> Recording:
    """A record of flights as flown and judged.

    Args:
        plan: the mission they belong to.
        inputs: what each flew with.
        frames: recorded fields of each.
        ledgers: of each.
        verdicts: of each.
        provenance: versions, hashes, seeds, engine.
    """
    flights = tuple(
        FlightRecord(
            name=one.name,
            note=one.note,
            epoch=float(lane.task.clock.epoch),
            inputs={"task": flatten(lane.task), "aircraft": flatten(lane.aircraft)},
            tables=_tables(lane.tables, inputs[0].tables if number else None),
            names=tuple(recorded),
            frames=np.stack(list(recorded.values()), axis=1),
            ticks=np.rint(recorded["time"]).astype(np.int64),
            ledger=flatten(ledger),
            verdict=asdict(verdict),
        )
        for number, (one, lane, recorded, ledger, verdict) in enumerate(
            zip(plan.flights, inputs, frames, ledgers, verdicts, strict=True)
        )
    )
    details = {
        "name": plan.name, "subtitle": plan.subtitle, "fields": list(plan.fields), "rates": plan.rates,
        "hashes": plan.hashes,
    }  # fmt: skip
    return Recording(plan.title, flights, provenance, plan.sources, details)


SHARED = "ground."
"""Tables that only the first flight of a record holds: all share them, and terrain is large."""


def _tables(tables: Tables, first: Tables | None) -> dict[str, np.ndarray[Any, Any]]:
    """Tables by dotted name; those of the ground only where there is no first flight that has them."""
    if first is not None and first.ground is not tables.ground:
        first = None
    return {
        name: np.asarray(table)
        for name, table in flatten(tables).items() if first is None or not name.startswith(SHARED)
    }  # fmt: skip


def plan(kept: Recording) -> Plan:
    """The mission of a record, ready to be flown again.

    Raises:
        RecordError: the record was made by a version with other inputs.
    """
    details = kept.details
    try:
        shared = {name: table for name, table in kept.flights[0].tables.items() if name.startswith(SHARED)}
        first = unflatten(Tables(), {**flatten(Tables()), **shared})
        flights = tuple(_flight(flight, first) for flight in kept.flights)
        return Plan(
            kept.title, details["name"], details["subtitle"], tuple(details["fields"]), flights, details["rates"],
            kept.sources, details["hashes"],
        )  # fmt: skip
    except (KeyError, TypeError, InputError) as error:
        told = f"the record lacks an input that this version needs ({error}): fly its mission anew"
        raise RecordError(told) from None


def _flight(flight: FlightRecord, first: Tables) -> FlightPlan:
    """One flight's inputs as they were; the ground is the first flight's where it has none of its own."""
    tables = unflatten(Tables(), {**flatten(first), **flight.tables})
    if not any(name.startswith(SHARED) for name in flight.tables):
        tables = replace(tables, ground=first.ground)
    field = Runway()
    blank = Task(Clock(), Loading(), Conditions(), Links(), Crew(), Rules(), field, field, field)
    return FlightPlan(
        flight.name,
        flight.note,
        unflatten(blank, flight.inputs["task"]),
        unflatten(load.aircraft("anka").aircraft, flight.inputs["aircraft"]),
        tables,
    )


def verdict(flight: FlightRecord) -> Verdict:
    """The verdict as it was recorded.

    Raises:
        RecordError: the record was made by a version with other verdicts.
    """
    kept = dict(flight.verdict)
    try:
        kept["events"] = tuple(Event(**event) for event in kept["events"])
        kept["causes"] = tuple(Cause(**cause) for cause in kept["causes"])
        kept["fixes"] = tuple(Fix(**fix) for fix in kept["fixes"])
        return Verdict(**kept)
    except (KeyError, TypeError) as error:
        raise RecordError(f"the record's verdict is of another version ({error}): fly it again with --from") from None


def frames(flight: FlightRecord) -> dict[str, np.ndarray[Any, Any]]:
    """Recorded fields over time."""
    return {name: flight.frames[:, k] for k, name in enumerate(flight.names)}


def differences(kept: FlightRecord, flown: dict[str, np.ndarray[Any, Any]]) -> int:
    """How many recorded numbers differ, bit for bit, from a flight flown again."""
    if set(kept.names) != set(flown):
        return int(kept.frames.size)
    again = np.stack([flown[name] for name in kept.names], axis=1)
    if again.shape != kept.frames.shape:
        return int(max(again.size, kept.frames.size))
    return int(np.sum(again.view(np.int64) != kept.frames.view(np.int64)))

"""From a flight as flown to the numbers that its pictures are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from samruk.aircraft import Aircraft
from samruk.lazy import jax, jnp
from samruk.messages import Mode
from samruk.mission import Cloud, Runway, Tables, Task
from samruk.terrain_file import Grid
from samruk.units import ZERO_CELSIUS
from samruk.verdict.catalogue import Inputs
from samruk.verdict.map import Aerodrome, Antenna, CloudFootprint, MissionMap, Place
from samruk.verdict.outcome import Verdict
from samruk.verdict.picture import Extreme, Span, StripFlight
from samruk.verdict.wording import fine_up
from samruk.weather.cloud import presence

Frames = dict[str, np.ndarray[Any, Any]]

ALONE = {Mode.LOST_LINK, Mode.ESCAPE, Mode.GO_AROUND, Mode.GLIDE, Mode.DIVERT}
"""Modes that the aircraft begins by itself."""
GROUND_MODES = {Mode.PREFLIGHT, Mode.LINE_UP, Mode.ROLL_OUT, Mode.STOPPED, Mode.REFUSED}


def strip_flight(
    name: str, note: str, verdict: Verdict, frames: Frames, inputs: Inputs, reserve_kg: float
) -> StripFlight:
    """One flight for the strip.

    Args:
        name: of the flight.
        note: what differs.
        verdict: its verdict.
        frames: its recorded fields.
        inputs: what it flew with.
        reserve_kg: fuel that must be left at landing.
    """
    epoch = float(inputs.task.clock.epoch)
    common: dict[str, Any] = {
        "name": name,
        "note": note,
        "outcome": verdict.outcome,
        "duration": 3600.0 * verdict.duration_h,
        "fix": _fix(verdict),
        "events": verdict.events,
        "reserve": reserve_kg,
        "fuel_capacity": float(inputs.aircraft.mass.fuel_capacity),
        "extremes": _extremes(verdict),
        "lost": _lost(verdict),
    }
    if verdict.outcome == "refused" or len(frames["time"]) < 2:
        return StripFlight(**common)
    return StripFlight(**common, **_series(frames, inputs, epoch), **_limits(inputs.aircraft))


def _extremes(verdict: Verdict) -> dict[str, Extreme]:
    """Extremes that the ledger knows more finely than the frames, without their times."""
    known = (("ice", "ice_most_kg", 1.0), ("stall_margin", "stall_margin_pct", 0.01),
             ("link_margin_db", "link_margin_db", 1.0))  # fmt: skip
    found = {name: (verdict.margins.get(key), factor) for name, key, factor in known}
    return {name: Extreme(factor * value, float("nan")) for name, (value, factor) in found.items() if value is not None}


def _lost(verdict: Verdict) -> tuple[float, int] | None:
    """s without link, and in how many gaps; None where nothing is known."""
    seconds = verdict.margins.get("link_lost_s")
    return None if seconds is None else (float(seconds), int(verdict.margins["link_gaps"]))


def _fix(verdict: Verdict) -> str:
    """The cheapest fix in a few words; for a completed flight what it had to spare."""
    if verdict.fixes:
        first = verdict.fixes[0]
        return f"cheapest fix: {first.text} ({fine_up(first.cost_kg)} kg of fuel)"
    spare = verdict.margins.get("fuel_over_reserve_kg")
    if verdict.outcome == "completed" and spare is not None and spare > 0.0:
        return f"{np.floor(spare):.0f} kg of fuel left over the reserve"
    return "no single change found that turns it" if verdict.unexplained else ""


def _limits(aircraft: Aircraft) -> dict[str, Any]:
    """Temperature limits, degC."""
    t = aircraft.thermal
    return {
        "bay_limits_c": (t.bay_limit_low - ZERO_CELSIUS, t.bay_limit_high - ZERO_CELSIUS),
        "fuel_limit_c": t.fuel_freezing - ZERO_CELSIUS,
    }


def _series(f: Frames, inputs: Inputs, epoch: float) -> dict[str, Any]:
    """All series of the strip."""
    base, top = _cloud_here(f, inputs.task)
    airborne = (f["on_ground"] == 0.0) & ~np.isin(f["mode"], [m.value for m in GROUND_MODES])
    return {
        "time": epoch + f["time"],
        "height": f["height"],
        "ground": f["ground"],
        "cloud_base": base,
        "cloud_top": top,
        "cloud_icing": np.isfinite(base).astype(float),
        "freezing_level": _freezing_level(f["ground"], inputs.task, inputs.tables),
        "ice": f["ice"],
        "protection_on": f["protection"],
        "stall_margin": np.where(airborne & (f["height"] - f["ground"] > 30.0), f["stall_margin"], np.nan),
        "los_margin_db": f["los_margin"],
        "satellite_margin_db": np.where(f["satellite_margin"] > -29.0, f["satellite_margin"], np.nan),
        "link_up": f["link_up"],
        "fuel": f["fuel"],
        "bingo": np.where(airborne, f["bingo"], np.nan),
        "bay_c": f["bay_temperature"] - ZERO_CELSIUS,
        "fuel_c": f["fuel_temperature"] - ZERO_CELSIUS,
        "outside_c": f["temperature"] - ZERO_CELSIUS,
        "mode": f["mode"],
        "automatic": np.isin(f["mode"], [m.value for m in ALONE]).astype(float),
        "commanders": _commanders(epoch + f["time"], f["link_up"]),
        "latitude": f["latitude"],
        "longitude": f["longitude"],
        "sun_elevation": f["sun_elevation"],
    }


def _commanders(time: np.ndarray[Any, Any], link_up: np.ndarray[Any, Any]) -> tuple[Span, ...]:
    """The one station of a mission commands while the link holds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0.0], (link_up > 0.5).astype(float), [0.0]))))
    last = len(time) - 1
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    return tuple(
        Span(float(time[a]), float(time[min(int(b), last)]), "S1") for a, b in pairs
    )


def _clouds(task: Task) -> list[Cloud]:
    """The layers that hold water."""
    c = task.conditions
    return [x for x in (c.cloud_a, c.cloud_b, c.cloud_c) if x.water > 0.0 and c.cloud_scale > 0.0]


def _cloud_here(f: Frames, task: Task) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Foot and top of the cloud above, below or around the aircraft, m; NaN where there is none."""
    base, top = np.full(len(f["time"]), np.nan), np.full(len(f["time"]), np.nan)
    with jax.enable_x64(True):
        for cloud in _clouds(task):
            middle = jnp.full(len(f["time"]), 0.5 * (cloud.base + cloud.top))
            part = presence(cloud, jnp.asarray(f["latitude"]), jnp.asarray(f["longitude"]), middle,
                            jnp.asarray(f["time"]))  # fmt: skip
            here = np.asarray(part) > 0.5
            base = np.where(here, np.fmin(base, cloud.base), base)
            top = np.where(here, np.fmax(top, cloud.top), top)
    return base, top


def _freezing_level(ground: np.ndarray[Any, Any], task: Task, tables: Tables) -> np.ndarray[Any, Any]:
    """Height of 0 degC in the column, m; the ground where all of it is colder."""
    height = np.asarray(tables.profile.height, float)
    above = np.asarray(tables.profile.temperature, float) + task.conditions.temperature_offset - ZERO_CELSIUS
    crossing = np.flatnonzero((above[:-1] > 0.0) & (above[1:] <= 0.0))
    if not crossing.size:
        return np.full(len(ground), np.nan)
    k = int(crossing[-1])
    level = height[k] + (height[k + 1] - height[k]) * above[k] / (above[k] - above[k + 1])
    return np.full(len(ground), level)


def mission_map(title: str, inputs: Inputs, names: Sequence[str]) -> MissionMap:
    """What a mission states about places.

    Args:
        title: of the map.
        inputs: of the flight that has the weather.
        names: of home and alternates.
    """
    task, route = inputs.task, inputs.tables.route
    fields = [(task.home, True), (task.alternate_a, False), (task.alternate_b, False)]
    used = [(runway, home) for runway, home in fields if runway.usable]
    legs, lost = int(task.legs), int(task.lost_link_legs)
    rows = len(route.latitude)
    cruise = float(np.max(route.altitude[:legs])) if legs else 3000.0
    links = task.links
    return MissionMap(
        title=title,
        route=_places(route, range(legs)),
        lost_link=_places(route, range(rows - lost, rows)),
        aerodromes=tuple(_aerodrome(n, r, h) for n, (r, h) in zip(names, used, strict=False)),
        antennas=(
            Antenna("antenna", links.latitude, links.longitude, links.antenna_height, links.elevation, (cruise,)),
        ),
        clouds=tuple(_footprint(c, float(task.clock.epoch)) for c in _clouds(task)),
        relief=terrain(inputs),
    )


def terrain(inputs: Inputs) -> Grid | None:
    """The terrain that a flight was flown over; None where the mission names none."""
    tile = inputs.task.tile
    if not tile.given:
        return None
    posts = np.asarray(inputs.tables.ground.posts).reshape(int(tile.rows), int(tile.columns))
    return Grid(posts, tile.north, tile.west, tile.spacing_latitude, tile.spacing_longitude)


def _places(route: Any, rows: range) -> tuple[Place, ...]:
    """Rows of a route as places, numbered."""
    return tuple(Place(str(k + 1), float(route.latitude[r]), float(route.longitude[r])) for k, r in enumerate(rows))


def _aerodrome(name: str, runway: Runway, home: bool) -> Aerodrome:
    """A runway for the map."""
    return Aerodrome(name, runway.latitude, runway.longitude, runway.heading, runway.length, home)


def _footprint(cloud: Cloud, epoch: float) -> CloudFootprint:
    """A cloud for the map."""
    always = cloud.start <= 0.0 and cloud.end >= 1e8
    nan = float("nan")
    return CloudFootprint(
        cloud.latitude, cloud.longitude, cloud.bearing, cloud.half_length, cloud.half_width, cloud.base, cloud.top,
        nan if always else epoch + cloud.start, nan if always else epoch + cloud.end,
    )  # fmt: skip

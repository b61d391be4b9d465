"""The description of a check case: one TOML file, units in its keys (`docs/nesc.md`)."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from samruk import units
from samruk.errors import InputError

EARTHS = ("wgs84-j2", "sphere-rotating", "sphere-fixed")
ROLES = ("aero", "inertia", "prop", "control", "gnc")
DEVIATIONS = ("zero", "integral")
FRAMES = {"inertial_rates": "inertial", "earth_rates": "earth", "ned_rates": "ned"}
GATES = {
    "altitude": ("altitudeMsl_ft",), "latitude": ("latitude_deg",), "longitude": ("longitude_deg",),
    "velocity": ("feVelocity_ft_s_X", "feVelocity_ft_s_Y", "feVelocity_ft_s_Z"),
    "euler": ("eulerAngle_deg_Roll", "eulerAngle_deg_Pitch", "eulerAngle_deg_Yaw"),
    "roll": ("eulerAngle_deg_Roll",), "pitch": ("eulerAngle_deg_Pitch",), "yaw": ("eulerAngle_deg_Yaw",),
    "rates": tuple(f"bodyAngularRateWrtEi_deg_s_{axis}" for axis in ("Roll", "Pitch", "Yaw")),
}  # fmt: skip
"""What a gate holds: columns of the trajectory."""
GATE_UNITS = {"altitude": "ft", "velocity": "ft_s", "rates": "deg_s"}
"""Unit of those gates that are not in degrees."""
SUFFIXES = {
    "ft_s": units.FOOT, "m_s": 1.0, "deg_s": units.DEGREE, "rad_s": 1.0, "ft": units.FOOT, "m": 1.0,
    "deg": units.DEGREE, "rad": 1.0, "s": 1.0,
}  # fmt: skip
MOST = 64


@dataclass(frozen=True)
class Step:
    """An input that takes a value at a time and keeps it."""

    time: float
    """s."""
    name: str
    value: float
    """In the units of the model's input."""
    relative: bool = False
    """Whether it is added to the input's value at time 0."""


@dataclass(frozen=True)
class Gate:
    """A largest difference."""

    name: str
    columns: tuple[str, ...]
    limit: float
    """In the unit of the columns."""
    unit: str


@dataclass(frozen=True)
class Case:
    """One case, SI and radians."""

    number: str
    title: str
    models: dict[str, str]
    """Role -> file."""
    earth: str
    wind: tuple[tuple[float, float, float, float], ...]
    """Height (m), then the air's velocity to north, east and down (m/s), by rising height."""
    latitude: float
    longitude: float
    height: float
    v_ned: tuple[float, float, float]
    euler: tuple[float, float, float]
    """Roll, pitch, yaw, rad."""
    rates: tuple[float, float, float]
    rates_frame: str
    """What the rates are relative to: `inertial` space, the `earth` or the local `ned` axes."""
    trim: bool
    inputs: tuple[Step, ...]
    lateral_deviation: str
    duration: float
    trajectory: str | None
    gates: tuple[Gate, ...]
    gates_until: float
    """s up to which the gates hold."""
    gates_every: float
    """s between the times at which they hold, from 0; 0 for every row of the trajectory."""
    held: dict[str, float]
    """Outputs of the models that are held at a value."""


def read(text: str, place: str, number: str) -> Case:
    """A case from the text of its file.

    Raises:
        InputError: no TOML, a key that is missing or unknown, or a value that is not allowed; one line says which.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"is no TOML: {error}", place) from None
    return _Reader(table, place).case(number)


class _Reader:
    """Reads one table, and complains at a key."""

    def __init__(self, table: Mapping[str, Any], place: str) -> None:
        self.table, self.place = dict(table), place
        self.used: set[str] = set()

    def case(self, number: str) -> Case:
        """The whole."""
        start = self._part("initial")
        frame, rates = self._rates(start)
        found = Case(
            number=number,
            title=str(self._take("title")),
            models=self._models(),
            earth=self._choice("earth", EARTHS, EARTHS[0]),
            wind=self._wind(),
            latitude=start._quantity(("latitude", "lat"), ("deg", "rad")),
            longitude=start._quantity(("longitude", "lon"), ("deg", "rad")),
            height=start._quantity(("height", "altitude"), ("ft", "m")),
            v_ned=start._triple(("v_ned",), ("ft_s", "m_s"), (0.0, 0.0, 0.0)),
            euler=start._triple(("euler",), ("deg", "rad"), (0.0, 0.0, 0.0)),
            rates=rates,
            rates_frame=frame,
            trim=bool(start._take("trim", False)),
            inputs=self._inputs(),
            lateral_deviation=self._choice("lateral_deviation", DEVIATIONS, DEVIATIONS[0]),
            duration=self._quantity(("duration",), ("s",)),
            trajectory=self._trajectory(),
            **self._gates(),
            held={str(name): float(value) for name, value in dict(self._take("held", {})).items()},
        )
        start._finish()
        self._finish()
        if not 0.0 < found.duration <= 3600.0:
            self._fail(f"duration_s = {found.duration:g}: allowed are more than 0 s and at most 3600 s")
        return found

    def _fail(self, text: str) -> Any:
        raise InputError(text, self.place, "See docs/nesc.md.")

    def _take(self, key: str, default: Any = None) -> Any:
        self.used.add(key)
        if key not in self.table and default is None:
            self._fail(f"{key} is missing")
        return self.table.get(key, default)

    def _part(self, key: str) -> _Reader:
        part = self._take(key)
        if not isinstance(part, dict):
            self._fail(f"{key} is no table")
        return _Reader(part, f"{self.place}, {key}")

    def _finish(self) -> None:
        unknown = sorted(set(self.table) - self.used)
        if unknown:
            self._fail(f"{unknown[0]} is an unknown key; known here: {', '.join(sorted(self.used))}")

    def _choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self._take(key, default)
        if value not in allowed:
            self._fail(f"{key} = {value!r}: allowed are {', '.join(allowed)}")
        return str(value)

    def _found(self, names: tuple[str, ...], suffixes: tuple[str, ...]) -> tuple[str, str] | None:
        """The key that is there of a quantity, and its unit."""
        keys = [(f"{name}_{suffix}", suffix) for name in names for suffix in suffixes]
        self.used.update(key for key, _ in keys)
        there = [pair for pair in keys if pair[0] in self.table]
        if len(there) > 1:
            self._fail(f"{there[0][0]} and {there[1][0]} say the same; keep one")
        return there[0] if there else None

    def _number(self, key: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            self._fail(f"{key} holds {value!r}, not a number")
        return float(value)

    def _quantity(self, names: tuple[str, ...], suffixes: tuple[str, ...]) -> float:
        found = self._found(names, suffixes)
        if found is None:
            self._fail(f"{names[0]}_{suffixes[0]} is missing")
            raise AssertionError
        return self._number(found[0], self.table[found[0]]) * SUFFIXES[found[1]]

    def _triple(self, names: tuple[str, ...], suffixes: tuple[str, ...], default: Any) -> Any:
        found = self._found(names, suffixes)
        if found is None:
            return default
        value = self.table[found[0]]
        if not isinstance(value, list) or len(value) != 3:
            self._fail(f"{found[0]} holds {value!r}, not three numbers")
        return tuple(self._number(found[0], part) * SUFFIXES[found[1]] for part in value)

    def _rates(self, start: _Reader) -> tuple[str, tuple[float, float, float]]:
        given = [(frame, start._triple((key,), ("deg_s", "rad_s"), None)) for key, frame in FRAMES.items()]
        there = [(frame, value) for frame, value in given if value is not None]
        if len(there) > 1:
            self._fail("initial rates are given twice; keep one of inertial_rates, earth_rates and ned_rates")
        return there[0] if there else ("inertial", (0.0, 0.0, 0.0))

    def _models(self) -> dict[str, str]:
        models = self._take("models")
        if not isinstance(models, dict) or "inertia" not in models:
            self._fail("models names no inertia file")
        for role, file in models.items():
            if role not in ROLES or not isinstance(file, str):
                self._fail(f"models.{role} = {file!r}: roles are {', '.join(ROLES)}, each a file")
        if "control" in models and "gnc" in models:
            self._fail("models names control and gnc; one of the two flies")
        return dict(models)

    def _rows(self, key: str) -> list[_Reader]:
        rows = self._take(key, [])
        if not isinstance(rows, list) or len(rows) > MOST or not all(isinstance(row, dict) for row in rows):
            self._fail(f"{key} is no list of at most {MOST} tables")
        return [_Reader(row, f"{self.place}, {key} {k + 1}") for k, row in enumerate(rows)]

    def _wind(self) -> tuple[tuple[float, float, float, float], ...]:
        found = []
        for row in self._rows("wind"):
            height = row._quantity(("height", "altitude"), ("ft", "m"))
            parts = [row._speed(name) for name in ("north", "east", "down")]
            row._finish()
            found.append((height, parts[0], parts[1], parts[2]))
        if any(b[0] <= a[0] for a, b in pairwise(found)):
            self._fail("wind rows do not rise in height")
        return tuple(found)

    def _speed(self, name: str) -> float:
        found = self._found((name,), ("ft_s", "m_s"))
        return 0.0 if found is None else self._number(found[0], self.table[found[0]]) * SUFFIXES[found[1]]

    def _inputs(self) -> tuple[Step, ...]:
        found = []
        for row in self._rows("inputs"):
            key = "change" if "change" in row.table else "value"
            value = row._number(key, row._take(key))
            found.append(Step(row._quantity(("time",), ("s",)), str(row._take("name")), value, key == "change"))
            row._finish()
        return tuple(sorted(found, key=lambda step: step.time))

    def _trajectory(self) -> str | None:
        value = self._take("trajectory", {})
        if isinstance(value, dict):
            value = value.get("file")
        if value is not None and not isinstance(value, str):
            self._fail(f"trajectory = {value!r}: a file is wanted")
        return None if value is None else str(value)

    def _gates(self) -> dict[str, Any]:
        table = dict(self._take("gates", {}))
        until = self._number("gates.until_s", table.pop("until_s", 3600.0))
        every = self._number("gates.every_s", table.pop("every_s", 1.0))
        gates = []
        for key, limit in table.items():
            name, _, unit = str(key).partition("_")
            if name not in GATES or unit != GATE_UNITS.get(name, "deg"):
                known = ", ".join(f"{n}_{GATE_UNITS.get(n, 'deg')}" for n in GATES)
                self._fail(f"gates.{key} is not known; known are {known}, until_s, every_s")
            gates.append(Gate(name, GATES[name], self._number(f"gates.{key}", limit), unit))
        return {"gates": tuple(gates), "gates_until": until, "gates_every": every}

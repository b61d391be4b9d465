"""Trims and modes as people read them in a terminal, and as programs do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from samruk.handling import LIMITS, Certificate, Condition, Linear, Mode
from samruk.handling.modes import as_json as mode_as_json
from samruk.handling.textbook import closed_forms

KNOT = 1852.0 / 3600.0
MINUS = "\u2212"


def trim_lines(condition: Condition, found: Certificate, k: int = 0) -> list[str]:
    """One steady flight: the answer first, then its numbers, then what is left of each limit."""
    kept = bool(found.certified[k])
    answer = "Certified: in balance, within every limit." if kept else f"Cannot be flown: {found.limit[k]}."
    lines = [answer, _asked(condition, found, k)]
    if not found.converged[k]:
        return lines
    lines += [""] + [f"  {name:<18}{value}" for name, value in _numbers(found, k)]
    lines += ["", "  Left of each limit"]
    for name, margin in zip(LIMITS, found.margins[k], strict=True):
        lines.append(f"    {name:<24}{_plain(100.0 * float(margin), '.1f'):>7} %")
    worst = float(np.max(np.abs(found.residual[k])))
    return [*lines, "", f"  Residual {worst:.1e} of weight; error of the angles below {float(found.error[k]):.1e} rad."]


def _asked(condition: Condition, found: Certificate, k: int) -> str:
    V, cas = float(found.airspeed[k]), float(found.airspeed_calibrated[k]) / KNOT
    mass, height, offset = (float(np.atleast_1d(v)[0]) for v in (condition.mass, condition.height, condition.offset))
    day = "standard day" if offset == 0.0 else f"standard day {_plain(offset, '+.0f')} K"
    return f"{mass:.0f} kg at {height:.0f} m, {day}, {V:.1f} m/s true, {cas:.0f} kt calibrated."


def _numbers(found: Certificate, k: int) -> list[tuple[str, str]]:
    angles = ("alpha", "beta", "phi", "theta", "delta_e", "delta_a", "delta_r")
    rows = [(name, f"{_plain(math.degrees(float(getattr(found, name)[k])), '.2f'):>9} \u00b0") for name in angles]

    def one(name: str) -> float:
        return float(getattr(found, name)[k])

    plain = (
        ("turn rate", math.degrees(one("turn_rate")), ".2f", "\u00b0/s"),
        ("power lever", 100.0 * one("delta_t"), ".1f", "%"),
        ("shaft power", 1e-3 * one("shaft_power"), ".1f", "kW"),
        ("power available", 1e-3 * one("power_available"), ".1f", "kW"),
        ("thrust", one("thrust"), ".0f", "N"),
        ("fuel flow", 3600.0 * one("fuel_flow"), ".2f", "kg/h"),
        ("C_L", one("C_L"), ".3f", ""),
        ("C_D", one("C_D"), ".4f", ""),
        ("load factor", one("load_factor"), ".3f", ""),
        ("coolant, cooled", one("coolant") - 273.15, ".0f", "\u00b0C in the long run, thermostat open"),
    )
    return rows + [(name, f"{_plain(value, form):>9} {unit}".rstrip()) for name, value, form, unit in plain]


def _plain(value: float, form: str) -> str:
    """A number with a true minus; "?" for none."""
    return "?" if math.isnan(value) else f"{value:{form}}".replace("-", MINUS)


def trim_json(found: Certificate, k: int = 0) -> dict[str, Any]:
    """One certificate for programs, SI and radians; what is not known is null."""
    out: dict[str, Any] = {}
    for name, value in vars(found).items():
        one = value[k]
        if name == "margins":
            out[name] = {limit: _finite(float(m)) for limit, m in zip(LIMITS, one, strict=True)}
        elif name == "residual":
            out[name] = [_finite(float(r)) for r in one]
        else:
            out[name] = one if isinstance(one, str) else bool(one) if isinstance(one, np.bool_) else _finite(float(one))
    return out


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def modes_lines(found: list[Mode], linear: Linear) -> list[str]:
    """The modes as a table, each beside its closed form."""
    book = closed_forms(linear)
    head = f"  {'mode':<16}{'root, 1/s':>22}{'rad/s':>9}{'damping':>9}{'period':>9}   {'amplitude':<18}closed form, 1/s"
    lines = [head]
    for mode in found:
        form = _root(book[mode.name]) if mode.name in book else ""
        lines.append(
            f"  {mode.name:<16}{_root(mode.root):>22}{mode.frequency:>9.4f}{_plain(mode.damping, '.3f'):>9}"
            f"{f'{mode.period:.1f} s' if mode.oscillates else '':>9}   {_times(mode):<18}{form}".rstrip()
        )
    return lines


def _root(root: complex) -> str:
    pair = f" \u00b1 {abs(root.imag):.4f}i" if root.imag else ""
    return f"{_plain(root.real, '.4f')}{pair}"


def _times(mode: Mode) -> str:
    """Half or double, in seconds."""
    if not math.isfinite(mode.half_time):
        return "stays"
    return f"{'half' if mode.half_time > 0 else 'double'} in {abs(mode.half_time):.1f} s"


def modes_json(found: list[Mode], linear: Linear) -> dict[str, Any]:
    """Modes, closed forms and the whole linear model for programs."""
    forms = {name: [root.real, root.imag] for name, root in closed_forms(linear).items()}
    matrices = {name: getattr(linear, name).tolist() for name in ("A", "B", "C", "D", "x", "u", "y")}
    names = {"states": linear.states, "inputs": linear.inputs, "outputs": linear.outputs}
    return {"modes": [mode_as_json(mode) for mode in found], "closed_forms_per_s": forms, **names, **matrices}

"""Writes the pictures and figures of `docs/models/`: each model beside data from outside.

    python tools/write_models.py        some seconds; flies nothing

The words of the pages are their own; between `<!-- made: NAME -->` and `<!-- end -->` stands what was made here.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import jax
import numpy as np
from tests.unit.test_plant_propulsion import TABLE
from write_docs import fill, table, themed

from samruk import earth, load
from samruk.mission import Conditions, Profile
from samruk.plant import heat as heat_nodes
from samruk.plant import ice, power, propulsion, wet
from samruk.plant.state import Motor
from samruk.radio import propagation
from samruk.units import FOOT, HORSEPOWER, ZERO_CELSIUS
from samruk.verdict.paper import Figure, Paper
from samruk.verify import air, boots, calibration, icing, warmth, waves, winds
from samruk.verify import wet as wet_checks
from samruk.weather import cloud, course, days, handbook, rain, standard_profile, sun, turbulence, wind
from samruk.weather import light as lights

PAGES = Path(__file__).resolve().parent.parent / "docs" / "models"
ANKA = load.aircraft("anka")
WIDTH, LEFT, RIGHT, TOP, TALL = 720, 56.0, 560.0, 66.0, 300.0

Values = Sequence[float] | np.ndarray[Any, np.dtype[Any]]


# Pictures -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """Name, unit, ticks from one end to the other."""

    name: str
    unit: str
    ticks: Sequence[float]
    log: bool = False

    def part(self, values: Values) -> Any:
        """0 at the first tick, 1 at the last."""
        v, ends = np.asarray(values, dtype=np.float64), np.array([self.ticks[0], self.ticks[-1]])
        if self.log:
            v, ends = np.log(v), np.log(ends)
        return (v - ends[0]) / (ends[1] - ends[0])


@dataclass(frozen=True)
class Line:
    """Ours: a curve with its name at its right end."""

    name: str
    x: Values
    y: Values
    ink: str = "ink"
    dash: str = ""
    weight: float = 1.6


@dataclass(frozen=True)
class Dots:
    """Theirs."""

    x: Values
    y: Values
    ink: str = "water"


def plot(key: str, title: str, about: str, x: Axis, y: Axis, parts: Sequence[Line | Dots]) -> Figure:
    """One picture: rules, curves, dots, names."""
    paper = Paper(WIDTH, key)
    paper.text(LEFT, 18.0, title, size=15.0, bold=True)
    paper.dot(LEFT + 3.0, 33.0, "water", 3.0)
    paper.text(LEFT + 12.0, 36.5, about, "ink2")
    for value in x.ticks:
        at = float(_x(x, [value])[0])
        paper.line(at, TOP, at, TOP + TALL, "rule", 0.6)
        paper.text(at, TOP + TALL + 14.0, said(value), "ink3", anchor="m")
    for value in y.ticks:
        at = float(_y(y, [value])[0])
        paper.line(LEFT, at, RIGHT, at, "rule", 0.6)
        paper.text(LEFT - 7.0, at + 4.0, said(value), "ink3", anchor="e")
    paper.text(LEFT, TOP + TALL + 33.0, f"{x.name}, {x.unit}" if x.unit else x.name, "ink2")
    paper.text(LEFT, TOP - 9.0, f"{y.name}, {y.unit}" if y.unit else y.name, "ink2")
    lines = [part for part in parts if isinstance(part, Line)]
    for line in lines:
        paper.curve(_x(x, line.x), _y(y, line.y), line.ink, line.weight, line.dash)
    for part in parts:
        if isinstance(part, Dots):
            for px, py in zip(_x(x, part.x), _y(y, part.y), strict=True):
                paper.dot(float(px), float(py), part.ink, 2.8)
    _names(paper, x, y, [line for line in lines if line.name])
    return paper.figure(TOP + TALL + 44.0, title, f"{title}. {about}")


def _x(axis: Axis, values: Values) -> Any:
    return LEFT + (RIGHT - LEFT) * axis.part(values)


def _y(axis: Axis, values: Values) -> Any:
    return TOP + TALL * (1.0 - axis.part(values))


def _names(paper: Paper, x: Axis, y: Axis, lines: Sequence[Line]) -> None:
    """Names right of the plot at the height of the curves' ends, pushed apart."""
    wanted = sorted((float(_y(y, [line.y[-1]])[0]), line.name, line.ink) for line in lines)
    at = -math.inf
    for height, name, ink in wanted:
        at = max(height + 4.0, at + 14.0)
        paper.text(RIGHT + 9.0, at, name, "ink" if ink == "ink" else "ink2")


def said(value: float) -> str:
    """A tick with a true minus and thin thousands."""
    return f"{value:g}".replace("-", "\u2212") if abs(value) < 1e4 else f"{value:,.0f}".replace(",", "\u2009")


def shown(name: str, alt: str, figure: Figure) -> str:
    """Write both themes; the words that show them."""
    for theme in ("light", "dark"):
        (PAGES / f"{name}-{theme}.svg").write_text(figure.standalone(theme), encoding="utf-8")
    return themed(name, alt)


def errors(rows: Sequence[tuple[str, str, str]]) -> str:
    """The table of errors."""
    return table("| against | number of values | error |\n|---|--:|---|", rows)


def spreads(*groups: str) -> str:
    """What the aircraft declares as uncertain."""
    rows = [
        (f"`{path}`", f"{said(round(s.spread * 100.0, 2))} %", s.grade, s.source)
        for path, s in ANKA.sources.items() if path.split(".")[0] in groups and s.spread >= 0.03
    ]  # fmt: skip
    head = "| number of `anka` | one standard deviation | grade | from |\n|---|--:|---|---|"
    return table(head, rows)


def percent(part: float) -> str:
    """A part of the whole, two figures."""
    if part >= 1.0:
        return f"{100.0 * part:.0f} %"
    return f"{100.0 * part:.2g} %" if part >= 1e-6 else f"{100.0 * part:.5f} %"


def power_of_ten(value: float) -> str:
    """A tiny number: rounding of the machine."""
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}·10<sup>{int(exponent)}</sup>".replace("-", "\u2212")


# Models ---------------------------------------------------------------------------------------------------------------


def profiles() -> str:
    """Handbook profiles: density from temperature alone."""
    heights, miss = handbook.STEP * np.arange(11.0), []
    parts: list[Line | Dots] = []
    for k, name in enumerate(("hot-5km-1", "cold-5km-1", "hot-10km-1", "cold-10km-1")):
        column, theirs = standard_profile(name), np.array(handbook.PROFILES[name][1])
        ours = np.exp(column.log_pressure) / (earth.GAS_CONSTANT * column.temperature)
        standard = [float(earth.standard_atmosphere(h)[2]) for h in column.height]
        low = column.height <= 20000.0
        parts.append(Line(name, column.height[low] / 1e3, (ours / standard)[low], "ink", ("", "5 3")[k // 2]))
        usual = np.array([float(earth.standard_atmosphere(h)[2]) for h in heights])
        parts.append(Dots(heights / 1e3, theirs / usual))
    for name, (_, density) in handbook.PROFILES.items():
        column = standard_profile(name)
        ours = np.interp(heights, column.height, column.log_pressure)
        at = np.interp(heights, column.height, column.temperature)
        miss += list(np.exp(ours) / (earth.GAS_CONSTANT * at) / np.array(density) - 1.0)[1:]
    figure = plot(
        "mair", "Density of extreme columns, over that of the standard day",
        "MIL-HDBK-310 by a public transcription; lines: our sums, of 5 km whole, of 10 km dashed",
        Axis("Height", "km", range(0, 21, 2)), Axis("Density over standard", "", (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)),
        parts,
    )  # fmt: skip
    found = [float(abs(days.day_temperature(d, 0.0) - ZERO_CELSIUS - c)) for d, c in air.DAYS]
    pressure = max(abs(float(earth.standard_atmosphere(row[0])[1]) / row[2] - 1.0) for row in air.US_1976)
    dense = percent(float(np.max(np.abs(miss))))
    rows = [("density, MIL-HDBK-310 profiles (transcribed)", str(len(miss)), f"{dense} at worst"),
            ("pressure, US 1976 by ambiance 1.3.1", str(len(air.US_1976)), f"{percent(pressure)} at worst"),
            ("temperature at sea level, MIL-STD-210A", str(len(found)), f"{max(found):.2f} K at worst")]  # fmt: skip
    return f"{shown('air-profiles', 'Density of extreme columns', figure)}\n\n{errors(rows)}"


def cycles() -> str:
    """The hot day through 24 hours, and one column by day and night."""
    hours = np.linspace(0.0, 24.0, 241)
    parts: list[Line | Dots] = []
    for name in ("hot-dry", "hot-humid", "basic-cold-wet", "basic-cold", "cold"):
        parts.append(Line(name, hours, [handbook.surface(name, h)[0] - ZERO_CELSIUS for h in hours]))
        parts.append(Dots(range(1, 25), handbook.CYCLES[name].celsius))
    figure = plot(
        "mcyc", "Ground cycles", "hours of MIL-HDBK-310 by a public transcription; lines: what a mission gets",
        Axis("Local solar time", "h", range(0, 25, 3)), Axis("Air near the ground", "°C", range(-60, 61, 20)), parts,
    )  # fmt: skip
    first = shown("air-cycles", "Ground cycles over 24 hours", figure)
    parts = []
    for hour in (6.0, 16.0):
        column = standard_profile("hot", ground=300.0, cycle="hot-dry", hour=hour)
        low = (column.height >= 300.0) & (column.height <= 6000.0)
        y = column.height[low] - 300.0
        parts.append(Line("", column.temperature[low] - ZERO_CELSIUS, y / 1e3, "ink", "" if hour > 12.0 else "5 3"))
    z = np.arange(1, 19) * 304.8
    parts.append(Dots(days.day_temperature("hot", z) - ZERO_CELSIUS, (z - 300.0) / 1e3))
    figure = plot(
        "mcol", "The column under hot-dry: 16 h (line), 6 h (dashes)", "hot day of MIL-STD-210A without a cycle",
        Axis("Temperature", "°C", range(-10, 51, 10)), Axis("Above ground at 300 m", "km", range(7)), parts,
    )  # fmt: skip
    return f"{first}\n\n{shown('air-column', 'Column of air by day and by night', figure)}"


def gusts() -> str:
    """Low-altitude lengths and strengths."""
    feet = np.geomspace(20.0, 1000.0, 120)
    near = [turbulence.dryden(h * FOOT, 10.0, 0.0) for h in feet]
    strength = [float(g.sigma_u / g.sigma_w) for g in near]
    heights, lengths, ratios = zip(*air.DRYDEN, strict=True)
    figure = plot(
        "mgust", "Gusts along the wind over vertical ones, near the ground", "MIL-F-8785C 3.7.3, worked values",
        Axis("Height above ground", "ft", (20, 50, 100, 200, 500, 1000), log=True),
        Axis("Ratio of standard deviations", "", (1.0, 1.25, 1.5, 1.75, 2.0)),
        [Line("samruk", feet, strength), Dots(heights, ratios)],
    )  # fmt: skip
    at = [turbulence.dryden(h * FOOT, 10.0, 0.0) for h in heights]
    ratio = max(abs(float(g.sigma_u / g.sigma_w) / r - 1.0) for g, r in zip(at, ratios, strict=True))
    length = max(abs(float(g.length_u) / FOOT / r - 1.0) for g, r in zip(at, lengths, strict=True))
    variance, fading = air.dryden_filter()
    rows = [("strengths, MIL-F-8785C", "4", f"{percent(ratio)} at worst"),
            ("lengths, MIL-F-8785C", "4", f"{percent(length)} at worst"),
            ("variance of the discrete filter, Dryden's", "1", f"{power_of_ten(variance)} of it"),
            ("correlation to 10 lengths, Dryden's", "60", power_of_ten(fading))]  # fmt: skip
    return f"{shown('gusts', 'Strength of gusts near the ground', figure)}\n\n{errors(rows)}"


def spectra() -> str:
    """Von Karman's spectra and what the discrete filters have."""
    parts: list[Line | Dots] = []
    rows = []
    for axis, name in (("u", "along"), ("w", "across")):
        variance, x, found, exact = air.karman_spectrum(axis)
        parts += [Line(name, x, found / 300.0, "ink", "" if axis == "u" else "5 3"), Dots(x[::4], exact[::4] / 300.0)]
        worst = float(np.max(np.abs(found / exact - 1.0)))
        rows += [(f"spectrum {name}, von Karman's, LΩ 0.05 to 20", str(len(x)), f"{percent(worst)} at worst"),
                 (f"variance {name}, of what is asked", "1", percent(abs(variance - 1.0)))]  # fmt: skip
    figure = plot(
        "mkar", "Spectra of gusts in von Karman's form", "the closed form; lines: discrete filters at 50 Hz, 50 m/s",
        Axis("LΩ", "", (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0), log=True),
        Axis("Spectrum over σ²L", "", (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0), log=True), parts,
    )  # fmt: skip
    return f"{shown('gusts-karman', 'Spectra of gusts', figure)}\n\n{errors(rows)}"


def burst() -> str:
    """The microburst of the check values: outflow over height, and its figures."""
    z = np.linspace(0.0, 400.0, 161)
    out = [winds.blow(700.0, 0.0, float(h)).x for h in z]
    down = [winds.blow(0.0, 0.0, float(h)).z for h in z]
    figure = plot(
        "mbur", "A microburst of 15 m/s at 700 m and 80 m",
        "worked apart from this program; ours: outwards 700 m off (line), down on the axis (dashes)",
        Axis("Wind", "m/s", range(0, 21, 5)), Axis("Height above ground", "m", range(0, 401, 100)),
        [Line("", out, z), Line("", down, z, "ink", "5 3"),
         Dots((15.0, winds.SINKING), (80.0, 300.0))],
    )  # fmt: skip
    rows = [(f"{check.name}; {check.authority}", "1", f"{check.figure:.4f} {check.unit.replace('1', '')}".rstrip())
            for check in winds.checks()[1:6]]  # fmt: skip
    return f"{shown('gusts-burst', 'Wind of a microburst', figure)}\n\n{errors(rows)}"


def near_ground() -> str:
    """Wind shear, and a column through the day."""
    feet = np.geomspace(10.0, 1000.0, 120)

    def over_20(h: float, roughness: float) -> float:
        high, low = (float(wind.surface_factor(feet * FOOT, roughness, 304.8)[0]) for feet in (h, 20.0))
        return high / low

    smooth, rough = ([over_20(h, z0) for h in feet] for z0 in (0.15 * FOOT, 2.0 * FOOT))
    heights, told = zip(*winds.SHEAR, strict=True)
    figure = plot(
        "mshe", "Mean wind over that at 20 ft", "MIL-F-8785C 3.7.3.2, terminal phases, by hand",
        Axis("Height above ground", "ft", (10, 20, 50, 100, 200, 500, 1000), log=True),
        Axis("Ratio", "", (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)),
        [Line("0.15 ft", feet, smooth), Line("2 ft", feet, rough, "ink", "5 3"), Dots(heights, told)],
    )  # fmt: skip
    worst = max(abs(over_20(h, 0.15 * FOOT) / r - 1.0) for h, r in winds.SHEAR)
    first = f"{shown('air-shear', 'Wind near the ground', figure)}"
    z = np.linspace(0.0, 2000.0, 101)
    parts: list[Line | Dots] = []
    column = standard_profile()
    arrays = Profile(**{f.name: jax.numpy.asarray(getattr(column, f.name)) for f in fields(column)})
    for hour, dash in ((3.0, "2 3"), (9.0, "5 3"), (15.0, "")):
        now = course.excess(0.0, hour * 3600.0, Conditions(swing=10.0))
        usual = 288.15 - 0.0065 * z
        warmer = [float(course.near_ground(arrays, float(h), 0.0, now, 600.0, float(t), -0.0065)[0])
                  for h, t in zip(z, usual, strict=True)]  # fmt: skip
        parts.append(Line("", usual - ZERO_CELSIUS + np.array(warmer), z, "ink", dash))
    parts.append(Dots([15.0 - 6.5 * h for h in (0.0, 0.5, 1.0, 1.5, 2.0)], [0.0, 500.0, 1000.0, 1500.0, 2000.0]))
    figure = plot(
        "mday", "A swing of 10 K: 15 h (line), 9 h (dashes), 3 h (dots)", "the standard day without it",
        Axis("Temperature", "°C", range(0, 31, 5)), Axis("Above ground", "m", range(0, 2001, 500)), parts,
    )  # fmt: skip
    rows = [("wind over that at 20 ft, MIL-F-8785C", str(len(told)), f"{percent(worst)} at worst"),
            ("density of damp air, virtual temperature", "2", f"{percent(winds.checks()[-1].figure)} of it at worst")]
    return f"{first}\n\n{shown('air-swing', 'A column through the day', figure)}\n\n{errors(rows)}"


def light() -> str:
    """Clear sky at sea level, and places of the sun."""
    zenith = np.linspace(0.0, 89.0, 120)
    ours = [float(sun.clear_sky(math.cos(math.radians(z)), earth.P0)) for z in zenith]
    angles, watts = zip(*air.HAURWITZ, strict=True)
    figure = plot(
        "msun", "Sunlight on the ground under a clear sky", "Haurwitz (1945) as pvlib 0.16.1 computes it",
        Axis("From the zenith", "°", range(0, 91, 15)), Axis("Global, horizontal", "W/m²", range(0, 1201, 200)),
        [Line("samruk", zenith, ours), Dots(angles, watts)],
    )  # fmt: skip
    stands = [math.degrees(float(sun.elevation(math.radians(c[1]), math.radians(c[2]), c[0]))) - c[3] for c in air.SPA]
    miss = [float(sun.clear_sky(math.cos(math.radians(z)), earth.P0)) - w for z, w in air.HAURWITZ]
    light_off, sun_off = (float(np.max(np.abs(values))) for values in (miss, stands))
    rows = [("light, Haurwitz by pvlib", str(len(miss)), f"{light_off:.2g} W/m² at worst"),
            ("elevation of the sun, NREL SPA by pvlib", str(len(stands)), f"{sun_off:.2g}° at worst")]  # fmt: skip
    return f"{shown('sun', 'Sunlight under a clear sky', figure)}\n\n{errors(rows)}"


def light_aloft() -> str:
    """The whole light and the disc's with height, beside a clear-sky model."""
    heights = np.linspace(0.0, 9000.0, 46)
    pressures = [float(earth.standard_atmosphere(height)[1]) for height in heights]
    lines: list[Line | Dots] = []
    for zenith in (0, 30, 60, 75):
        cosine = math.cos(math.radians(zenith))
        pairs = [lights.clear(cosine, pressure, 1.0) for pressure in pressures]
        name = f"{zenith}\u00b0, whole and disc"
        lines += [Line(name, heights, [float(a) for a, _ in pairs]),
                  Line("", heights, [float(b) for _, b in pairs], dash="4 3", weight=1.2)]  # fmt: skip
    rows = [(float(height), zenith, level, normal * math.cos(math.radians(zenith)))
            for (zenith, _, level, normal), height in zip(warmth.SOLIS, (0, 3000, 6000, 9000) * 4, strict=True)]
    dots = [Dots([r[0] for r in rows], [r[2] for r in rows]),
            Dots([r[0] for r in rows], [r[3] for r in rows], "ink3")]  # fmt: skip
    figure = plot(
        "msunup", "Sunlight on a level surface from the ground up", "simplified Solis as pvlib 0.16.1 computes it",
        Axis("Height", "m", range(0, 9001, 3000)), Axis("Light by zenith angle", "W/m\u00b2", range(0, 1401, 200)),
        [*lines, *dots],
    )  # fmt: skip
    whole, disc = (max(abs(v) for v in values) for values in warmth.light_misses())
    away = max(abs(float(sun.distance_factor(unix)) / part - 1.0) for unix, part in warmth.DISTANCES)
    table_ = errors([
        ("whole light from 0 to 9 km, simplified Solis", str(len(rows)), f"{whole:.1%} of the light above the air"),
        ("the disc's light from 0 to 9 km, simplified Solis", str(len(rows)), f"{disc:.1%} of the light above the air"),
        ("light above the air over the year, NREL by pvlib", str(len(warmth.DISTANCES)), f"{away:.2%} at worst"),
    ])  # fmt: skip
    return f"{shown('sun-height', 'Sunlight with height', figure)}\n\n{table_}"


def skins() -> str:
    """Skins by colour in the sun of a hot day, beside balances by hand; an altimeter in the cold."""
    colours = np.linspace(0.1, 0.95, 35)
    lines: list[Line | Dots] = []
    names = ("+49 \u00b0C, still", "+49 \u00b0C, breeze", "+54 \u00b0C, still")
    for name, (air_, sky, h, parts, hand) in zip(names, warmth.SKINS, strict=True):
        ours = [float(heat_nodes.in_the_sun(air_ + ZERO_CELSIUS, part * 1120.0, h, sky + ZERO_CELSIUS)) - ZERO_CELSIUS
                for part in colours]  # fmt: skip
        lines += [Line(name, colours, ours), Dots(parts, hand)]
    figure = plot(
        "mskin", "Upper skin in 1,120 W/m\u00b2, by colour", "balances worked out by hand",
        Axis("Absorptance", "", (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)), Axis("Skin", "\u00b0C", range(40, 121, 20)), lines,
    )  # fmt: skip
    rows = [(f"{check.name}; {check.authority}", "1", f"{check.figure:.2g} {check.unit.removesuffix('1')}".strip())
            for check in warmth.heat_checks()]  # fmt: skip
    return f"{shown('heat-skin', 'Skin by colour', figure)}\n\n{errors(rows)}"


def envelope() -> str:
    """Water of the continuous maximum."""
    drops, worst = np.linspace(15.0, 40.0, 101), 0.0
    parts: list[Line | Dots] = []
    for celsius, row in air.CONTINUOUS.items():
        ours = [1e3 * cloud.continuous_maximum(1e-6 * d, celsius + ZERO_CELSIUS) for d in drops]
        parts += [Line(f"{said(celsius)} °C", drops, ours), Dots((15, 25, 40), row)]
        worst = max(worst, *(abs(1e3 * cloud.continuous_maximum(1e-6 * d, celsius + ZERO_CELSIUS) - w)
                             for d, w in zip((15, 25, 40), row, strict=True)))  # fmt: skip
    figure = plot(
        "mcloud", "Water of layer clouds, 14 CFR 25 Appendix C", "anchors of NACA TN-1855, class III-M",
        Axis("Median drop", "µm", range(15, 41, 5)), Axis("Supercooled water", "g/m³", (0, 0.2, 0.4, 0.6, 0.8)), parts,
    )  # fmt: skip
    tiny = power_of_ten(max(worst, 1e-15))
    rows = [("continuous maximum, TN-1855 anchors", "12", f"below {tiny} g/m³: its own anchors")]
    return f"{shown('cloud', 'Water of layer clouds', figure)}\n\n{errors(rows)}"


def convective() -> str:
    """Water of the intermittent maximum and of large drops, over temperature."""
    celsius = np.linspace(-40.0, 0.0, 81)
    rows_ = ((0.0, 2.5, 0.4), (-10.0, 2.2, 0.3), (-20.0, 1.7, 0.2), (-30.0, 1.0, 0.1))
    parts: list[Line | Dots] = []
    for drop, dash in ((20e-6, ""), (50e-6, "5 3")):
        ours = [1e3 * cloud.envelope_water("intermittent-maximum", drop, c + ZERO_CELSIUS) for c in celsius]
        parts.append(Line(f"{1e6 * drop:.0f} µm", celsius, ours, "ink", dash))
    parts += [Dots([r[0] for r in rows_], [r[k] for r in rows_]) for k in (1, 2)]
    figure = plot(
        "mconv", "Water of convective clouds, 14 CFR 25 Appendix C", "NACA TN-1855, class II-M (its own anchors)",
        Axis("Temperature", "°C", range(-40, 1, 10)), Axis("Supercooled water", "g/m³", (0, 0.5, 1, 1.5, 2, 2.5)),
        parts,
    )  # fmt: skip
    head = "| envelope | drops | water at 0 °C | depth | heights | standard length |\n|---|--:|--:|--:|--:|--:|"
    told = [
        (f"`{name}`", f"{1e6 * e.usual:.0f} µm", f"{1e3 * cloud.envelope_water(name, e.usual, ZERO_CELSIUS):.2f} g/m³",
         f"{e.deepest:.0f} m", f"{e.lowest:.0f} to {e.highest:.0f} m", f"{e.extent / 1000.0:.1f} km")
        for name, e in cloud.ENVELOPES.items()
    ]  # fmt: skip
    return f"{shown('cloud-convective', 'Water of convective clouds', figure)}\n\n{table(head, told)}"


def kinds() -> str:
    """Drag of a wing under three kinds of protection, and the bands of a tunnel."""
    cloud_, fly = (-12.0, 0.5, 20.0, 80.0), boots._flight()
    minutes = np.arange(0.0, 12.05, 0.1)
    parts: list[Line | Dots] = []
    crafts = (("none", boots.section(120.0, 0), 0.0, "2 3"), ("heated strip", boots.section(120.0, 1), 1.0, "5 3"),
              ("boots", boots.section(120.0, 2), 1.0, ""))  # fmt: skip
    for name, craft, on, dash in crafts:
        state, found = ice.Ice(), []
        for _ in minutes:
            found.append(min(100.0 * boots.rise(state, craft), 200.0))
            state = fly(state, craft, cloud_, 6, on)
        parts.append(Line(name, minutes, found, "ink", dash))
    parts.append(Dots([11.0, 11.0, 1.0, 1.0], [7.0, 37.0, 100.0, 165.0]))
    figure = plot(
        "mkind", "Drag of an iced wing of 2.2 m chord at -12 °C", "bands of NACA TN-3564: residual ice, and a boot that"
        " stands up", Axis("Time in cloud", "min", range(0, 13, 3)),
        Axis("Drag over the clean wing's", "%", range(0, 201, 50)), parts,
    )  # fmt: skip
    rows = [(f"{name} (found {100.0 * boots.found()[name]:.0f} %)", f"{100.0 * low:.0f} to {100.0 * high:.0f} %",
             "inside" if low <= boots.found()[name] <= high else
             f"{100.0 * max(low - boots.found()[name], boots.found()[name] - high):.0f} % of the clean drag outside")
            for name, (low, high) in boots.BANDS.items()]  # fmt: skip
    head = "| model | NACA TN-3564 | |\n|---|--:|---|"
    return f"{shown('ice-kinds', 'Drag of a wing under three kinds of protection', figure)}\n\n{table(head, rows)}"


def iced_drag() -> str:
    """Runs foretold by constants that never saw them."""
    drag, line = calibration.runs().drag, np.array([0.01, 0.2])
    flown = np.array([icing.predicted(run) for run in icing.RUNS]) / drag
    alone, together = calibration.left_out(), calibration.left_out(repeats=True)
    figure = plot(
        "mice", "Drag of an iced aerofoil, each condition foretold by the others",
        "45 runs of NASA TM-83556; dashes: a quarter more and less",
        Axis("Measured drag coefficient", "", (0.01, 0.02, 0.05, 0.1, 0.2), log=True),
        Axis("Foretold drag coefficient", "", (0.01, 0.02, 0.05, 0.1, 0.2), log=True),
        [Line("equal", line, line), Line("", line[[0, 1]] * [1.0, 0.8], line * [1.25, 1.0], "ink3", "4 3", 1.0),
         Line("a quarter less", line / [0.75, 1.0], line * [1.0, 0.75], "ink3", "4 3", 1.0),
         Dots(drag, drag * together)],
    )  # fmt: skip

    def told(ratio: Any) -> str:
        miss = np.abs(ratio - 1.0)
        mean, median, worst = (percent(float(v)) for v in (miss.mean(), np.median(miss), miss.max()))
        return f"{mean} mean, {median} median, {worst} worst"

    rows = [("TM-83556, the fit itself as flown", "45", told(flown)),
            ("TM-83556, each run left out of the fit", "45", told(alone)),
            ("TM-83556, each condition left out with its repeats", "45", told(together))]  # fmt: skip
    return f"{shown('ice-drag', 'Measured and foretold drag of an iced aerofoil', figure)}\n\n{errors(rows)}"


def freezing() -> str:
    """Freezing fraction over temperature."""
    rows = icing.FREEZING_FRACTIONS["temperature"]
    factor, celsius = icing.fitted(rows[0][:2], rows[0][2]), np.linspace(-26.0, -2.0, 61)
    ours = [icing.fraction(float(c), 0.7, factor=factor) for c in celsius]
    figure = plot(
        "mfrz", "Part of the caught water that freezes at once",
        "FAA Aircraft Icing Handbook, table 2-5 (calculated); the leftmost fits one unknown",
        Axis("Air", "°C", range(-28, 1, 4)), Axis("Freezing fraction", "", (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        [Line("samruk", celsius, ours), Dots([r[0] for r in rows], [r[2] for r in rows])],
    )  # fmt: skip
    count = sum(len(entries) - 1 for entries in icing.FREEZING_FRACTIONS.values())
    found = next(check for check in icing.checks() if "freezing" in check.name).figure
    return (
        f"{shown('ice-freezing', 'Freezing fraction over temperature', figure)}\n\n"
        + errors([("freezing fractions, FAA handbook tables 2-5 to 2-8", str(count), f"{found:.3f} at worst")])
    )


def thrust() -> str:
    """Power with height; thrust of a published propeller."""
    a = ANKA.aircraft
    feet = np.linspace(0.0, 32000.0, 129)
    ours = [_power(f) for f in feet]
    figure = plot(
        "meng", "Rated power with height, standard day", "TEI of its PD170: 170 hp to 20,000 ft, 130 hp at 30,000 ft",
        Axis("Height", "ft", range(0, 32001, 8000)), Axis("Power", "hp", range(100, 181, 20)),
        [Line("anka", feet, ours), Dots((0, 20000, 30000), (170, 170, 130))],
    )  # fmt: skip
    first = shown("engine-power", "Rated power with height", figure)
    table_, found = [], []
    D, n, rho = a.propeller.diameter, a.propeller.rated_speed / (2.0 * math.pi), 1.225
    for J, settings in TABLE.items():
        for C_T, C_P in settings:
            given, V = C_P * rho * n**3 * D**5, J * n * D
            disc = given * propulsion.blade_efficiency(given, a.propeller.rated_speed, V, rho, a)
            table_.append(C_T)
            found.append(float(propulsion.disc_thrust(disc, V, rho, 0.25 * math.pi * D**2)) / (rho * n**2 * D**4))
    figure = plot(
        "mprop", "Thrust for a given power: the law of anka beside a two-blade table",
        "constant-speed propeller of JSBSim (prop_81in2v), unstalled settings; line: equal",
        Axis("Thrust coefficient of the table", "", (0.02, 0.04, 0.06, 0.08, 0.1)),
        Axis("Thrust coefficient, ours", "", (0.02, 0.04, 0.06, 0.08, 0.1)),
        [Line("equal", (0.02, 0.1), (0.02, 0.1)), Dots(table_, found)],
    )  # fmt: skip
    ratio = np.array(found) / np.array(table_) - 1.0
    at = max(abs(_power(f) / hp - 1.0) for f, hp in ((19900.0, 170.0), (30000.0, 130.0)))
    rms, worst = float(np.sqrt(np.mean(ratio**2))), float(np.max(np.abs(ratio)))
    rows = [("power, TEI (the exponent is derived from it)", "2", f"{percent(at)} at worst"),
            ("thrust, JSBSim table of two blades", str(len(ratio)),
             f"{percent(rms)} rms, {percent(worst)} worst")]  # fmt: skip
    return f"{first}\n\n{shown('engine-propeller', 'Thrust beside a table', figure)}\n\n{errors(rows)}"


def _power(feet: float) -> float:
    """hp at a pressure height, standard day."""
    T, p, _ = earth.standard_atmosphere_geopotential(feet * FOOT)
    rated = ANKA.aircraft.propeller.rated_speed
    held = propulsion.drive(Motor(5e4, rated, 1, 0.0), earth.density(p, T), T, 353.15, ANKA.aircraft)
    return float(held.power_available) / HORSEPOWER


def radio() -> str:
    """Rain per kilometre; diffraction over the round Earth."""
    rates = np.geomspace(5.0, 100.0, 60)
    parts: list[Line | Dots] = []
    for frequency, losses in waves.RAIN:
        k, alpha = (float(v) for v in propagation.rain_coefficients(frequency, False))
        parts += [Line(f"{frequency / 1e9:g} GHz", rates, k * rates**alpha), Dots((5, 25, 50, 100), losses)]
    figure = plot(
        "mrain", "Loss in rain, horizontal", "ITU-R P.838-3 by itur 0.4.0",
        Axis("Rain", "mm/h", (5, 10, 25, 50, 100), log=True),
        Axis("Loss", "dB/km", (0.001, 0.01, 0.1, 1, 10), log=True), parts,
    )  # fmt: skip
    first = shown("radio-rain", "Loss in rain", figure)
    theirs = [row[4] for row in waves.SPHERE]
    ours = [row[4] + waves._sphere(row) for row in waves.SPHERE]
    figure = plot(
        "msph", "Diffraction loss over a smooth sphere", "validation examples of ITU-R Study Group 3; line: equal",
        Axis("Their loss", "dB", range(0, 101, 20)), Axis("Our loss", "dB", range(0, 101, 20)),
        [Line("equal", (0, 100), (0, 100)), Dots(theirs, ours)],
    )  # fmt: skip
    counts = ("10", "10", "3", "4", "18")
    found = waves.checks()
    worst = [percent(check.figure) if check.unit == "1" else f"{check.figure:.2g} dB" for check in found]
    rows = [(f"{check.name}; {check.authority}", count, f"{error} at worst")
            for check, count, error in zip(found, counts, worst, strict=True)]  # fmt: skip
    return f"{first}\n\n{shown('radio-sphere', 'Diffraction loss', figure)}\n\n{errors(rows)}"


RECALLED = ((0.0, 0.85, 0.90), (-20.0, 0.60, 0.70), (-30.0, 0.45, 0.45), (-40.0, 0.15, 0.35))
"""C, least and most usable part of a lithium-ion battery: typical, recalled and unverified."""


def heat() -> str:
    """The cold battery, beside typical figures from memory."""
    celsius = np.linspace(-50.0, 25.0, 76)
    ours = [float(power.usable_part(c + ZERO_CELSIUS)) for c in celsius]
    ends = [Line("", (c, c), (low, high), "water", "", 3.0) for c, low, high in RECALLED if high > low]
    figure = plot(
        "mheat", "Energy that a cold lithium-ion battery gives",
        "typical ranges, recalled and unverified: no measurement",
        Axis("Battery", "°C", range(-50, 26, 25)), Axis("Usable part", "", (0.0, 0.25, 0.5, 0.75, 1.0)),
        [Line("samruk", celsius, ours), *ends, Dots([RECALLED[2][0]], [RECALLED[2][1]])],
    )  # fmt: skip
    away = [max(low - v, v - high, 0.0)
            for c, low, high in RECALLED for v in (float(power.usable_part(c + ZERO_CELSIUS)),)]  # fmt: skip
    rows = [("usable part, recalled ranges", str(len(away)), f"{max(away):.2f} outside the range at worst")]
    return f"{shown('heat-battery', 'Energy of a cold battery', figure)}\n\n{errors(rows)}"


def sight() -> str:
    """How far one sees through rain."""
    rates, falls = np.geomspace(1.0, 100.0, 80), rain.MM_PER_HOUR
    ours = [3.912e-3 / float(rain.extinction(rate * falls)) for rate in rates]
    snow = [3.912e-3 / float(rain.snow_extinction(rate * falls)) for rate in rates]
    figure = plot(
        "mwetsight", "Sight through rain and snow, contrast 2 %", "Koschmieder with 0.365 R^0.63 per km (recalled)",
        Axis("Rain, or snow as water", "mm/h", (1, 5, 10, 25, 50, 100), log=True),
        Axis("Sight", "km", (0.1, 0.3, 1, 3, 10), log=True),
        [Line("rain", rates, ours), Line("snow", rates[:24], snow[:24], "ink2"),
         Dots([row[0] for row in wet_checks.SIGHT], [row[1] for row in wet_checks.SIGHT])],
    )  # fmt: skip
    return shown("rain-sight", "Sight through rain", figure)


def brakes() -> str:
    """Braking on what covers a runway."""
    knots = np.linspace(0.0, 100.0, 101)

    def mu(**cover: float) -> list[float]:
        soaked, deep, snow, ice = (cover.get(name, 0.0) for name in ("wet", "standing", "snow", "ice"))
        return [float(wet.braking(v * wet.KNOT, soaked, deep, snow, ice, 0.9)) for v in knots]

    figure = plot(
        "mwetbrake", "Braking by speed and cover", "14 CFR 25.109(c)(1) at 50 psi, worked by hand",
        Axis("Speed", "kt", range(0, 101, 20)), Axis("Coefficient of braking", "", (0.0, 0.2, 0.4, 0.6, 0.8)),
        [Line("wet", knots, mu(wet=1.0)), Line("standing water", knots, mu(wet=1.0, standing=1.0), "ink2"),
         Line("snow", knots, mu(snow=1.0), "ink2"), Line("ice", knots, mu(ice=1.0), "ink2"),
         Dots([row[0] for row in wet_checks.BRAKED], [row[1] for row in wet_checks.BRAKED])],
    )  # fmt: skip
    return shown("rain-braking", "Braking by speed and cover", figure)


def wet_link() -> str:
    """Rain at the satellite's gateway, and all checks of rain."""
    rates = np.linspace(1.0, 60.0, 60)
    figure = plot(
        "mwetlink", "Rain at a Ku-band gateway, 35 degrees", "ITU-R P.618 by itur 0.4.0, Ankara, 0.01 % of a year",
        Axis("Rain", "mm/h", range(0, 61, 10)), Axis("Loss", "dB", range(0, 17, 4)),
        [Line("samruk", rates, [wet_checks.gateway_rain(rate) for rate in rates]),
         Dots([row[0] for row in wet_checks.GATEWAY], [row[1] for row in wet_checks.GATEWAY])],
    )  # fmt: skip
    rows = []
    for check in wet_checks.checks():
        error = percent(check.figure) if check.unit == "1" else f"{check.figure:.2g} {check.unit}"
        error = "rounding" if check.figure < 1e-6 else f"{error} at worst"
        rows.append((f"{check.name}; {check.authority}", error))
    told = table("| against | error |\n|---|---|", rows)
    return f"{shown('rain-gateway', 'Rain at a gateway', figure)}\n\n{told}"


BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "air": {"profiles": profiles, "cycles": cycles, "near-ground": near_ground},
    "gusts": {"comparison": gusts, "spectra": spectra, "burst": burst},
    "sun": {"comparison": light, "height": light_aloft},
    "cloud": {"comparison": envelope, "convective": convective},
    "ice": {"drag": iced_drag, "freezing": freezing, "kinds": kinds, "spreads": lambda: spreads("ice")},
    "engine": {"comparison": thrust, "spreads": lambda: spreads("engine", "propeller")},
    "radio": {"comparison": radio, "spreads": lambda: spreads("radio")},
    "rain": {"sight": sight, "braking": brakes, "links": wet_link},
    "heat": {"comparison": heat, "skins": skins, "spreads": lambda: spreads("thermal", "electric")},
}
"""Page -> block -> what makes it."""


def main() -> None:
    """All pages."""
    with jax.enable_x64(True):
        for page, blocks in BLOCKS.items():
            file = PAGES / f"{page}.md"
            text = file.read_text(encoding="utf-8")
            for name, make in blocks.items():
                text = fill(text, name, make())
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

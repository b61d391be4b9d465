"""Derives the reference aircraft's tail, aerodynamics, inertia and propeller losses from its dimensions.

    pip install ".[derive]"
    python tools/derive_aero.py            # print the tables; say where the definition differs; exit 1 if it does
    python tools/derive_aero.py --write    # write the numbers into the definition, the tables into design/0006
    python tools/derive_aero.py --aircraft tb2 --write    # another aircraft; tables into design/0011-tb2.md

Inputs are the dimensions, masses and choices of shape (`airframe/shape.py`) alone: nothing here looks at endurance,
ceiling or any other performance.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import sys
import warnings
from dataclasses import dataclass
from math import log, pi, radians
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
if "--aircraft" in sys.argv:
    os.environ["AIRFRAME"] = sys.argv[sys.argv.index("--aircraft") + 1]

from airframe import blades, drag, flow, line, section, shape, weight  # noqa: E402

from samruk import aircraft, load  # noqa: E402

DEFINITION = ROOT / f"src/samruk/data/aircraft/{shape.CHOSEN}.toml"
PAGE = ROOT / "design" / ("0006-airframe.md" if shape.CHOSEN == "anka" else f"0011-{shape.CHOSEN}.md")
MARK = "<!-- below this line: written by tools/derive_aero.py --write -->"

RIGGED_LIFT = 0.9
"""Lift coefficient at which the tail is rigged for no elevator: 1,400 kg at about 80 kt calibrated."""
THREE_DIMENSIONS = 0.9
"""Greatest lift of an unswept wing of large aspect ratio over that of its section (Raymer, ch. 12)."""
PLAIN_FLAP = 0.9
"""Rise of the section's greatest lift by a plain flap (Raymer, table 12.2)."""
LEAST_SPREAD = 0.08
"""No derivative is known better than this, however well two methods agree: the shape itself is assumed."""
MUTUAL = {"C_L_q", "C_Y_beta", "C_n_beta", "C_Y_delta_r", "C_l_delta_r", "C_n_delta_r", "C_Y_r", "C_n_r"}
"""Lattice alone: strips know neither the camber that pitching gives a wing, nor that the two panels of a V-tail take
load from each other when they turn opposite ways (NACA Report 823)."""


FOLLOWS = {"geometry.chord": ("geometry.wing_area", 1.0), "aero.C_D_0": ("geometry.wing_area", -0.58)}
"""With what a number goes when spreads are drawn: 0.58 of the drag area is neither wing nor tail."""


@dataclass(frozen=True)
class Derived:
    """One number with its method."""

    path: str
    value: float
    spread: float
    how: str
    methods: tuple[float, float] | None = None
    """By lattice and by build-up."""


def flight(plan: shape.Plan) -> list[Derived]:
    """Lift, moments and damping."""
    rigged, low, high, _ = flow.rig(plan, RIGGED_LIFT)
    found = [_of_two(name, pair) for name, pair in flow.derivatives(plan, rigged).items()]
    roll, yaw = line.aileron(plan, RIGGED_LIFT)
    by_name = {item.path: item for item in found}
    two = by_name["aero.C_l_delta_a"].methods or (0.0, 0.0)
    three = (roll, *two)
    aileron = Derived("aero.C_l_delta_a", float(np.mean(three)), _at_least(np.std(three) / np.mean(three)),
                      f"mean of lifting line {roll:.3f}, vortex lattice and component build-up", two)  # fmt: skip
    other = by_name["aero.C_n_delta_a"].methods or (0.0, 0.0)
    how = f"lifting line at lift coefficient 0.9; the other methods give {other[0]:+.3f} and {other[1]:+.3f}"
    adverse = Derived("aero.C_n_delta_a", yaw, 0.8, how, other)
    found = [item for item in found if not item.path.endswith("delta_a")] + [aileron, adverse]
    zero, slope = 0.5 * (low + high), by_name["aero.C_L_alpha"].value
    how = f"mean of vortex lattice and component build-up, incidence {plan.incidence:.1f} deg"
    found.append(Derived("aero.C_L_0", zero, 0.10, how, (low, high)))
    moment = -by_name["aero.C_m_alpha"].value * (RIGGED_LIFT - zero) / slope
    how = f"tail rigged at {rigged:.1f} deg for no elevator at lift coefficient 0.9"
    found.append(Derived("aero.C_m_0", moment, 0.25, how))
    slip = Derived("aero.C_D_beta", flow.sideslip_drag(plan, rigged), 0.5, "component build-up at 8 deg of sideslip")
    return [*found, _lag(plan), slip]


def _of_two(name: str, pair: tuple[float, float]) -> Derived:
    lattice, strips = pair
    if name in MUTUAL:
        spread = _at_least(min(0.5 * abs(lattice - strips) / abs(lattice), 0.30))
        return Derived(f"aero.{name}", lattice, spread, "vortex lattice with the body's part by build-up", pair)
    mean = 0.5 * (lattice + strips)
    spread = min(_at_least(0.5 * abs(lattice - strips) / abs(mean)), 1.0)
    return Derived(f"aero.{name}", mean, spread, "mean of vortex lattice (with body) and component build-up", pair)


def _at_least(spread: float) -> float:
    return float(max(spread, LEAST_SPREAD))


def _lag(plan: shape.Plan) -> Derived:
    """Downwash that reaches the tail late (Roskam, part VI): -2 a_t eta V_H (l_t / c) d epsilon / d alpha."""
    aspect, arm = plan.span**2 / plan.area, shape.TAIL_ARM
    k_a = 1.0 / aspect - 1.0 / (1.0 + aspect**1.7)
    k_taper = (10.0 - 3.0 * shape.TAPER) / 7.0
    k_h = (1.0 - 0.3 / plan.span) / (2.0 * arm / plan.span) ** (1.0 / 3.0)
    downwash = 4.44 * (k_a * k_taper * k_h) ** 1.19
    tail_slope = 2.0 * pi * shape.TAIL_ASPECT / (2.0 + (shape.TAIL_ASPECT**2 + 4.0) ** 0.5)
    value = -2.0 * tail_slope * 0.95 * shape.PITCH_VOLUME * arm / plan.mean_chord * downwash
    how = f"lag of downwash at the tail (Roskam, part VI), d epsilon / d alpha = {downwash:.2f}"
    return Derived("aero.C_m_alpha_dot", value, 0.3, how)


def lift_limits(reynolds: float) -> list[Derived]:
    """Greatest and least lift, flaps."""
    clean, dirty = section.both(reynolds)
    most, least = 0.5 * (clean.cl_max + dirty.cl_max), 0.5 * (clean.cl_min + dirty.cl_min)
    part = np.linspace(0.0, 1.0, 2001)
    chords = 1.0 + (shape.TAPER - 1.0) * part
    flapped = float(np.sum(chords[(part > shape.FLAP[0]) & (part < shape.FLAP[1])]) / np.sum(chords))
    flap = 0.9 * PLAIN_FLAP * flapped
    gain = THREE_DIMENSIONS * section.gain_per_log_reynolds()
    drag_of_flap = 0.0144 * shape.FLAP_CHORD * flapped * (line.FLAP_ANGLE - 10.0)
    top = THREE_DIMENSIONS * most
    return [
        Derived("aero.C_L_max", top, 0.06, f"section {most:.2f} (NeuralFoil, clean and tripped) times 0.9 (Raymer)"),
        Derived("aero.C_L_max_flap", top + flap, 0.07, f"plain flap 0.9 on {flapped:.2f} of the area, 0.9 (Raymer)"),
        Derived("aero.C_L_min", THREE_DIMENSIONS * least, 0.12, f"section {least:.2f} (NeuralFoil) times 0.9"),
        Derived("aero.C_L_max_reynolds", gain, 0.3, "section at 0.8 and 4 million (NeuralFoil) times 0.9"),
        Derived("aero.C_D_delta_f", drag_of_flap, 0.3, "0.0144 (c_f/c)(S_f/S)(30 deg - 10 deg) (Raymer)"),
    ]


def flap_lift(plan: shape.Plan) -> list[Derived]:
    """Flap at constant angle of attack, and its moment: section's own, lever of the wing, downwash on the tail."""
    lift = line.full_flap(plan)
    section_moment = -0.20 * lift
    lever = (shape.CENTRE_OF_GRAVITY - 0.25) * lift
    downwash = 1.6 * lift / (pi * plan.span**2 / plan.area)
    tail_slope = 2.0 * pi * shape.TAIL_ASPECT / (2.0 + (shape.TAIL_ASPECT**2 + 4.0) ** 0.5)
    moment = section_moment + lever + shape.PITCH_VOLUME * 0.95 * tail_slope * downwash
    return [
        Derived("aero.C_L_delta_f", lift, 0.15, "lifting line, plain flap of a quarter chord at 30 deg (DATCOM)"),
        Derived("aero.C_m_delta_f", moment, abs(0.04 / moment), "section, lever and downwash at the tail; +-0.04"),
    ]


def drags(plan: shape.Plan, reynolds: float, elevator_lift: float) -> tuple[list[Derived], list[drag.Part]]:
    """Drag at no lift, its rise, and what hangs out."""
    parts = drag.parts(plan)
    total = sum(part.area for part in parts) / plan.area
    clean, dirty = section.both(reynolds)
    empirical = 0.38 * total
    sectional = 0.5 * (clean.k + dirty.k)
    rise = 0.5 * (sectional + empirical)
    least = round(0.5 * (clean.cl_least + dirty.cl_least), 1) + 0.0
    flat = (plan.tail_span * np.cos(plan.tail_slope)) ** 2
    elevator = elevator_lift**2 * plan.area / (pi * 0.9 * flat)
    body = shape.WIDTH_OVER_HEIGHT * plan.height / plan.span
    efficiency = line.span_efficiency(plan) * (1.0 - 2.0 * body**2)
    wing = parts[0].area / plan.area
    how = f"mean of the section's {sectional:.4f} and 0.38 C_D_0 for the whole aircraft (Nita & Scholz)"
    return [
        Derived("aero.C_D_0", total, drag.spread(parts),
                f"sum of {len(parts)} parts: friction, form, turret, cooling, leakage"),
        Derived("aero.C_D_profile_wing", wing, parts[0].spread, f"the wing's part: {parts[0].how}"),
        Derived("aero.C_D_k_profile", rise, section.spread(sectional, empirical), how),
        Derived("aero.C_L_min_drag", least, 0.15 / (abs(least) or 1.0),
                "section polar fitted between lift coefficients 0.2 and 1.2 (NeuralFoil); +-0.15"),
        Derived("aero.oswald", efficiency, 0.03, "lifting line, and the body's 1 - 2 (d/b)^2"),
        Derived("aero.C_D_gear", drag.gear_area() / plan.area, 0.2, "wheels, legs, doors and wells (Raymer)"),
        Derived("aero.C_D_delta_e", elevator, 0.4, "induced drag of the tail at its own span"),
    ], parts  # fmt: skip


def geometry(plan: shape.Plan, reynolds: float) -> list[Derived]:
    """What follows from span, area and tail volumes."""
    pitch, yaw = plan.tail_areas
    volumes = f"volumes {shape.PITCH_VOLUME:.2f} in pitch, {shape.YAW_VOLUME:.3f} in yaw: {pitch:.2f} and {yaw:.2f} m^2"
    slope = plan.tail_slope / radians(1.0)
    return [
        Derived("geometry.chord", plan.mean_chord, 0.0,
                f"mean aerodynamic chord of a trapezoid of taper {shape.TAPER:g}"),
        Derived("geometry.tail_area", plan.tail_area, 0.12, f"{volumes}, summed (NACA Report 823)"),
        Derived("geometry.tail_span", plan.tail_span, 0.08, f"aspect ratio 5 along panels, dihedral {slope:.0f} deg"),
        Derived("geometry.tail_chord", plan.tail_area / plan.tail_span, 0.08, "tail area over tail span"),
        Derived("geometry.tail_arm", shape.TAIL_ARM, 0.06,
                f"tail at the end of the body, balance point {shape.NOSE:g} m aft"),
        Derived("aero.reynolds_reference", reynolds, 0.0,
                f"mean chord at {drag.AIRSPEED:g} m/s and 5.5 km, standard atmosphere"),
    ]  # fmt: skip


def inertias(plan: shape.Plan, a: aircraft.Aircraft) -> tuple[list[Derived], list[weight.Lump]]:
    """Moments of inertia by a list of masses at greatest take-off mass."""
    m = a.mass
    fuel = m.max_take_off - m.empty - m.payload_capacity
    lumps = weight.lumps(plan, m.empty, m.payload_capacity, fuel)
    by_radii = weight.by_radii(plan, m.max_take_off)
    found = []
    for name, value in weight.inertia(lumps).items():
        if name in by_radii:
            least, most = by_radii[name]
            spread = min(max(0.5 * abs(log(value / (0.5 * (least + most)))), 0.10), 0.25)
            how = f"list of masses; radii of gyration of comparable aircraft give {least:.0f} to {most:.0f} (Roskam)"
        else:
            spread, how = 0.5, "list of masses: payload low ahead, tail high behind"
        found.append(Derived(f"mass.{name}", value, spread, how))
    return [*found, Derived("mass.inertia_mass", m.max_take_off, 0.0, "mass of that list")], lumps


def propeller() -> tuple[list[Derived], np.ndarray, blades.Fit]:
    """Blade losses."""
    points = blades.points()
    f = blades.fit(points)
    how = f"constant-speed propeller table (JSBSim prop_81in2v), disc loss removed, {shape.BLADES} blades"
    return [
        Derived("propeller.profile_efficiency", f.profile, (0.02**2 + f.miss**2) ** 0.5, f"{how}; miss {f.miss:.3f}"),
        Derived("propeller.swirl_loss", f.swirl, 0.3 if f.swirl else 0.0,
                "the same table" if f.swirl else "below its own error in the same table"),
        Derived("propeller.tip_loss", f.tip, 0.25, "the same table"),
        Derived("propeller.best_advance_ratio", f.best, 0.06, "the same table"),
    ], points, f  # fmt: skip


def rounded(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}")


def entry(item: Derived, unit: str) -> str:
    """The line of the definition file."""
    key = aircraft.key_of(item.path, unit).partition(".")[2]
    value = rounded(item.value)
    spread = float(f"{item.spread:.2g}")
    follows = ""
    if item.path in FOLLOWS:
        of, power = FOLLOWS[item.path]
        follows = f', follows = {{ of = "{of}", power = {power:g} }}'
    return f'{key} = {{ value = {value!r}, grade = "derived", source = "{item.how}", spread = {spread!r}{follows} }}'


def rewrite(text: str, items: list[Derived]) -> str:
    """The definition's text with every derived line replaced."""
    for item in items:
        line_now = entry(item, aircraft.leaves()[item.path].unit)
        group, _, name = item.path.partition(".")
        start = text.index(f"[{group}]")
        pattern = re.compile(rf"^{re.escape(name)}_[\w]+ = .*$", re.MULTILINE)
        hit = next(m for m in pattern.finditer(text, start) if m[0].startswith(line_now.split(" =")[0] + " ="))
        text = text[: hit.start()] + line_now + text[hit.end() :]
    return text


def tables(
    items: list[Derived], parts: list[drag.Part], plan: shape.Plan, lumps: list[weight.Lump], points: np.ndarray,
    f: blades.Fit,
) -> str:  # fmt: skip
    """The tables as Markdown."""
    out = ["", "## Numbers", "", "| number | lattice + body | build-up | taken | spread | method |"]
    out += ["|---|---:|---:|---:|---:|---|"]
    for item in items:
        two = [f"{v:.4f}" for v in item.methods] if item.methods else ["", ""]
        taken = f"{rounded(item.value):g} | {item.spread:.2g}"
        out.append(f"| `{item.path}` | {two[0]} | {two[1]} | {taken} | {item.how} |")
    out += ["", "## Drag at no lift", "", "| part | drag area, cm^2 | C_D | spread | how |", "|---|---:|---:|---:|---|"]
    out += [f"| {p.name} | {1e4 * p.area:.0f} | {p.area / plan.area:.5f} | {p.spread:.2f} | {p.how} |" for p in parts]
    total = sum(p.area for p in parts)
    out.append(f"| **all** | {1e4 * total:.0f} | {total / plan.area:.5f} | {drag.spread(parts):.2f} | |")
    out += ["", "## Gear", "", "| part | drag area, cm^2 | how |", "|---|---:|---|"]
    out += [f"| {p.name} | {1e4 * p.area:.0f} | {p.how} |" for p in drag.GEAR]
    out.append(f"| **all**, times 1.2 for interference and 1.07 for open wells | {1e4 * drag.gear_area():.0f} | |")
    x, z = weight.balance(lumps)
    out += ["", "## Masses", "", f"Balance of the list: {x:+.3f} m forward, {z:+.3f} m down of the reference point.",
            "", "| mass | kg | x, m | y, m | z, m |", "|---|---:|---:|---:|---:|"]  # fmt: skip
    out += [f"| {p.name} | {p.mass:.0f} | {p.x:.2f} | {p.y:.2f} | {p.z:.2f} |" for p in lumps]
    out += ["", "## Blades", "", "| J | C_P | efficiency | ideal | blade | fit |", "|---:|---:|---:|---:|---:|---:|"]
    for J, cp, real, ideal, blade in points:
        fitted = f.profile - f.swirl * cp - f.tip * (J - f.best) ** 2
        out.append(f"| {J:.1f} | {cp:.3f} | {real:.3f} | {ideal:.3f} | {blade:.3f} | {fitted:.3f} |")
    return "\n".join(out) + "\n"


def main() -> int:
    """Derive, print, compare or write."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--aircraft", default="anka", help="whose shape: anka, tb2")
    words.add_argument("--write", action="store_true", help="write the definition and the design page")
    write = words.parse_args().write
    warnings.simplefilter("ignore")
    text = DEFINITION.read_text(encoding="utf-8")
    a = load.definition(text, DEFINITION.name).aircraft
    plan = shape.Plan.of(a)
    reynolds = round(drag.DENSITY * drag.AIRSPEED * plan.mean_chord / drag.VISCOSITY, -4)
    with contextlib.redirect_stdout(io.StringIO()):
        aero = flight(plan)
    elevator = next(item.value for item in aero if item.path == "aero.C_L_delta_e")
    dragging, parts = drags(plan, reynolds, elevator)
    inertia, lumps = inertias(plan, a)
    blade, points, f = propeller()
    items = [*geometry(plan, reynolds), *inertia, *aero, *lift_limits(reynolds), *flap_lift(plan), *dragging, *blade]
    page = tables(items, parts, plan, lumps, points, f)
    print(page)
    new = rewrite(text, items)
    load.definition(new, DEFINITION.name)
    if write:
        DEFINITION.write_text(new, encoding="utf-8")
        head = PAGE.read_text(encoding="utf-8").partition(MARK)[0] if PAGE.exists() else "# 0006 The airframe\n\n"
        PAGE.write_text(head + MARK + "\n" + page, encoding="utf-8")
    elif new != text:
        print("The definition differs from what is derived here; --write brings it up to date.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

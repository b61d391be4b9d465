"""The shape behind the published dimensions: what a picture shows and no document states, each choice with its reason.

Coordinates as in AeroSandbox: x aft, y right, z up, origin at the centre of gravity (its vortex lattice turns about the
origin, whatever reference point it is given).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import atan, cos, degrees, radians, sin, tan

import aerosandbox as asb

from samruk.aircraft import Aircraft

SECTION = "nlf416"
"""Wing section NLF(1)-0416 (Somers, NASA TP-1861): 16 % thick, made for aircraft of this Reynolds number, public."""
TAIL_SECTION = "naca0012"
TAPER = 0.6
"""Tip over root chord: within 1 % of the least induced drag (Raymer, 4.3) and easy to build."""
WASHOUT = 2.0
"""degrees, tip nose down: the tip stalls last."""
DIHEDRAL = 2.0
"""degrees: mid wing with a V-tail above it."""
CENTRE_OF_GRAVITY = 0.33
"""Part of the mean chord: about a sixth of a chord ahead of the neutral point that both methods give."""
WING_HEIGHT = 0.10
"""m above the centre of gravity."""
TAIL_TAPER = 0.7
PITCH_VOLUME, YAW_VOLUME = 0.50, 0.030
"""Tail volumes: pitch as sailplanes, yaw between sailplanes (0.02) and single-engine aircraft (0.04) (Raymer, ch. 6);
with less, the body's own instability leaves too little weathercock."""
TAIL_ASPECT = 5.0
"""Of both panels together, along the panels."""
TAIL_ARM = 4.0
"""m: the tail stands at the end of the body."""
TAIL_HEIGHT = 0.10
"""m, root of the tail above the centre of gravity."""
FLAP = (0.07, 0.58)
"""Part of the half span, inboard and outboard end."""
AILERON = (0.62, 0.95)
"""Part of the half span."""
FLAP_CHORD = 0.25
"""Flap and aileron chord over wing chord."""
RUDDERVATOR_CHORD = 0.35
"""Of the tail's chord, full span."""
FUSELAGE_LENGTH = 0.96
"""Of the overall length: the rest is spinner and tail tips."""
NOSE = 4.2
"""m from the nose to the centre of gravity: where an engine at the rear balances (`weight.py`)."""
BODY = ((0.0, 0.05), (0.03, 0.35), (0.08, 0.62), (0.15, 0.85), (0.25, 1.0), (0.45, 1.0), (0.6, 0.9), (0.8, 0.65),
        (0.95, 0.45), (1.0, 0.35))  # fmt: skip
"""Station along the fuselage, and width and height over the largest ones."""
BODY_SHAPE = 2.3
"""Exponent of the superellipse of a section: between ellipse and box."""
WIDTH_OVER_HEIGHT = 1.0 / 1.1
STEP = 0.002
"""Half width of the edge of a control, part of the half span."""
BLADES = 3
TURN = 1.0
"""1 for a V-tail, -1 for one whose panels hang from booms and meet at the top."""

OTHERS: dict[str, dict[str, float]] = {
    "tb2": {
        "TAPER": 0.55, "WASHOUT": 1.5, "DIHEDRAL": 3.5, "WING_HEIGHT": 0.15, "TAIL_ARM": 3.4, "TAIL_HEIGHT": 1.0,
        "FUSELAGE_LENGTH": 0.62, "NOSE": 2.4, "BLADES": 2, "TURN": -1.0,
    },
}  # fmt: skip
"""Choices for other aircraft, judged from pictures: a pod with the engine behind, twin booms, an inverted V-tail."""
CHOSEN = os.environ.get("AIRFRAME", "anka")
"""Whose shape this is; the choices hold from the first import on."""
globals().update(OTHERS.get(CHOSEN, {}))


@dataclass(frozen=True)
class Deflections:
    """Controls in degrees, trailing edge down positive; aileron positive rolls right, rudder positive yaws right."""

    elevator: float = 0.0
    aileron: float = 0.0
    rudder: float = 0.0
    flap: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Numbers of the definition that make the shape, in m and m^2."""

    span: float
    area: float
    incidence: float
    """degrees."""
    length: float
    frontal: float
    """m^2, largest section of the body."""

    @classmethod
    def of(cls, a: Aircraft) -> Plan:
        """The plan of an aircraft."""
        g = a.geometry
        return cls(g.span, g.wing_area, degrees(g.wing_incidence), g.length, g.frontal_area)

    @property
    def tail_areas(self) -> tuple[float, float]:
        """m^2 that pitch and yaw ask for."""
        pitch = PITCH_VOLUME * self.area * self.mean_chord / TAIL_ARM
        return pitch, YAW_VOLUME * self.area * self.span / TAIL_ARM

    @property
    def tail_area(self) -> float:
        """m^2, true: the sum of both (NACA Report 823)."""
        return sum(self.tail_areas)

    @property
    def tail_slope(self) -> float:
        """rad, dihedral of the tail that shares its area between pitch and yaw."""
        pitch, yaw = self.tail_areas
        return atan((yaw / pitch) ** 0.5)

    @property
    def tail_span(self) -> float:
        """m, both panels, along them."""
        return (TAIL_ASPECT * self.tail_area) ** 0.5

    @property
    def root(self) -> float:
        """m, wing chord in the plane of symmetry."""
        return 2.0 * self.area / (self.span * (1.0 + TAPER))

    @property
    def mean_chord(self) -> float:
        """m, mean aerodynamic chord of the trapezoid."""
        return 2.0 / 3.0 * self.root * (1.0 + TAPER + TAPER**2) / (1.0 + TAPER)

    @property
    def height(self) -> float:
        """m, of the fuselage, whose largest section has the frontal area."""
        area_of_unit = superellipse_area(WIDTH_OVER_HEIGHT, 1.0)
        return (self.frontal / area_of_unit) ** 0.5

    def chord(self, part: float) -> float:
        """m, wing chord at a part of the half span."""
        return self.root * (1.0 + (TAPER - 1.0) * part)

    def tail_chord(self, part: float) -> float:
        """m, tail chord at a part of the panel."""
        root = 2.0 * self.tail_area / (self.tail_span * (1.0 + TAIL_TAPER))
        return root * (1.0 + (TAIL_TAPER - 1.0) * part)


def superellipse_area(width: float, height: float) -> float:
    """Area of |x/a|^n + |y/b|^n = 1."""
    section = asb.FuselageXSec(width=width, height=height, shape=BODY_SHAPE)
    return float(section.xsec_area())


def fuselage(plan: Plan) -> asb.Fuselage:
    """The body of the aircraft."""
    length, height = FUSELAGE_LENGTH * plan.length, plan.height
    return asb.Fuselage("body", xsecs=[
        asb.FuselageXSec(xyz_c=[length * s - NOSE, 0.0, 0.0], width=WIDTH_OVER_HEIGHT * height * k, height=height * k,
                         shape=BODY_SHAPE)
        for s, k in BODY
    ])  # fmt: skip


def _wing_section(plan: Plan, part: float, foil: asb.Airfoil, control: list[asb.ControlSurface]) -> asb.WingXSec:
    c, y = plan.chord(part), 0.5 * plan.span * part
    ahead = (CENTRE_OF_GRAVITY - 0.25) * plan.mean_chord
    place = [-ahead - 0.25 * c, y, WING_HEIGHT + y * tan(radians(DIHEDRAL))]
    return asb.WingXSec(place, chord=c, twist=plan.incidence - WASHOUT * part, airfoil=foil, control_surfaces=control)


def _tail_section(
    plan: Plan, part: float, foil: asb.Airfoil, rigged: float, control: list[asb.ControlSurface]
) -> asb.WingXSec:
    c, s = plan.tail_chord(part), 0.5 * plan.tail_span * part
    slope = plan.tail_slope
    place = [TAIL_ARM - 0.25 * c, s * cos(slope), TAIL_HEIGHT + TURN * s * sin(slope)]
    return asb.WingXSec(place, chord=c, twist=rigged, airfoil=foil, control_surfaces=control)


def _surface(name: str, symmetric: bool, deflection: float, chord: float) -> asb.ControlSurface:
    return asb.ControlSurface(name, symmetric=symmetric, deflection=deflection, hinge_point=1.0 - chord)


def with_surfaces(plan: Plan, d: Deflections, rigged: float, body: bool = True) -> asb.Airplane:
    """The aircraft with control surfaces as AeroBuildup knows them; `rigged` is the tail's incidence in degrees."""
    foil, tail_foil = asb.Airfoil(SECTION), asb.Airfoil(TAIL_SECTION)
    flap = _surface("flap", True, d.flap, FLAP_CHORD)
    aileron = _surface("aileron", False, -d.aileron, FLAP_CHORD)
    stations = ((0.0, []), (FLAP[0], [flap]), (FLAP[1], []), (AILERON[0], [aileron]), (AILERON[1], []), (1.0, []))
    wing = asb.Wing("wing", symmetric=True, xsecs=[_wing_section(plan, part, foil, c) for part, c in stations])
    tail_controls = [
        _surface("elevator", True, d.elevator, RUDDERVATOR_CHORD),
        _surface("rudder", False, d.rudder, RUDDERVATOR_CHORD),
    ]
    tail = asb.Wing("tail", symmetric=True, xsecs=[
        _tail_section(plan, 0.0, tail_foil, rigged, tail_controls), _tail_section(plan, 1.0, tail_foil, rigged, []),
    ])  # fmt: skip
    return _airplane(plan, [wing, tail], [fuselage(plan)] if body else [])


def with_bent_sections(plan: Plan, d: Deflections, rigged: float) -> asb.Airplane:
    """The lifting surfaces with deflections bent into the sections of each half: the lattice ignores controls."""
    wings = []
    for side in (1, -1):
        wings += [_half(_wing_stations(plan, d, side), side), _half(_tail_stations(plan, d, rigged, side), side)]
    return _airplane(plan, wings, [])


def _wing_stations(plan: Plan, d: Deflections, side: int) -> list[asb.WingXSec]:
    plain = asb.Airfoil(SECTION)
    flap, aileron = bent(SECTION, d.flap, FLAP_CHORD), bent(SECTION, -side * d.aileron, FLAP_CHORD)
    stations = [(0.0, plain), (FLAP[0] - STEP, plain), (FLAP[0] + STEP, flap), (FLAP[1] - STEP, flap),
                (FLAP[1] + STEP, plain), (AILERON[0] - STEP, plain), (AILERON[0] + STEP, aileron),
                (AILERON[1] - STEP, aileron), (AILERON[1] + STEP, plain), (1.0, plain)]  # fmt: skip
    return [_wing_section(plan, part, foil, []) for part, foil in stations]


def _tail_stations(plan: Plan, d: Deflections, rigged: float, side: int) -> list[asb.WingXSec]:
    foil = bent(TAIL_SECTION, d.elevator + side * d.rudder, RUDDERVATOR_CHORD)
    return [_tail_section(plan, part, foil, rigged, []) for part in (0.0, 1.0)]


def bent(name: str, deflection: float, chord: float) -> asb.Airfoil:
    """A section with its rear part turned, trailing edge down positive, degrees."""
    foil = asb.Airfoil(name)
    return foil.add_control_surface(deflection=deflection, hinge_point_x=1.0 - chord) if deflection else foil


def _half(stations: list[asb.WingXSec], side: int) -> asb.Wing:
    """One half as a wing of its own, from left to right."""
    if side < 0:
        for station in stations:
            station.xyz_le[1] *= -1.0
        stations = stations[::-1]
    return asb.Wing("half", symmetric=False, xsecs=stations)


def _airplane(plan: Plan, wings: list[asb.Wing], bodies: list[asb.Fuselage]) -> asb.Airplane:
    return asb.Airplane("aircraft", xyz_ref=[0.0, 0.0, 0.0], wings=wings, fuselages=bodies, s_ref=plan.area,
                        c_ref=plan.mean_chord, b_ref=plan.span)  # fmt: skip

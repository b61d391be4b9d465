"""What the ice does to the aircraft: factors on the clean aircraft and additions to it."""

from __future__ import annotations

from typing import Any

from samruk.aircraft import Aerodynamics, Aircraft
from samruk.lazy import jnp
from samruk.plant import accretion
from samruk.plant.ice import propeller
from samruk.plant.ice.state import FROST_DENSITY, SLAB_DENSITY, Coat, Ice, IceEffects, aboard

Scalar = Any

REFERENCE_SEVERITY, REFERENCE_DRAG = 0.08, 0.021
"""Severity eta of the iced Twin Otter in Bragg's method, and the rise of drag that goes with it (recalled)."""
ROUGHNESS_SCALE = 0.3e-3
"""m of ice at which 63 % of what roughness costs is there (estimated)."""
STORE_DRAG = 4.0
"""Rise of a store's drag per ice thickness over diameter: its front grows by that (shape unchanged)."""
RIDGE_DRAG = 2.5
"""Section drag per height over chord of a ridge (estimated: a fence in 1.5 times the dynamic pressure)."""
INFLATED_DRAG, INFLATED_LIFT = 1.3, 0.08
"""Rise of a section's drag over its clean drag while a boot stands up, and the lift that it takes: 100 to 165 % and
6 to 10 % in dry air (NACA TN-3564)."""
FROST_FULL, SLAB_FULL = 0.5e-3, 1e-3
"""m of frost and of clear ice at which their whole effect is there (estimated)."""
UPPER_AREA = 1.3
"""Upper sides that rain and frost coat, over the wing area (estimated)."""
OUTER_ARM, INNER_ARM = 0.7, 0.3
"""Share of the outer and of the inner half of a wing in its rolling moment: by their arms."""
BREAK = 1.5
"""Rise of the stall's sharpness per part of the largest lift lost (estimated): ice at the nose lets go at once."""
STALL_ROLL = 0.05
"""C_l in a stall per difference of the outer halves' lost lift (estimated)."""
SCREEN_LOSS, ALTERNATE_FROM, ALTERNATE_LOSS = 0.10, 0.5, 0.065
"""Power lost as the intake's screen closes, the part closed at which alternate air opens, and power lost to its warmth:
5 to 8 % (estimated)."""
FILM_LOSS, FILM_SCALE, DRY_PART = 3.0, 1e-3, 0.15
"""dB that a thick wet coat on the antenna's cover takes, m at which 63 % of it is there, and what part of it dry ice
takes: 0.5 to 3 dB at C band (recalled)."""
WINDOW_CONTRAST = 1200.0
"""1/m: contrast falls to 0.3 in a millimetre of ice on the window (estimated)."""
THICKEST = 0.06
"""Ice thickness over chord beyond which its effect has not been measured: the thickest of TM-83556 is about that."""


def effects(ice: Ice, aircraft: Aircraft, propeller_speed: Scalar = 0.0) -> IceEffects:
    """What the ice does to the aircraft.

    Drag: sections averaged over the span. Largest lift: horn and ridge heights (NACA TR-446). Lift slope, controls,
    damping, pitch: Bragg's form C_iced = (1 + eta k) C with the Twin Otter's k (AIAA 2000-0360, recalled), the severity
    eta taken from the drag rise of wing and tail, bending off above 0.1 as in the UIUC model.

    Args:
        ice: the state.
        aircraft: its geometry, coefficients and uncertain factors.
        propeller_speed: rad/s, for the force of its imbalance.
    """
    g, p, a = aircraft.geometry, aircraft.ice, aircraft.aero
    cover, inside, outside = p.wing_coverage, (2.0 - p.tip_chord) * g.chord, p.tip_chord * g.chord
    halves = ((ice.wing_left, ice.tip_left, ice.inflated_left), (ice.wing_right, ice.tip_right, ice.inflated_right))
    bare, bare_tail = section_drag(ice.wing_bare, outside, a), section_drag(ice.tail_bare, g.tail_chord, a)
    rises = []
    for inner, outer, stands in halves:
        boot = INFLATED_DRAG * a.C_D_profile_wing * stands
        rises.append((section_drag(inner, inside, a) + boot, section_drag(outer, outside, a) + boot))
    areas = (1.0 - 0.5 * p.tip_chord, 0.5 * p.tip_chord)
    left, right = (cover * (areas[0] * i + areas[1] * o) + (1.0 - cover) * bare for i, o in rises)
    boot_tail = INFLATED_DRAG * a.C_D_profile_wing * ice.inflated_tail
    tail = bare_tail + cover * (section_drag(ice.tail, g.tail_chord, a) + boot_tail - bare_tail)
    e_left, e_right, e_tail = _severity(left), _severity(right), _severity(tail)
    e_wing = 0.5 * (e_left + e_right)
    rolling = [_severity(cover * (INNER_ARM * i + OUTER_ARM * o) + (1.0 - cover) * bare) for i, o in rises]
    upper = jnp.clip(ice.frost * (1.0 / FROST_FULL) + ice.slab * (1.0 / SLAB_FULL), 0.0, 1.0)
    losses = []
    for inner, outer, stands in halves:
        boot = 1.0 - INFLATED_LIFT * stands
        losses.append(tuple(1.0 - boot * (1.0 - lift_loss(coat, chord, p.lift_factor))
                            for coat, chord in ((inner, inside), (outer, outside))))  # fmt: skip
    of_halves = sum(areas[0] * i + areas[1] * o for i, o in losses)
    lost = cover * 0.5 * of_halves + (1.0 - cover) * lift_loss(ice.wing_bare, outside, p.lift_factor)
    surfaces = (1.0 / REFERENCE_SEVERITY) * 0.5 * (e_wing + e_tail)
    return IceEffects(
        C_L_factor=(1.0 - 0.10 / REFERENCE_SEVERITY * e_wing) * (1.0 - 0.05 * upper),
        C_L_max_factor=(1.0 - lost) * (1.0 - 0.25 * upper),
        C_D_added=0.5 * (left + right) + tail * g.tail_area / g.wing_area + 0.4 * a.C_D_profile_wing * upper
        + aircraft.stores.C_D * STORE_DRAG * ice.stores.thickness / aircraft.stores.diameter,
        C_m_added=-0.01892 / REFERENCE_SEVERITY * (0.75 * e_wing + 0.25 * e_tail) - 0.014928 / 0.20 * e_tail,
        roll_added=0.159 * (rolling[1] - rolling[0]),
        control_factor=1.0 - 0.095 * surfaces,
        damping_factor=1.0 - 0.065 * surfaces,
        thrust_factor=propeller.thrust_factor(ice, aircraft),
        pitot_blockage=ice.ports.pitot,
        mass=aboard(ice) + (FROST_DENSITY * ice.frost + SLAB_DENSITY * ice.slab) * UPPER_AREA * g.wing_area,
        break_factor=1.0 + BREAK * lost,
        roll_in_stall=STALL_ROLL * cover * (losses[1][1] - losses[0][1]),
        power_factor=_breathing(ice.ports.intake),
        drain_blockage=ice.ports.drain,
        static_blockage=ice.ports.static,
        antenna_loss=FILM_LOSS * (1.0 - jnp.exp(-ice.radome * (1.0 / FILM_SCALE)))
        * (DRY_PART + (1.0 - DRY_PART) * ice.wetness),
        window_contrast=jnp.exp(-WINDOW_CONTRAST * ice.window),
        imbalance=propeller.imbalance(ice, propeller_speed, aircraft),
    )  # fmt: skip


def beyond(ice: Ice, aircraft: Aircraft) -> Scalar:
    """Truth value: ice is thicker, for its chord, than any whose effect has been measured."""
    most = jnp.maximum(jnp.maximum(ice.wing_left.thickness, ice.wing_right.thickness), ice.wing_bare.thickness)
    return most > THICKEST * aircraft.geometry.chord


def _breathing(closed: Scalar) -> Scalar:
    """What the iced intake leaves of the power: less through the screen until alternate air opens, warm, instead."""
    return 1.0 - jnp.where(closed < ALTERNATE_FROM, SCREEN_LOSS * closed * closed, ALTERNATE_LOSS)


def section_drag(coat: Coat, chord: Scalar, aero: Aerodynamics) -> Scalar:
    """Rise of a section's drag: the ice's shape, its ridges, and the loss of laminar flow to its roughness."""
    covered = 1.0 - jnp.exp(-coat.thickness * (1.0 / ROUGHNESS_SCALE))
    rough = accretion.ROUGH_PART * aero.C_D_profile_wing * covered
    return coat.drag + RIDGE_DRAG * (coat.ridge + coat.aft) / chord + rough


def _severity(drag: Scalar) -> Scalar:
    """Bragg's eta from a rise of section drag, bent off above 0.1 towards 0.3 (UIUC Twin Otter model)."""
    eta = REFERENCE_SEVERITY / REFERENCE_DRAG * drag
    return jnp.where(eta > 0.1, 0.3 - 0.3297 * jnp.exp(-5.0 * eta), eta)


def lift_loss(coat: Coat, chord: Scalar, factor: Scalar = 1.0) -> Scalar:
    """Part of C_L_max that ice takes from a section.

    At the leading edge k = 0.263 (h/c / 0.001)^0.2, fading below h/c = 2e-4 and held at 0.55; behind the heated zone,
    at 8 % chord, 1 - exp(-0.115 (h/c / 0.001)^0.82). Our fits to NACA TR-446 (NACA 0012, ridges 0.001 to 0.0125 chord
    high; 8 % between its stations 5 and 15 %): the first within 0.05, the second within 0.03. `factor` on both losses.
    """
    horn, ridge = coat.horn * 1e3 / chord, (coat.ridge + coat.aft) * 1e3 / chord
    edge = 0.263 * accretion.raised(horn, 0.2) * (1.0 - jnp.exp(-5.0 * horn))
    aft = 1.0 - jnp.exp(-0.115 * accretion.raised(ridge, 0.82))
    lost = 1.0 - (1.0 - jnp.minimum(edge, 0.55)) * (1.0 - aft)
    return jnp.minimum(factor * lost, 0.85)

"""What is frozen on the aircraft, what protects it, and what the ice does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from samruk.words import wide

Scalar = Any

UNPROTECTED, ELECTROTHERMAL, BOOTS = range(3)
"""Kinds of wing and tail protection, as `ice.wing_kind` of an aircraft file names them."""
FROST_DENSITY = 200.0
"""kg/m^3, hoar frost (estimated)."""
SLAB_DENSITY = 917.0
"""kg/m^3, clear ice of freezing rain."""


@dataclass(frozen=True)
class Protection:
    """Part of each zone's protection that works now, 0..1."""

    wing_left: Scalar = 0.0
    wing_right: Scalar = 0.0
    tail: Scalar = 0.0
    propeller: Scalar = 0.0
    pitot: Scalar = 0.0
    window: Scalar = 0.0
    """Heat of the camera's window."""
    intake: Scalar = 0.0
    """Heat of the engine's intake screen."""


@dataclass(frozen=True)
class Parked:
    """What ices or frees an aircraft that stands, and the rain that it flies through."""

    on_ground: Scalar = 0.0
    """1 while it stands or rolls."""
    overcast: Scalar = 0.0
    """0..1, part of the sky's cold that clouds hide."""
    fuel_temperature: Scalar = 288.15
    """K, of the fuel behind the wing's skin."""
    static_pressure: Scalar = 101325.0
    """Pa, of the air at the aircraft."""


@dataclass(frozen=True)
class Coat:
    """Ice on a lifting surface, seen per section."""

    thickness: Scalar = wide(0.0)
    """m, at the stagnation line."""
    horn: Scalar = wide(0.0)
    """m, height that trips the flow."""
    drag: Scalar = wide(0.0)
    """Rise of the section's drag coefficient."""
    ridge: Scalar = wide(0.0)
    """m, refrozen runback behind the heated zone."""
    aft: Scalar = wide(0.0)
    """m, ice of large drops that struck behind the zone: no protection removes it."""
    mass: Scalar = wide(0.0)
    """kg on the whole zone."""


@dataclass(frozen=True)
class Books:
    """Water and ice since the start, kg, on wing, tail, propeller and stores."""

    caught: Scalar = wide(0.0)
    """Water that struck: collected + evaporated + run_off."""
    evaporated: Scalar = wide(0.0)
    """Water that evaporated before it froze."""
    run_off: Scalar = wide(0.0)
    """Water that left the trailing edges as it was."""
    collected: Scalar = wide(0.0)
    """Water that froze on: aboard + shed."""
    shed: Scalar = wide(0.0)
    """Ice that is gone: thrown off, melted, sublimated."""


@dataclass(frozen=True)
class Ports:
    """Holes of the air data system and of the engine."""

    pitot: Scalar = wide(0.0)
    """0..1, part of the pitot port that is closed."""
    drain: Scalar = wide(0.0)
    """0..1, part of the pitot's drain that is closed."""
    static: Scalar = wide(0.0)
    """0..1, part of the static port that is closed."""
    intake: Scalar = wide(0.0)
    """0..1, part of the intake screen that is closed."""
    total_pressure: Scalar = 101325.0
    """Pa, in the pitot line: kept when port and drain are closed."""
    static_pressure: Scalar = 101325.0
    """Pa, in the static line: kept when the port is closed."""


@dataclass(frozen=True)
class Probe:
    """The ice detector's vibrating rod."""

    ice: Scalar = wide(0.0)
    """m on it."""
    armed: Scalar = wide(0.0)
    """s since it was last clear."""
    heating: Scalar = 0.0
    """s of heating that are left."""
    signal: Scalar = 0.0
    """s for which it will go on reporting ice."""
    rate: Scalar = 0.0
    """m/s, growth that it found at its last trip."""


@dataclass(frozen=True)
class Ice:
    """Ice of the whole aircraft."""

    wing_left: Coat = field(default_factory=Coat)
    """Protected zone of the left wing, inner half."""
    wing_right: Coat = field(default_factory=Coat)
    """Protected zone of the right wing, inner half."""
    tip_left: Coat = field(default_factory=Coat)
    """Protected zone of the left wing, outer half: a smaller nose that catches more."""
    tip_right: Coat = field(default_factory=Coat)
    """Protected zone of the right wing, outer half."""
    wing_bare: Coat = field(default_factory=Coat)
    """Unprotected rest of both wings."""
    tail: Coat = field(default_factory=Coat)
    """Protected zone of the tail."""
    tail_bare: Coat = field(default_factory=Coat)
    """Unprotected rest of the tail."""
    blade: Coat = field(default_factory=Coat)
    """All propeller blades but one, at 0.7 radius."""
    blade_first: Coat = field(default_factory=Coat)
    """The blade that sheds first, at 0.7 radius."""
    hub: Coat = field(default_factory=Coat)
    """All blades at 0.4 radius."""
    tip: Coat = field(default_factory=Coat)
    """All blades at 0.95 radius."""
    stores: Coat = field(default_factory=Coat)
    """Noses of what hangs outside."""
    frost: Scalar = wide(0.0)
    """m of frost on the upper sides."""
    slab: Scalar = wide(0.0)
    """m of clear ice on the upper sides: rain that froze on the parked aircraft."""
    radome: Scalar = wide(0.0)
    """m of ice on the antenna's cover."""
    wetness: Scalar = 0.0
    """0..1, how wet that ice is."""
    window: Scalar = wide(0.0)
    """m of ice on the camera's window."""
    ports: Ports = field(default_factory=Ports)
    """Pitot, drain, static port, intake."""
    probe: Probe = field(default_factory=Probe)
    """The detector."""
    books: Books = field(default_factory=Books)
    """Where the water went."""
    cycle: Scalar = wide(0.0)
    """s since the protection's cycle began."""
    inflated_left: Scalar = 0.0
    """0..1, boots of the left wing that stand up now."""
    inflated_right: Scalar = 0.0
    """The same of the right wing."""
    inflated_tail: Scalar = 0.0
    """The same of the tail."""


@dataclass(frozen=True)
class IceEffects:
    """What the ice does now: factors on and additions to the clean aircraft."""

    C_L_factor: Scalar = 1.0
    """On the lift slope."""
    C_L_max_factor: Scalar = 1.0
    """On the largest lift."""
    C_D_added: Scalar = 0.0
    """Drag coefficient, on the wing area."""
    C_m_added: Scalar = 0.0
    """Pitching moment, nose down negative."""
    roll_added: Scalar = 0.0
    """Rolling moment C_l from unequal halves, positive to the right."""
    control_factor: Scalar = 1.0
    """On the effect of elevator, aileron and rudder."""
    damping_factor: Scalar = 1.0
    """On C_l_p, C_m_q and C_n_r."""
    thrust_factor: Scalar = 1.0
    """On the propeller's thrust at given shaft power."""
    pitot_blockage: Scalar = 0.0
    """0..1, part of the pitot port that is closed."""
    mass: Scalar = 0.0
    """kg of ice and frost aboard."""
    break_factor: Scalar = 1.0
    """On the sharpness of the stall: ice at the nose makes it sudden."""
    roll_in_stall: Scalar = 0.0
    """C_l at the height of a stall, by the wing that lets go first; positive to the right."""
    power_factor: Scalar = 1.0
    """On the engine's power: iced screen, hot alternate air."""
    drain_blockage: Scalar = 0.0
    """0..1, part of the pitot's drain that is closed."""
    static_blockage: Scalar = 0.0
    """0..1, part of the static port that is closed."""
    antenna_loss: Scalar = 0.0
    """dB of the line of sight."""
    window_contrast: Scalar = 1.0
    """0..1, part of the contrast that the camera's window lets through."""
    imbalance: Scalar = 0.0
    """N, force of the propeller's imbalance that turns with it."""


def aboard(ice: Ice) -> Scalar:
    """Ice on wing, tail, propeller and stores, kg: what was collected less what was shed."""
    coats = (
        ice.wing_left, ice.wing_right, ice.tip_left, ice.tip_right, ice.wing_bare, ice.tail, ice.tail_bare, ice.blade,
        ice.blade_first, ice.hub, ice.tip,
    )  # fmt: skip
    return sum((coat.mass for coat in coats), ice.stores.mass)

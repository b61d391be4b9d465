"""The ledger of a flight: events, margins and integrals, kept inside the step.

A slot of an event holds its first and last mission tick, how many mission ticks it was true, and the worst value of
the quantity that belongs to it. Margins are running extremes. Integrals are sums over the mission ticks. All updates
are selects: nothing branches, nothing grows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from samruk.lazy import jnp
from samruk.tables import to_int
from samruk.words import wide

Scalar = Any

NEVER = -1
"""Tick of an event that has not happened."""


@dataclass(frozen=True)
class Slot:
    """One kind of event."""

    first: Scalar = NEVER
    """Mission tick at which it was true first; -1 never."""
    last: Scalar = NEVER
    """Mission tick at which it was true last; -1 never."""
    count: Scalar = 0
    """Mission ticks for which it was true."""
    starts: Scalar = 0
    """How many times it began."""


@dataclass(frozen=True)
class Events:
    """Slots by kind; each names a state that is either true or not at a mission tick."""

    refused: Slot = field(default_factory=Slot)
    """The checks before flight refused."""
    take_off: Slot = field(default_factory=Slot)
    """Airborne for the first time, until touch-down."""
    on_station: Slot = field(default_factory=Slot)
    """Time that counts as observation."""
    icing_cloud: Slot = field(default_factory=Slot)
    """In supercooled cloud."""
    failure: Slot = field(default_factory=Slot)
    """A declared failure holds."""
    in_rain: Slot = field(default_factory=Slot)
    """In rain of more than 1 mm/h."""
    freezing_rain: Slot = field(default_factory=Slot)
    """In rain below 0 C."""
    hydroplaning: Slot = field(default_factory=Slot)
    """Rolling through standing water faster than the tyres keep contact."""
    wind_shear: Slot = field(default_factory=Slot)
    """Wind that changes along the way takes more than a tenth of climb gradient over a kilometre (F over 0.105)."""
    beyond_model: Slot = field(default_factory=Slot)
    """An effect of the weather is used outside the range in which it has been measured."""
    intake_iced: Slot = field(default_factory=Slot)
    """Ice has closed the intake's screen; the engine breathes warm alternate air."""
    propeller_shakes: Slot = field(default_factory=Slot)
    """One blade has shed its ice before the others: imbalance beyond 5 % of the weight."""
    ice_detected: Slot = field(default_factory=Slot)
    """The ice detector reports."""
    protection: Slot = field(default_factory=Slot)
    """Wing protection is on and powered."""
    protection_shed: Slot = field(default_factory=Slot)
    """Wing protection is asked for but the alternator cannot carry it."""
    pitot_blocked: Slot = field(default_factory=Slot)
    """The pitot tube is more than half blocked."""
    airspeed_rejected: Slot = field(default_factory=Slot)
    """The autopilot does not believe its pitot tube."""
    stall_margin_low: Slot = field(default_factory=Slot)
    """Airborne with less than 10 % of airspeed above the true stall speed."""
    stalled: Slot = field(default_factory=Slot)
    """Angle of attack beyond the stall in the air."""
    overspeed: Slot = field(default_factory=Slot)
    """Beyond the never-exceed airspeed."""
    link_lost: Slot = field(default_factory=Slot)
    """No link carries frames."""
    satellite_used: Slot = field(default_factory=Slot)
    """The satellite carries the link."""
    lost_link_flown: Slot = field(default_factory=Slot)
    """The lost-link route is flown."""
    escape: Slot = field(default_factory=Slot)
    """Leaving ice by height."""
    crew_command: Slot = field(default_factory=Slot)
    """A crew command reached the aircraft this tick."""
    command_refused: Slot = field(default_factory=Slot)
    """The aircraft refused a crew command this tick."""
    returning: Slot = field(default_factory=Slot)
    """Flying home."""
    diverting: Slot = field(default_factory=Slot)
    """Flying to an alternate."""
    bingo: Slot = field(default_factory=Slot)
    """Fuel has come down to what reaches home with the reserve."""
    reserve_used: Slot = field(default_factory=Slot)
    """Fuel below the reserve in the air."""
    fuel_out: Slot = field(default_factory=Slot)
    """No usable fuel."""
    engine_stopped: Slot = field(default_factory=Slot)
    """Engine not running in the air."""
    electric_overload: Slot = field(default_factory=Slot)
    """Loads beyond the alternator."""
    blackout: Slot = field(default_factory=Slot)
    """Alternator and battery are gone: the avionics have no power."""
    fuel_cold: Slot = field(default_factory=Slot)
    """Fuel within 3 K of its freezing point."""
    fuel_clogged: Slot = field(default_factory=Slot)
    """Fuel below its freezing point: the filter takes part of the engine's power."""
    engine_hot: Slot = field(default_factory=Slot)
    """Coolant beyond its limit."""
    bay_out_of_limits: Slot = field(default_factory=Slot)
    """Avionics bay beyond a limit."""
    beyond_terrain: Slot = field(default_factory=Slot)
    """Airborne outside the tile of a mission with terrain: the ground below is the declared plane."""
    oil_hot: Slot = field(default_factory=Slot)
    """Oil beyond its limit."""
    boxes_hot: Slot = field(default_factory=Slot)
    """Avionics boxes beyond their limit."""
    battery_out_of_limits: Slot = field(default_factory=Slot)
    """Battery hotter than its limit, or too cold to give half of its energy."""
    turret_out_of_limits: Slot = field(default_factory=Slot)
    """Turret beyond a limit."""
    skin_hot: Slot = field(default_factory=Slot)
    """Skin hotter than that for which the structure's strength is shown."""
    outside_limits: Slot = field(default_factory=Slot)
    """Air colder or hotter than the aircraft is described for."""
    approach: Slot = field(default_factory=Slot)
    """On the glide path."""
    go_around: Slot = field(default_factory=Slot)
    """Climbing away from an approach."""
    touch_down: Slot = field(default_factory=Slot)
    """On the wheels after flight."""
    stopped: Slot = field(default_factory=Slot)
    """At rest after flight, engine off."""
    destroyed: Slot = field(default_factory=Slot)
    """The aircraft is destroyed."""


@dataclass(frozen=True)
class Margins:
    """Running extremes of a flight."""

    stall_margin: Scalar = 10.0
    """Least airspeed over true stall speed, less 1, in the air above 30 m."""
    link_margin: Scalar = 100.0
    """dB, least of the better link while frames pass."""
    longest_gap: Scalar = 0.0
    """s, longest time without link."""
    ice: Scalar = 0.0
    """kg, most ice carried."""
    load_factor_high: Scalar = 1.0
    """Largest load factor."""
    load_factor_low: Scalar = 1.0
    """Smallest load factor in the air."""
    airspeed: Scalar = 0.0
    """m/s, largest calibrated airspeed."""
    height: Scalar = -1000.0
    """m, greatest height above mean sea level."""
    fuel_temperature: Scalar = 1000.0
    """K, coldest fuel."""
    bay_low: Scalar = 1000.0
    """K, coldest avionics bay."""
    bay_high: Scalar = 0.0
    """K, hottest avionics bay."""
    engine_temperature: Scalar = 0.0
    """K, hottest coolant."""
    oil_temperature: Scalar = 0.0
    """K, hottest oil."""
    boxes: Scalar = 0.0
    """K, hottest avionics box."""
    battery_low: Scalar = 1000.0
    """K, coldest battery."""
    battery_high: Scalar = 0.0
    """K, hottest battery."""
    turret_low: Scalar = 1000.0
    """K, coldest turret."""
    turret_high: Scalar = 0.0
    """K, hottest turret."""
    skin: Scalar = 0.0
    """K, hottest upper skin, soak included."""
    dark_skin: Scalar = 0.0
    """K, hottest dark paint, soak included."""
    strength: Scalar = 1.0
    """Least part of the structure's strength that heat has left, in flight."""
    fuel_high: Scalar = 0.0
    """K, hottest fuel, soak included."""
    outside_low: Scalar = 1000.0
    """K, coldest outside air."""
    outside_high: Scalar = 0.0
    """K, hottest outside air."""
    navigation_error: Scalar = 0.0
    """m, largest departure of the estimate from the truth, horizontally."""
    generator_load: Scalar = 0.0
    """Largest part of the alternator's power in use."""
    touch_down_sink: Scalar = 0.0
    """m/s, hardest touch-down."""
    altimeter_error: Scalar = 0.0
    """m, most by which an altimeter set at home is wrong, in either sense."""
    wind_shear: Scalar = 0.0
    """Largest F-factor of changing wind, mean over a kilometre, in the air."""
    imbalance: Scalar = 0.0
    """N, largest turning force of unequal blade ice in the air."""
    rain: Scalar = 0.0
    """m/s, heaviest rain flown through."""
    fuel_over_bingo: Scalar = 1000.0
    """kg, least fuel above what reaches home with the reserve, before turning for home."""


@dataclass(frozen=True)
class Integrals:
    """Sums over a flight."""

    airborne: Scalar = wide(0.0)
    """s."""
    station: Scalar = wide(0.0)
    """s on station."""
    seen: Scalar = wide(0.0)
    """s on station with the ground in sight."""
    landing_roll: Scalar = wide(0.0)
    """m rolled on the wheels after flight."""
    icing: Scalar = wide(0.0)
    """s in icing cloud."""
    protection_energy: Scalar = wide(0.0)
    """J, electric, spent on ice protection and pitot heat."""
    propeller_energy: Scalar = wide(0.0)
    """J, of that for the propeller."""
    pitot_energy: Scalar = wide(0.0)
    """J, of that for the pitot tube."""
    shed: Scalar = wide(0.0)
    """s in flight with something off for want of power."""
    distance: Scalar = wide(0.0)
    """m flown through the ground frame."""
    shaft_energy: Scalar = wide(0.0)
    """J at the propeller shaft."""


@dataclass(frozen=True)
class Ledger:
    """What is known of a flight when it is over."""

    events: Events = field(default_factory=Events)
    """Slots by kind."""
    margins: Margins = field(default_factory=Margins)
    """Extremes."""
    integrals: Integrals = field(default_factory=Integrals)
    """Sums."""


@dataclass(frozen=True)
class Ended:
    """What the end of a flight says, read from the carry."""

    status: int
    """0 sound; otherwise the model left its range (1 not a number, 2 out of range)."""
    damage: int
    """0 whole; otherwise what destroyed it, by `World.damage`."""
    refused: bool
    """The checks before flight refused."""
    reason: int
    """`messages.Reason` of the last decision."""
    stopped: bool
    """At rest after flight, or never left."""
    at_home: bool
    """Within the boundary of the home aerodrome."""
    station: float
    """s on station."""
    station_wanted: float
    """s on station that make the mission complete."""
    duration: float
    """s from leaving the ground to standing still, or to the end otherwise; 0 when refused."""
    fuel_used: float
    """kg."""
    fuel_left: float
    """kg."""


def slot(old: Slot, happening: Scalar, tick: Scalar) -> Slot:
    """A slot after one mission tick in which its state was true or not."""
    began = happening & (old.last != tick - 1)
    return Slot(
        first=jnp.where(happening & (old.first == NEVER), tick, old.first),
        last=jnp.where(happening, tick, old.last),
        count=old.count + to_int(happening),
        starts=old.starts + to_int(began),
    )


def events(old: Events, happening: dict[str, Scalar], tick: Scalar) -> Events:
    """All slots after one mission tick; `happening` holds a truth value for every slot."""
    return Events(**{f.name: slot(getattr(old, f.name), happening[f.name], tick) for f in fields(Events)})


def extreme(old: Scalar, value: Scalar, counts: Scalar, greatest: bool) -> Scalar:
    """A running maximum (or minimum) that moves only while `counts` is true."""
    new = jnp.maximum(old, value) if greatest else jnp.minimum(old, value)
    return jnp.where(counts, new, old)

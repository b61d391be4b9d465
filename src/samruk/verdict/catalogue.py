"""Interventions: declared changes of a flight's inputs, each with a price.

A *cause* takes something away that the day brought (ice, a gap in the link, the crew's slowness); a *remedy* adds
something that an operator can decide. A flight is flown again with one change, same seed, same gusts: what improves
the class of outcome is named. Taking all weather away, or not flying, is no intervention.

Prices are kilograms of fuel-equivalent, by the mission's exchange rates, plus the fuel that ice protection was seen
to use in the changed flight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from samruk.aircraft import Aircraft
from samruk.leaves import leaf, replace_leaf
from samruk.mission import GapWindow, Tables, Task
from samruk.mission_file.ground import USUAL_CLEARANCE
from samruk.plan import Leg
from samruk.terrain_file import Grid, faults


@dataclass(frozen=True)
class Inputs:
    """All that one lane flies with."""

    task: Task
    aircraft: Aircraft
    tables: Tables


@dataclass(frozen=True)
class Rates:
    """Exchange rates of a mission to kilograms of fuel-equivalent."""

    per_minute_delay: float = 0.05
    """kg per minute of later take-off."""
    per_minute_crew: float = 0.02
    """kg per minute of flight during which a second crew member watches this aircraft alone."""
    per_100_m: float = 0.5
    """kg per 100 m of changed height: worse picture or worse link."""
    per_equipment: float = 5.0
    """kg for a change of equipment or grade before the flight."""


@dataclass(frozen=True)
class Intervention:
    """One change of inputs."""

    name: str
    """Stable key."""
    text: str
    """What it is, for people, in a few words."""
    kind: str
    """`cause` or `remedy`."""
    change: Callable[[Inputs], Inputs | None]
    """The changed inputs, or None where it does not apply (nothing to change, or not allowed)."""
    price: Callable[[Rates], float]
    """kg fuel-equivalent, declared."""


def _task(path: str, value: float) -> Callable[[Inputs], Inputs | None]:
    """Set one leaf of the task; does not apply where it has that value already."""

    def change(inputs: Inputs) -> Inputs | None:
        task = replace_leaf(inputs.task, path, value)
        return None if task == inputs.task else replace(inputs, task=task)

    return change


def _no_cloud(inputs: Inputs) -> Inputs | None:
    """The same day without its clouds; does not apply where there is none."""
    c = inputs.task.conditions
    if not any(cloud.water > 0.0 for cloud in (c.cloud_a, c.cloud_b, c.cloud_c)):
        return None
    return _task("conditions.cloud_scale", 0.0)(inputs)


def _clean_wing(inputs: Inputs) -> Inputs | None:
    """No frost and no ice on the upper sides at start; does not apply to a clean aircraft."""
    loading = replace(inputs.task.loading, frost=0.0, ground_ice=0.0)
    task = replace(inputs.task, loading=loading)
    return None if task == inputs.task else replace(inputs, task=task)


def _no_rain(inputs: Inputs) -> Inputs | None:
    """The same day without its rain; does not apply where there is none."""
    c = inputs.task.conditions
    if c.rain_a.rate == c.rain_b.rate == c.gateway_rain == 0.0 and c.runway_state in (0, 1):
        return None
    dry = replace(c, rain_scale=0.0, gateway_rain=0.0, runway_state=0)
    return replace(inputs, task=replace(inputs.task, conditions=dry))


def _clear_air(inputs: Inputs) -> Inputs | None:
    """The same day without haze or fog; does not apply where what is seen does not count."""
    if not inputs.task.rules.sight:
        return None
    return _at_least("conditions.visibility", 50000.0)(inputs)


def _cleared_runway(inputs: Inputs) -> Inputs | None:
    """A runway swept and treated before the flight: no better than wet; does not apply to one that is."""
    return _task("conditions.runway_state", 2)(inputs) if inputs.task.conditions.runway_state in (3, 4, 5) else None


def _no_gust(inputs: Inputs) -> Inputs | None:
    """The same day without its discrete gusts; does not apply where there is none."""
    c = inputs.task.conditions
    if c.gust_a.amplitude == c.gust_b.amplitude == c.gust_c.amplitude == 0.0:
        return None
    return _task("conditions.gust_scale", 0.0)(inputs)


def _no_wave(inputs: Inputs) -> Inputs | None:
    """The same day without mountain waves; does not apply where there is none."""
    c = inputs.task.conditions
    if c.wave.ridge == c.wave.trapped == c.wave.rotor == 0.0:
        return None
    flat = replace(c, wave=replace(c.wave, ridge=0.0, trapped=0.0, rotor=0.0))
    return replace(inputs, task=replace(inputs.task, conditions=flat))


def _no_wind(inputs: Inputs) -> Inputs | None:
    """The same day without its mean wind; does not apply where there is none."""
    profile = inputs.tables.profile
    if not (np.any(profile.wind_north) or np.any(profile.wind_east)):
        return None
    return _task("conditions.wind_scale", 0.0)(inputs)


def _at_most(path: str, value: float) -> Callable[[Inputs], Inputs | None]:
    """Bring one leaf of the task down to a value; does not apply where it is lower already."""
    return lambda inputs: _task(path, value)(inputs) if leaf(inputs.task, path) > value else None


def _at_least(path: str, value: float) -> Callable[[Inputs], Inputs | None]:
    """Bring one leaf of the task up to a value; does not apply where it is higher already."""
    return lambda inputs: _task(path, value)(inputs) if leaf(inputs.task, path) < value else None


def _without_gaps(inputs: Inputs) -> Inputs | None:
    """The links without their scheduled gaps."""
    links, none = inputs.task.links, GapWindow()
    if links.gap_a.duration == links.gap_b.duration == links.gap_c.duration == 0.0:
        return None
    return replace(inputs, task=replace(inputs.task, links=replace(links, gap_a=none, gap_b=none, gap_c=none)))


SYSTEMS = {
    "ice_detector": "the ice detector's failure", "wing_left": "the failure of the left wing's ice protection",
    "wing_right": "the failure of the right wing's ice protection", "tail": "the failure of the tail's ice protection",
    "propeller": "the failure of the propeller's ice protection", "pitot_heat": "the failure of pitot heat",
    "pitot": "the blocked pitot tube", "alternator": "the alternator's failure", "battery": "the battery's failure",
    "engine": "the engine's loss of power", "coolant": "the loss of cooling", "fuel_heat": "the loss of fuel heat",
    "payload": "the payload's failure", "gnss": "the loss of satellite navigation",
    "satellite": "the satellite terminal's failure", "actuators": "the slow actuators",
}  # fmt: skip
"""What can fail -> how a cause is told."""


def failed(task: Task) -> dict[str, float]:
    """Systems of a task that fail, and when, s since the epoch."""
    every = {each.name: getattr(task.failures, each.name) for each in fields(task.failures)}
    return {name: float(failure.start) for name, failure in every.items() if failure.part > 0.0}


def _doubled(*systems: str) -> Callable[[Inputs], Inputs | None]:
    """A sound second one stands in for each of these systems that fails; does not apply where none does."""

    def change(inputs: Inputs) -> Inputs | None:
        lost = [system for system in systems if system in failed(inputs.task)]
        none = {system: replace(getattr(inputs.task.failures, system), part=0.0) for system in lost}
        task = replace(inputs.task, failures=replace(inputs.task.failures, **none))
        return replace(inputs, task=task) if lost else None

    return change


def _sound(system: str) -> Callable[[Inputs], Inputs | None]:
    """The system does not fail; does not apply where it does not anyway."""
    return lambda i: _task(f"failures.{system}.part", 0.0)(i) if system in failed(i.task) else None


def _calm(inputs: Inputs) -> Inputs | None:
    """The same day without turbulence."""
    conditions = inputs.task.conditions
    if conditions.turbulence_wind == conditions.turbulence_high == 0.0:
        return None
    calm = replace(conditions, turbulence_wind=0.0, turbulence_high=0.0)
    return replace(inputs, task=replace(inputs.task, conditions=calm))


def _crew(reaction: float, scan: float) -> Callable[[Inputs], Inputs | None]:
    """A crew that looks and decides at least this fast."""

    def change(inputs: Inputs) -> Inputs | None:
        crew = inputs.task.crew
        quick = replace(crew, reaction=min(crew.reaction, reaction), scan=min(crew.scan, scan))
        return None if quick == crew else replace(inputs, task=replace(inputs.task, crew=quick))

    return change


def _protects(inputs: Inputs) -> Inputs | None:
    """Ice protection by the aircraft itself."""
    return _task("rules.automatic_protection", 1)(inputs)


def _more_fuel(mass: float) -> Callable[[Inputs], Inputs | None]:
    """More fuel, where tank and take-off mass allow it whole."""

    def change(inputs: Inputs) -> Inputs | None:
        m, loading = inputs.aircraft.mass, inputs.task.loading
        fuel = loading.fuel + mass
        if fuel > m.fuel_capacity or m.empty + loading.payload + fuel > m.max_take_off:
            return None
        return _task("loading.fuel", fuel)(inputs)

    return change


def _later(hours: float) -> Callable[[Inputs], Inputs | None]:
    """Take-off later (or earlier): the epoch moves, the day's weather and gaps stay at their instants, and what fails
    aboard fails as long after the start."""
    shift = 3600.0 * hours

    def change(inputs: Inputs) -> Inputs:
        task, c = inputs.task, inputs.task.conditions
        lasting = ("cloud_a", "cloud_b", "cloud_c", "rain_a", "rain_b", "microburst")
        moved = {
            name: replace(part, start=part.start - shift, end=part.end - shift)
            for name in lasting
            for part in (getattr(c, name),)
        }
        gusts = {n: replace(g, start=g.start - shift) for n in ("gust_a", "gust_b", "gust_c") for g in (getattr(c, n),)}
        gaps = {
            name: replace(gap, start=gap.start - shift)
            for name in ("gap_a", "gap_b", "gap_c")
            for gap in (getattr(task.links, name),)
        }
        return replace(inputs, task=replace(
            task, clock=replace(task.clock, epoch=task.clock.epoch + shift),
            conditions=replace(c, **moved, **gusts), links=replace(task.links, **gaps),
        ))  # fmt: skip

    return change


def _height(change_by: float) -> Callable[[Inputs], Inputs | None]:
    """The whole route higher or lower, kept between 300 m over the ground and the ceiling of the rules."""

    def change(inputs: Inputs) -> Inputs | None:
        route, task = inputs.tables.route, inputs.task
        used = np.zeros(route.altitude.shape, bool)
        used[: int(task.legs)] = True
        if task.lost_link_legs:
            used[-int(task.lost_link_legs) :] = True
        altitude = np.where(used, route.altitude + change_by, route.altitude)
        floor = task.conditions.ground_elevation + 300.0
        if altitude[used].max() > task.rules.ceiling or altitude[used].min() < floor:
            return None
        changed = replace(inputs, tables=replace(inputs.tables, route=replace(route, altitude=altitude)))
        return changed if change_by > 0.0 or _clears(changed) else None

    return change


def _clears(inputs: Inputs) -> bool:
    """Whether the main route clears the terrain, where there is some, by the usual height."""
    task, route, tile = inputs.task, inputs.tables.route, inputs.task.tile
    if not tile.given:
        return True
    posts = np.asarray(inputs.tables.ground.posts).reshape(int(tile.rows), int(tile.columns))
    grid = Grid(posts, tile.north, tile.west, tile.spacing_latitude, tile.spacing_longitude)
    read = ("latitude", "longitude", "altitude", "loiter", "radius", "turns", "arc")
    columns = {name: getattr(route, name).tolist() for name in read}
    legs = [Leg(**{name: column[k] for name, column in columns.items()}) for k in range(int(task.legs))]
    return not faults(grid, legs, task.home, USUAL_CLEARANCE, float(task.rules.loiter_radius))


def _satellite(inputs: Inputs) -> Inputs | None:
    """A satellite channel, where the aircraft has the terminal and the mission says where the satellite stands."""
    links = inputs.task.links
    if links.satellite or not links.satellite_longitude or inputs.aircraft.radio.satellite_fitted < 0.5:
        return None
    return replace(inputs, task=replace(inputs.task, links=replace(links, satellite=1)))


def _see_through(inputs: Inputs) -> Inputs | None:
    """No ridge in the line of sight."""
    return _task("links.masked", 0)(inputs) if inputs.task.tile.given else None


def _soaked(**changes: float) -> Callable[[Inputs], Inputs | None]:
    """What is done for an aircraft that stands outside before its flight; nothing where it does not."""

    def change(inputs: Inputs) -> Inputs | None:
        soak = inputs.task.soak
        better = replace(soak, **{name: max(value, getattr(soak, name)) for name, value in changes.items()})
        if soak.duration <= 0.0 or better == soak:
            return None
        return replace(inputs, task=replace(inputs.task, soak=better))

    return change


def _faster(factor: float) -> Callable[[Inputs], Inputs | None]:
    """Every leg whose airspeed is given, faster by a factor; legs left to the autopilot stay."""

    def change(inputs: Inputs) -> Inputs | None:
        route = inputs.tables.route
        if not route.airspeed.any():
            return None
        return replace(inputs, tables=replace(inputs.tables, route=replace(route, airspeed=factor * route.airspeed)))

    return change


def _colder_fuel(inputs: Inputs) -> Inputs | None:
    """A fuel grade that freezes 10 K lower."""
    thermal = inputs.aircraft.thermal
    colder = replace(thermal, fuel_freezing=thermal.fuel_freezing - 10.0)
    return replace(inputs, aircraft=replace(inputs.aircraft, thermal=colder))


def _fuel_heater(inputs: Inputs) -> Inputs | None:
    """Two kilowatts more of heat that returns to the tanks."""
    thermal = inputs.aircraft.thermal
    warmer = replace(thermal, fuel_recirculation=thermal.fuel_recirculation + 2000.0)
    return replace(inputs, aircraft=replace(inputs.aircraft, thermal=warmer))


def _second_alternator(inputs: Inputs) -> Inputs | None:
    """Half of what the alternator loses stays; does not apply where it loses nothing."""
    part = inputs.task.failures.alternator.part
    return _task("failures.alternator.part", 0.5 * part)(inputs) if part > 0.0 else None


def _battery(factor: float) -> Callable[[Inputs], Inputs | None]:
    """A battery of more energy, at 7 kg for each kWh more (150 Wh/kg)."""

    def change(inputs: Inputs) -> Inputs:
        e, m = inputs.aircraft.electric, inputs.aircraft.mass
        more = (factor - 1.0) * e.battery_energy
        bigger = replace(e, battery_energy=e.battery_energy + more)
        heavier = replace(m, empty=m.empty + 7.0 * more / 3.6e6)
        return replace(inputs, aircraft=replace(inputs.aircraft, electric=bigger, mass=heavier))

    return change


CATALOGUE: tuple[Intervention, ...] = (
    Intervention("no_ice", "the icing cloud", "cause", _no_cloud, lambda r: 0.0),
    Intervention("link_kept", "the gap in the link", "cause", _without_gaps, lambda r: 0.0),
    Intervention("clear_view", "the ridges in the link's way", "cause", _see_through, lambda r: 0.0),
    Intervention("calm_air", "the turbulence", "cause", _calm, lambda r: 0.0),
    *(Intervention(f"sound_{system}", text, "cause", _sound(system), lambda r: 0.0)
      for system, text in SYSTEMS.items()),
    Intervention("no_gust", "the gust", "cause", _no_gust, lambda r: 0.0),
    Intervention("no_microburst", "the microburst", "cause", _at_most("conditions.microburst.outflow", 0.0),
                 lambda r: 0.0),
    Intervention("no_wave", "the mountain wave", "cause", _no_wave, lambda r: 0.0),
    Intervention("no_rain", "the rain", "cause", _no_rain, lambda r: 0.0),
    Intervention("clear_air", "the haze", "cause", _clear_air, lambda r: 0.0),
    Intervention("no_wind", "the wind", "cause", _no_wind, lambda r: 0.0),
    Intervention("instant_crew", "the crew's delay", "cause", _crew(1.0, 1.0), lambda r: 0.0),
    Intervention("waits_for_crew", "protection that waits for the crew", "cause", _protects, lambda r: 0.0),
    Intervention("clean_wing", "frost and ice on the wing at start", "cause", _clean_wing, lambda r: 0.0),
    Intervention("automatic_protection", "automatic ice protection", "remedy", _protects, lambda r: 0.0),
    Intervention("escape", "leave ice by height", "remedy", _task("rules.escape", 1), lambda r: 0.0),
    Intervention("second_watch", "a crew for this aircraft alone", "remedy", _crew(15.0, 5.0),
                 lambda r: 1200.0 * r.per_minute_crew),
    Intervention("lasting_alarm", "an ice alarm that stays lit", "remedy", _task("crew.alarm_holds", 1),
                 lambda r: r.per_equipment),
    Intervention("satellite", "a satellite channel", "remedy", _satellite, lambda r: r.per_equipment),
    Intervention("lost_link_30_s", "lost-link route after 30 s", "remedy", _at_most("rules.lost_link_time", 30.0),
                 lambda r: 0.0),
    Intervention("heeds_systems", "turn for the nearest field as a system fails", "remedy",
                 _task("rules.heed_systems", 1), lambda r: 0.0),
    Intervention("arbitrates", "an airspeed checked against lift and wind", "remedy", _task("rules.arbitrates", 1),
                 lambda r: r.per_equipment),
    Intervention("leave_shear", "go around in a windshear", "remedy", _task("rules.heed_shear", 1), lambda r: 0.0),
    Intervention("rejects", "give up a take-off that does not lift off in time", "remedy",
                 _task("rules.reject_take_off", 1), lambda r: 0.0),
    Intervention("cold_correction", "height by pressure reckoned with the air's temperature", "remedy",
                 _task("rules.cold_correction", 1), lambda r: 0.0),
    Intervention("preheat", "3 kW of heat into the engine for 3 h before the start", "remedy",
                 _soaked(preheat=3000.0, preheat_time=10800.0), lambda r: r.per_equipment),
    Intervention("ready_aircraft", "ground power and engine heat for 4 h before the start, fuel loaded last", "remedy",
                 _soaked(preheat=3000.0, preheat_time=14400.0, powered=14400.0, refuel=1),
                 lambda r: 2.0 * r.per_equipment),
    Intervention("cover", "a cover over the parked aircraft", "remedy", _soaked(cover=1), lambda r: r.per_equipment),
    Intervention("second_detector", "a second ice detector", "remedy", _doubled("ice_detector"),
                 lambda r: 2.0 * r.per_equipment),
    Intervention("second_pitot", "a second heated pitot tube", "remedy", _doubled("pitot", "pitot_heat"),
                 lambda r: 2.0 * r.per_equipment),
    Intervention("second_alternator", "a second alternator", "remedy", _second_alternator,
                 lambda r: 4.0 * r.per_equipment),
    Intervention("battery_twice", "a battery of twice the energy", "remedy", _battery(2.0),
                 lambda r: 2.0 * r.per_equipment),
    Intervention("dry_gateway", "a second gateway, out of the rain", "remedy",
                 _at_most("conditions.gateway_rain", 0.0), lambda r: r.per_equipment),
    Intervention("cleared_runway", "a runway cleared before the landing", "remedy", _cleared_runway,
                 lambda r: r.per_equipment),
    Intervention("infrared", "a thermal camera", "remedy",
                 lambda i: _task("rules.infrared", 1)(i) if i.task.rules.sight else None, lambda r: r.per_equipment),
    Intervention("later_3_h", "take-off 3 h later", "remedy", _later(3.0), lambda r: 180.0 * r.per_minute_delay),
    Intervention("earlier_3_h", "take-off 3 h earlier", "remedy", _later(-3.0), lambda r: 180.0 * r.per_minute_delay),
    Intervention("lower_600_m", "fly 600 m lower", "remedy", _height(-600.0), lambda r: 6.0 * r.per_100_m),
    Intervention("higher_600_m", "fly 600 m higher", "remedy", _height(600.0), lambda r: 6.0 * r.per_100_m),
    Intervention("higher_1500_m", "fly 1 500 m higher", "remedy", _height(1500.0), lambda r: 15.0 * r.per_100_m),
    Intervention("fuel_30_kg", "30 kg more fuel", "remedy", _more_fuel(30.0), lambda r: 30.0),
    Intervention("faster_10_pct", "fly 10 % faster", "remedy", _faster(1.1), lambda r: 0.0),
    Intervention("colder_fuel", "fuel that freezes 10 K lower", "remedy", _colder_fuel, lambda r: r.per_equipment),
    Intervention("warm_fuel", "fuel warmed to +15 C before the flight", "remedy",
                 _at_least("loading.fuel_temperature", 288.15), lambda r: r.per_equipment),
    Intervention("fuel_heater", "2 kW more heat for the fuel", "remedy", _fuel_heater, lambda r: 2.0 * r.per_equipment),
    Intervention("warm_hangar", "engine and bay preheated to +10 C", "remedy",
                 _at_least("loading.hangar_temperature", 283.15), lambda r: r.per_equipment),
    Intervention("clean_wing_first", "de-ice before take-off", "remedy", _clean_wing,
                 lambda r: r.per_equipment),
)  # fmt: skip
"""All interventions, in the order in which they are flown."""

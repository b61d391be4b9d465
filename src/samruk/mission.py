"""What is asked of the system, as numbers for the step.

`samruk.load` turns a mission file into these. Scalars go to the step as lane parameters, tables by reference. A
counterfactual is the same mission with some of these numbers replaced (`dataclasses.replace`). Nothing here names an
outcome.

Times are seconds since the mission's epoch (a UTC instant kept in `Clock.epoch`), heights are metres above mean sea
level unless the name says otherwise, angles are radians, positions are geodetic WGS-84.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samruk.words import WIDE, wide

Scalar = Any

LEGS = 64
"""Rows of a route table; the main route and the lost-link route share it."""
LEVELS = 32
"""Rows of an atmosphere profile."""


@dataclass(frozen=True)
class Runway:
    """One landing direction of one aerodrome."""

    latitude: Scalar = wide(0.0)
    """rad, landing threshold."""
    longitude: Scalar = wide(0.0)
    """rad, landing threshold."""
    elevation: Scalar = 0.0
    """m above mean sea level."""
    heading: Scalar = 0.0
    """rad, true, in the direction of landing and take-off."""
    length: Scalar = 2500.0
    """m."""
    usable: Scalar = 1
    """1 when the mission names it."""


@dataclass(frozen=True)
class Cloud:
    """One layer of supercooled cloud: a slab with a rectangular, soft-edged footprint."""

    water: Scalar = 0.0
    """kg/m^3, liquid water content inside; 0 means no cloud."""
    drop: Scalar = 20e-6
    """m, median volume diameter."""
    base: Scalar = 0.0
    """m, foot of the layer."""
    top: Scalar = 0.0
    """m, top of the layer."""
    latitude: Scalar = wide(0.0)
    """rad, middle of the footprint."""
    longitude: Scalar = wide(0.0)
    """rad, middle of the footprint."""
    bearing: Scalar = 0.0
    """rad, true, of the long axis."""
    half_length: Scalar = 1.0
    """m along the bearing."""
    half_width: Scalar = 1.0
    """m across it."""
    edge: Scalar = 500.0
    """m over which the water falls to nothing at the sides (a tenth of it at base and top)."""
    envelope: Scalar = 0
    """Envelope that gave its water: 0 none, else a number of `samruk.weather.cloud.ENVELOPES`."""
    share_10: Scalar = 1.0
    """Water at -10 C over `water`, which is that at 0 C: an envelope's cloud holds less where it is colder."""
    share_20: Scalar = 1.0
    """The same at -20 C."""
    share_30: Scalar = 1.0
    """The same at -30 C."""
    share_40: Scalar = 1.0
    """The same at -40 C."""
    cell: Scalar = 0.0
    """m, length of one cell of a row along the bearing; 0 means one whole cloud."""
    spacing: Scalar = 0.0
    """m from the start of one cell to the start of the next."""
    start: Scalar = 0.0
    """s, from when it is fully there; it forms in the minute before."""
    end: Scalar = 1e9
    """s, until when it is fully there; it vanishes in the minute after."""


@dataclass(frozen=True)
class Rain:
    """One area of rain: a rectangular, soft-edged footprint from the ground up to where drops form."""

    rate: Scalar = 0.0
    """m/s of water on level ground (1 mm/h = 2.7778e-7 m/s); 0 means no rain."""
    top: Scalar = 4000.0
    """m, where the rain begins; about 360 m above the height of 0 C (ITU-R P.839)."""
    melting: Scalar = 20000.0
    """m, below it drops fall, above it flakes; drops in air below freezing are freezing rain."""
    latitude: Scalar = wide(0.0)
    """rad, middle of the footprint."""
    longitude: Scalar = wide(0.0)
    """rad, middle of the footprint."""
    bearing: Scalar = 0.0
    """rad, true, of the long axis."""
    half_length: Scalar = 1.0
    """m along the bearing."""
    half_width: Scalar = 1.0
    """m across it."""
    edge: Scalar = 500.0
    """m over which the rain falls to nothing at the sides."""
    start: Scalar = 0.0
    """s, from when it is fully there; it comes in the minute before."""
    end: Scalar = 1e9
    """s, until when it is fully there; it goes in the minute after."""


@dataclass(frozen=True)
class DiscreteGust:
    """One gust of the form (U/2) (1 - cos(pi x/H)), which the aircraft meets at an instant or abeam of a place."""

    amplitude: Scalar = 0.0
    """m/s true, U: upwards, to the right, or against the flight; 0 means no gust."""
    gradient: Scalar = 30.0
    """m, H: half the gust's length along the flight path."""
    axis: Scalar = 0
    """0 vertical, 1 lateral, 2 head-on; in body axes."""
    start: Scalar = 0.0
    """s, when the aircraft meets it, unless it stands at a place."""
    ramp: Scalar = 0
    """1: it stays at its peak (MIL-F-8785C's discrete gust); 0: it dies away as it came."""
    placed: Scalar = 0
    """1: it is met abeam of a place, every time; 0: at an instant."""
    latitude: Scalar = wide(0.0)
    """rad, of that place."""
    longitude: Scalar = wide(0.0)
    """rad, of that place."""


@dataclass(frozen=True)
class Microburst:
    """A downburst: an axially symmetric stagnation flow (Vicroy 1991)."""

    outflow: Scalar = 0.0
    """m/s, greatest horizontal wind; 0 means none."""
    radius: Scalar = 1000.0
    """m from the axis, where it blows."""
    height: Scalar = 80.0
    """m above the ground, where it blows."""
    latitude: Scalar = wide(0.0)
    """rad, of the axis."""
    longitude: Scalar = wide(0.0)
    """rad, of the axis."""
    start: Scalar = 0.0
    """s, from when it is fully there; it grows in the minute before."""
    end: Scalar = 1e9
    """s, until when; it dies in the minute after."""


@dataclass(frozen=True)
class Wave:
    """Air that flows over a long ridge across the wind: hydrostatic mountain wave (Queney)."""

    ridge: Scalar = 0.0
    """m, height of the ridge above its surroundings; 0 means none."""
    half_width: Scalar = 10000.0
    """m from the crest to where the ridge is half as high."""
    latitude: Scalar = wide(0.0)
    """rad, of a place on the crest."""
    longitude: Scalar = wide(0.0)
    """rad, of a place on the crest."""
    across: Scalar = 0.0
    """rad, true, direction across the crest, downwind."""
    stability: Scalar = 0.011
    """1/s, Brunt-Vaisala frequency N of the column."""
    top: Scalar = 12000.0
    """m above the crest's foot, height above which the wave is damped away."""
    trapped: Scalar = 0.0
    """m/s, strongest vertical wind of waves trapped in the lee; 0 means none."""
    length: Scalar = 10000.0
    """m, wavelength of the trapped waves."""
    reach: Scalar = 30000.0
    """m downwind, over which they fade to a third."""
    lid: Scalar = 6000.0
    """m above the crest's foot: height of the layer in which they are trapped."""
    rotor: Scalar = 0.0
    """m/s, standard deviation of gusts in the rotor under the first crest."""


@dataclass(frozen=True)
class Conditions:
    """The day, beyond the profile table."""

    temperature_offset: Scalar = 0.0
    """K added to the profile at every height; pressure follows hydrostatically from the ground."""
    wind_scale: Scalar = 1.0
    """Factor on the profile's wind."""
    turbulence_wind: Scalar = 0.0
    """m/s, wind at 20 ft (6 m) that drives turbulence below 2,000 ft (MIL-F-8785C)."""
    turbulence_high: Scalar = 0.0
    """m/s, standard deviation of gusts above 2,000 ft."""
    cloud_scale: Scalar = 1.0
    """Factor on all cloud water: 0 takes the cloud away."""
    cloud_a: Cloud = field(default_factory=Cloud)
    """First layer."""
    cloud_b: Cloud = field(default_factory=Cloud)
    """Second layer."""
    cloud_c: Cloud = field(default_factory=Cloud)
    """Third layer."""
    karman: Scalar = 0
    """1: gusts by von Karman's spectra; 0: by Dryden's."""
    gust_a: DiscreteGust = field(default_factory=DiscreteGust)
    """First discrete gust."""
    gust_b: DiscreteGust = field(default_factory=DiscreteGust)
    """Second discrete gust."""
    gust_c: DiscreteGust = field(default_factory=DiscreteGust)
    """Third discrete gust."""
    gust_scale: Scalar = 1.0
    """Factor on the discrete gusts."""
    microburst: Microburst = field(default_factory=Microburst)
    """A downburst."""
    wave: Wave = field(default_factory=Wave)
    """A mountain wave."""
    rain_scale: Scalar = 1.0
    """Factor on all rain: 0 takes it away."""
    rain_a: Rain = field(default_factory=Rain)
    """First area of rain."""
    rain_b: Rain = field(default_factory=Rain)
    """Second area of rain."""
    gateway_rain: Scalar = 0.0
    """m/s, rain at the satellite operator's ground station."""
    rain_effect: Scalar = 1.0
    """Factor on what rain does to wing, propeller and engine: the heavy-rain tests scatter."""
    runway_state: Scalar = 0
    """0 as the weather makes it, 1 dry, 2 wet, 3 standing water, 4 snow, 5 ice: of every runway."""
    visibility: Scalar = 50000.0
    """m, meteorological visibility at the ground without rain (contrast 5 %)."""
    haze_top: Scalar = 2000.0
    """m above ground, height in which haze or fog thins to a third."""
    swing: Scalar = 0.0
    """K, half the range of the ground's daily course of temperature, about the profile's; warmest at 15 h sun time."""
    inversion: Scalar = 0.0
    """K by which the ground's air is colder than the profile's at all hours."""
    swing_depth: Scalar = 600.0
    """m above ground, where ground air colder than the profile's has become like it to a third."""
    roughness: Scalar = 0.04572
    """m, roughness length of the surface in the logarithmic law of wind (0.15 ft: MIL-F-8785C, Category C)."""
    surface_depth: Scalar = 60.0
    """m above ground up to which wind follows that law."""
    wind_turn: Scalar = 0.0
    """rad by which the wind veers from the ground to 1,000 m above it."""
    overcast: Scalar = 0.0
    """0..1, part of the sun's light that clouds above take away."""
    sunlight_peak: Scalar = 0.0
    """W/m^2, noon of a prescribed daily cycle of sunlight in place of sun and clouds; 0 leaves the real sun."""
    albedo: Scalar = 0.2
    """Part of sunlight that the ground returns: land 0.2, snow 0.8."""
    dew_point_spread: Scalar = 10.0
    """K at the ground: air temperature less dew point."""
    ground_elevation: Scalar = 0.0
    """m, the declared plane of the ground where no terrain is given."""


@dataclass(frozen=True)
class Clock:
    """Time."""

    epoch: Scalar = wide(0.0)
    """s since 1970-01-01T00:00Z, of tick 0."""
    start_delay: Scalar = 0.0
    """s that the aircraft waits at the stand's expense before it asks for take-off."""


@dataclass(frozen=True)
class Loading:
    """What is put aboard."""

    fuel: Scalar = 0.0
    """kg, usable."""
    payload: Scalar = 0.0
    """kg."""
    fuel_temperature: Scalar = 278.15
    """K at start."""
    hangar_temperature: Scalar = 278.15
    """K of bay and engine at start."""
    frost: Scalar = 0.0
    """m of frost on the wing at start."""
    ground_ice: Scalar = 0.0
    """m of clear ice on the upper sides at start: rain that froze."""


@dataclass(frozen=True)
class Soak:
    """How long and how the aircraft has stood outside before the flight."""

    duration: Scalar = 0.0
    """s, until tick 0; 0 leaves the temperatures of `Loading`."""
    hottest: Scalar = 0.0
    """K, warmest of the day, at 15 h local sun time; 0 takes the day's own air."""
    coldest: Scalar = 0.0
    """K, coldest of the day, twelve hours earlier; used with `hottest`."""
    wind: Scalar = 2.0
    """m/s along the skin."""
    powered: Scalar = 0.0
    """s before the flight from when ground power runs avionics and battery heater."""
    preheat: Scalar = 0.0
    """W of heat blown or fed into the engine."""
    preheat_time: Scalar = 0.0
    """s before the flight from when that heat is given."""
    cover: Scalar = 0
    """1 under a roof or cover: neither sun nor sky."""
    refuel: Scalar = 0
    """1 when the fuel comes aboard after the soak, at its loading temperature; else it soaks in the tanks."""


@dataclass(frozen=True)
class GapWindow:
    """A time without link."""

    start: Scalar = 0.0
    """s."""
    duration: Scalar = 0.0
    """s; 0 means no gap."""
    line_of_sight: Scalar = 1
    """1 when it takes the line-of-sight link away."""
    satellite: Scalar = 1
    """1 when it takes the satellite link away."""


@dataclass(frozen=True)
class Links:
    """The ground ends of the links."""

    latitude: Scalar = wide(0.0)
    """rad, ground antenna."""
    longitude: Scalar = wide(0.0)
    """rad, ground antenna."""
    antenna_height: Scalar = 15.0
    """m above the ground."""
    elevation: Scalar = 0.0
    """m, ground below the antenna."""
    gain_db: Scalar = 30.0
    """dBi, ground antenna."""
    noise_dbm: Scalar = -101.0
    """dBm, receiver noise."""
    required_db: Scalar = 6.0
    """dB, carrier to noise at which frames are lost."""
    satellite: Scalar = 1
    """1 when a satellite channel is rented."""
    satellite_longitude: Scalar = wide(0.0)
    """rad east, geostationary satellite."""
    masked: Scalar = 1
    """1: terrain, where the mission has some, stands in the line of sight's way; 0 looks through it."""
    satellite_delay: Scalar = 0.28
    """s, one way, median."""
    gap_a: GapWindow = field(default_factory=GapWindow)
    """First gap."""
    gap_b: GapWindow = field(default_factory=GapWindow)
    """Second gap."""
    gap_c: GapWindow = field(default_factory=GapWindow)
    """Third gap."""


@dataclass(frozen=True)
class Crew:
    """How the ground crew works."""

    reaction: Scalar = 45.0
    """s, median time from an alarm on the screen to the decision."""
    reaction_spread: Scalar = 0.4
    """Standard deviation of the logarithm of that time."""
    scan: Scalar = 30.0
    """s between two looks at one aircraft when nothing alarms."""
    action: Scalar = 5.0
    """s from decision to the command's leaving."""
    protects: Scalar = 1
    """1 when the crew commands ice protection as it sees ice."""
    alarm_holds: Scalar = 1
    """1 when the station keeps the ice alarm lit while the ice lasts; 0 when it tells only the one announcement,
    which a gap in the link can swallow."""
    leaves_ice: Scalar = 1
    """1 when the crew orders another height or the return when ice stays or performance falls."""


@dataclass(frozen=True)
class Rules:
    """What the autopilot keeps."""

    reserve: Scalar = 2700.0
    """s of flight at loiter power that must be left at landing."""
    lost_link_time: Scalar = 120.0
    """s without a valid frame before the lost-link route begins."""
    automatic_protection: Scalar = 1
    """1 when the aircraft protects itself as it finds ice; 0 when it waits for the crew."""
    escape: Scalar = 1
    """1 when the aircraft may leave ice by height on its own."""
    escape_up: Scalar = 600.0
    """m of climb tried first, where power allows."""
    escape_floor: Scalar = 1500.0
    """m, lowest height for an escape downwards."""
    ceiling: Scalar = 9144.0
    """m, highest height that may be flown."""
    loiter_radius: Scalar = 1500.0
    """m."""
    glide_slope: Scalar = 0.0524
    """rad, of the approach."""
    station_time: Scalar = 0.0
    """s on station that make the mission complete."""
    heed_systems: Scalar = 1
    """1 when the aircraft turns for the nearest field by itself as coolant or oil pass their limits or the alternator
    fails; 0 when it waits for the crew."""
    arbitrates: Scalar = 1
    """1 when the pitot's airspeed is checked against lift, wind and speed over the ground, and left where they
    contradict it; 0 when it is believed whatever it says."""
    heed_shear: Scalar = 1
    """1 when an approach or a take-off run is given up in a windshear that the aircraft senses."""
    reject_take_off: Scalar = 1
    """1 when a take-off that does not lift off at its speed is given up while the runway lasts; 0 when it goes on."""
    cold_correction: Scalar = 1
    """1 when height by pressure is reckoned with the air's measured temperature; 0 with the standard day's, as a plain
    altimeter does: too high in cold air. It leads only where satellite navigation is gone."""
    sight: Scalar = 0
    """1 when time on station counts only with the ground in sight."""
    contrast: Scalar = 0.3
    """0..1, contrast at arm's length of what is to be seen; 5 % of it must reach the camera."""
    infrared: Scalar = 0
    """1 when the camera sees at 10 um, not in visible light."""
    allow_crosswind: Scalar = 0
    """1 when the crosswind limit may be passed at take-off."""
    safe_height: Scalar = -1000.0
    """m, lowest height of a way home or to an alternate, from the terrain that the autopilot carries; none: -1000."""
    descent_radius: Scalar = 1e9
    """m from the approach gate within which a descent of 4 % towards it clears the terrain."""


@dataclass(frozen=True)
class Tile:
    """Where the table of heights lies: rows from north to south, columns from west to east, posts on the edges."""

    north: Scalar = wide(1.0)
    """rad, latitude of the first row."""
    west: Scalar = wide(0.0)
    """rad, longitude of the first column."""
    spacing_latitude: Scalar = 1.0
    """rad between rows."""
    spacing_longitude: Scalar = 1.0
    """rad between columns."""
    rows: Scalar = 2
    """Number of rows, int32, at least 2."""
    columns: Scalar = 2
    """Number of columns, int32, at least 2."""
    given: Scalar = 0
    """1 when the mission names terrain; 0 leaves the declared plane."""
    reach: Scalar = 1.0
    """m from the ground antenna to which the table of edges reaches."""


@dataclass(frozen=True)
class Failure:
    """A system that is lost, in part or whole, between two instants."""

    part: Scalar = 0.0
    """0 sound .. 1 lost."""
    start: Scalar = 0.0
    """s, from when."""
    end: Scalar = 1e9
    """s, until when."""


@dataclass(frozen=True)
class Failures:
    """What fails, by system; nothing where nothing is declared."""

    ice_detector: Failure = field(default_factory=Failure)
    """The ice detector: more than half lost, it reports no ice."""
    wing_left: Failure = field(default_factory=Failure)
    """Ice protection of the left wing: part of its heat or area lost."""
    wing_right: Failure = field(default_factory=Failure)
    """Ice protection of the right wing."""
    tail: Failure = field(default_factory=Failure)
    """Ice protection of the tail."""
    propeller: Failure = field(default_factory=Failure)
    """Ice protection of the propeller."""
    pitot_heat: Failure = field(default_factory=Failure)
    """Heat of the pitot tube."""
    pitot: Failure = field(default_factory=Failure)
    """The pitot port: part closed by something other than ice, such as water, insects, a cover left on."""
    alternator: Failure = field(default_factory=Failure)
    """Part of the alternator's power lost."""
    battery: Failure = field(default_factory=Failure)
    """Part of the battery's energy that cannot be drawn."""
    engine: Failure = field(default_factory=Failure)
    """Part of the engine's power lost; an engine that has lost all of it stops."""
    coolant: Failure = field(default_factory=Failure)
    """Part of the radiator's conductance lost: a leak, a blocked duct."""
    fuel_heat: Failure = field(default_factory=Failure)
    """Part of the heat lost that returning fuel brings to the tanks."""
    payload: Failure = field(default_factory=Failure)
    """The payload: more than half lost, it sees nothing."""
    gnss: Failure = field(default_factory=Failure)
    """Satellite navigation: more than half lost, no fix comes."""
    satellite: Failure = field(default_factory=Failure)
    """The satellite terminal: more than half lost, it is off."""
    actuators: Failure = field(default_factory=Failure)
    """Part of the actuators' rate lost."""


@dataclass(frozen=True)
class Task:
    """One lane's mission: all scalars."""

    clock: Clock
    loading: Loading
    conditions: Conditions
    links: Links
    crew: Crew
    rules: Rules
    home: Runway
    alternate_a: Runway
    alternate_b: Runway
    failures: Failures = field(default_factory=Failures)
    """What fails."""
    soak: Soak = field(default_factory=Soak)
    """How the aircraft has stood outside."""
    legs: Scalar = 1
    """Number of legs of the main route: rows 0 .. legs - 1."""
    lost_link_legs: Scalar = 0
    """Number of legs of the lost-link route: rows LEGS - lost_link_legs .. LEGS - 1, flown in that order."""
    seed: Scalar = 0
    """int32, drives every chance."""
    tile: Tile = field(default_factory=Tile)
    """Where the terrain lies."""
    live: Scalar = 0
    """1: no crew and no plan of its own: parked with its engine off, it does what it is ordered (`messages.Order`)."""


def _lane(**more: Any) -> Any:
    """A table that each lane has of its own."""
    return field(default_factory=lambda: np.zeros(LEGS), metadata={"lane": True, **more})


def _shared() -> Any:
    """A table that all lanes share."""
    return field(default_factory=lambda: np.zeros(LEVELS), metadata=WIDE)


@dataclass(frozen=True)
class Route:
    """Legs: fly to a place at a height; stay there for a time."""

    latitude: Any = _lane(**WIDE)
    """rad."""
    longitude: Any = _lane(**WIDE)
    """rad."""
    altitude: Any = _lane()
    """m above mean sea level."""
    airspeed: Any = _lane()
    """m/s calibrated; 0 leaves it to the autopilot."""
    loiter: Any = _lane()
    """s to circle there; 0 passes by."""
    station: Any = _lane()
    """1.0 when time on this leg's way and circle counts as time on station, else 0.0."""
    radius: Any = _lane()
    """m of the circle, positive clockwise, negative to the left; 0: that of the rules, clockwise."""
    turns: Any = _lane()
    """Circles to fly; 0: as long as `loiter` says."""
    to_altitude: Any = _lane()
    """1.0: circle until the leg's height is reached, else 0.0."""
    over: Any = _lane()
    """1.0: fly over the leg's place before turning; 0.0: turn ahead of it."""
    arc: Any = _lane()
    """m, signed radius of the arc that leads to the place from the one before, at most half a circle, positive to the
    right (centre on the right); 0: straight."""


@dataclass(frozen=True)
class Profile:
    """The column of air over the mission: LEVELS rows by increasing height, held above the last."""

    height: Any = _shared()
    """m above mean sea level, strictly increasing."""
    temperature: Any = _shared()
    """K."""
    log_pressure: Any = _shared()
    """Natural logarithm of pressure in Pa."""
    wind_north: Any = _shared()
    """m/s, velocity of the air towards north."""
    wind_east: Any = _shared()
    """m/s, velocity of the air towards east."""
    humidity: Any = _shared()
    """0..1, relative to water."""


AZIMUTHS, RINGS = 720, 128
"""Directions, and distances in each, of the table of edges around the ground antenna."""
EDGE_STEP = 10.0
"""m, unit of an edge's distance in that table."""


def _posts() -> Any:
    """A table of whole metres that all lanes share, of any length."""
    return field(default_factory=lambda: np.zeros(4, np.int16), metadata={"any_length": True})


@dataclass(frozen=True)
class Ground:
    """Terrain: heights, and what of it stands in the way of the ground antenna's rays."""

    posts: Any = _posts()
    """m above mean sea level, int16, row after row as `Tile` says."""
    edge_distance: Any = _posts()
    """Tens of metres, int16, from the antenna to the edge that stands highest in its sight, for each of AZIMUTHS
    directions from north through east and RINGS distances (growing with the square of their number); 0: none."""
    edge_height: Any = _posts()
    """m above mean sea level, int16, of that edge."""


@dataclass(frozen=True)
class Tables:
    """All tables of a mission."""

    route: Route = field(default_factory=Route)
    profile: Profile = field(default_factory=Profile)
    ground: Ground = field(default_factory=Ground)

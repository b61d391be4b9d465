"""The links of one aircraft: margins, bearer, frames on their way. The step knows the link as numbers.

The ground between the ends is a smooth Earth at the elevation of the ground antenna's site; with terrain, an edge of it
may stand in the way (`masking`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from samruk.aircraft import Radio
from samruk.earth import MEAN_RADIUS, R_ne, ecef
from samruk.frames import Rotation, Vec3, dot, norm
from samruk.lazy import jnp
from samruk.messages import Command, Telemetry
from samruk.mission import Conditions, GapWindow, Links
from samruk.noise import RADIO, uniform
from samruk.radio import propagation as path
from samruk.radio import rain
from samruk.radio import satellite as sky
from samruk.tables import pick, to_float, to_int

Scalar = Any

NONE, LINE_OF_SIGHT, SATELLITE = 0, 1, 2
"""Bearers."""
TICK = 0.1
"""s, mission tick."""
BLADE_EDGE = 0.0873
"""rad above the body's horizontal plane where wing and fuselage begin to hide the belly antenna. Estimated."""
BLADE_DISTANCE = 2.0
"""m from the belly antenna to that edge. Estimated."""
LOCK_MARGIN = 2.0
"""dB of margin at which a lost link is taken up again; it is lost at 0."""
LOS_LOCK, SATELLITE_LOCK = 10, 80
"""Mission ticks (1 s, 8 s) from enough margin to frames: pointing and modem. Estimated."""
PREFERRED_AFTER = 100
"""Mission ticks (10 s) that the line of sight must hold before it takes over from the satellite."""
LOS_DELAY = 0.04
"""s, one way, coding and framing of the line-of-sight link."""
NO_SATELLITE = -30.0
"""dB, margin shown where no satellite link exists."""
SLOW_TICK = 1.0
"""s, slow tick."""
LONG_LOCKED = 1_000_000
"""Mission ticks; the count of lock ends here."""


@dataclass(frozen=True)
class Paths:
    """Both ways as they are before the airframe, from the slow tick."""

    ground_n: Vec3 = field(default_factory=lambda: Vec3(1.0, 0.0, 0.0))
    """Unit vector, NED, from the aircraft to the ground antenna."""
    satellite_n: Vec3 = field(default_factory=lambda: Vec3(0.0, 0.0, -1.0))
    """Unit vector, NED, from the aircraft to the satellite."""
    los_delay: Scalar = LOS_DELAY
    """s, one way, over the line of sight."""
    satellite_light: Scalar = 0.24
    """s that light takes over the satellite."""
    los_db: Scalar = 0.0
    """dB, margin of the line of sight without the airframe."""
    satellite_db: Scalar = NO_SATELLITE
    """dB, margin of the satellite link without the airframe; -30 where there is none."""
    outage: Scalar = 0
    """1 while the satellite link suffers a short outage."""


@dataclass(frozen=True)
class RadioState:
    """The links and what is on its way over them."""

    paths: Paths = field(default_factory=Paths)
    """The ways before the airframe."""
    los_margin_db: Scalar = 0.0
    """dB of carrier to noise above what the line-of-sight link needs."""
    satellite_margin_db: Scalar = 0.0
    """dB of carrier to noise above what the satellite link needs; -30 where there is none."""
    los_locked: Scalar = LONG_LOCKED
    """Mission ticks for which the line-of-sight link has had enough margin."""
    satellite_locked: Scalar = LONG_LOCKED
    """Mission ticks for which the satellite link has had enough margin."""
    los_up: Scalar = 1
    """1 while the line of sight could carry frames."""
    satellite_up: Scalar = 1
    """1 while the satellite could carry frames."""
    link_up: Scalar = 1
    """1 while frames pass."""
    bearer: Scalar = LINE_OF_SIGHT
    """0 none, 1 line of sight, 2 satellite."""
    up_ticks: Scalar = LONG_LOCKED
    """Mission ticks for which the link has been up."""
    delay: Scalar = LOS_DELAY
    """s, one way, of a frame sent now."""
    uplink_age: Scalar = 0.0
    """s since the last frame received aboard."""
    downlink_age: Scalar = 0.0
    """s, age of the newest telemetry on the ground."""
    downlink: Telemetry = field(default_factory=Telemetry)
    """Telemetry in flight."""
    downlink_arrival: Scalar = 0
    """Mission tick at which it arrives."""
    downlink_busy: Scalar = 0
    """1 while telemetry is in flight."""
    uplink: Command = field(default_factory=Command)
    """Command in flight."""
    uplink_arrival: Scalar = 0
    """Mission tick at which it arrives."""
    uplink_busy: Scalar = 0
    """1 while a command is in flight."""
    on_ground: Telemetry = field(default_factory=Telemetry)
    """The newest telemetry on the ground; tick -1 before the first."""
    inbox: Command = field(default_factory=Command)
    """The last command received aboard; sequence 0 before the first."""
    telemetry_lost: Scalar = 0
    """Telemetry frames that did not arrive."""
    commands_lost: Scalar = 0
    """Commands that did not arrive, repeats counted each."""
    switches: Scalar = 0
    """Changes from one bearer to the other."""


def initial() -> RadioState:
    """Both links locked, nothing on its way: as after the checks before flight."""
    return RadioState()


# Margins --------------------------------------------------------------------------------------------------------------


def slow(
    radio: RadioState,
    latitude: Scalar,
    longitude: Scalar,
    height: Scalar,
    links: Links,
    aircraft: Radio,
    conditions: Conditions,
    masked_db: Scalar,
    seed: Scalar,
    tick: Scalar,
    ridge_db: Scalar = 0.0,
) -> RadioState:
    """One slow tick (1 s): where the other ends are and what the ways there take.

    Args:
        radio: before.
        latitude: rad, aircraft.
        longitude: rad, aircraft.
        height: m above mean sea level, aircraft.
        links: ground ends.
        aircraft: airborne ends.
        conditions: rain and clouds.
        masked_db: dB that what coats the antenna takes from the line of sight.
        seed: int32.
        tick: slow tick, int32.
        ridge_db: dB that an edge of the terrain takes from the line of sight, by `masking.loss`.
    """
    time = to_float(tick) * SLOW_TICK
    ground_n, distance, satellite_n, light = look(latitude, longitude, height, links)
    there = (links.satellite != 0) & (aircraft.satellite_fitted > 0.5) & (satellite_n.z < 0.0)
    above = height - links.elevation
    los = received_power(distance, links.antenna_height, above, links, aircraft, ridge_db=ridge_db) - masked_db
    los = los - rain.along_ray(
        latitude, longitude, height, distance, aircraft.los_frequency, links, conditions, time
    )
    fade = sky.fade(seed, tick) + rain.to_satellite(latitude, longitude, height, satellite_n, conditions, time)
    paths = Paths(
        ground_n=ground_n,
        satellite_n=satellite_n,
        los_delay=LOS_DELAY + distance * (1.0 / path.LIGHT),
        satellite_light=light,
        los_db=los - links.noise_dbm - links.required_db,
        satellite_db=jnp.where(there, aircraft.satellite_margin_db - fade, NO_SATELLITE),
        outage=to_int(sky.outage(seed, tick)),
    )
    return replace(radio, paths=paths)


def look(latitude: Scalar, longitude: Scalar, height: Scalar, links: Links) -> tuple[Vec3, Scalar, Vec3, Scalar]:
    """From an aircraft at a place (rad, m): unit vector (NED) to the ground antenna and its distance, m; unit vector
    to the satellite; and s that light takes over it."""
    aircraft_e = ecef(latitude, longitude, height)
    ground_e = ecef(links.latitude, links.longitude, links.elevation + links.antenna_height)
    satellite_e = sky.satellite_place(links.satellite_longitude)
    to_ground_e, to_satellite_e = ground_e - aircraft_e, satellite_e - aircraft_e
    distance, far = jnp.maximum(norm(to_ground_e), 1.0), norm(to_satellite_e)
    rotation = R_ne(latitude, longitude)
    ground_n = rotation @ (to_ground_e * (1.0 / distance))
    satellite_n = rotation @ (to_satellite_e * (1.0 / far))
    return ground_n, distance, satellite_n, sky.light_time(aircraft_e, ground_e, satellite_e)


def received_power(
    distance: Scalar, antenna: Scalar, above: Scalar, links: Links, aircraft: Radio, ridge_db: Scalar = 0.0
) -> Scalar:
    """dBm at the receiver of the line-of-sight link, before the airframe's own shadow.

    Args:
        distance: m, straight.
        antenna: m, ground antenna above the ground.
        above: m, aircraft above the same ground; at least 1 is taken.
        links: ground end.
        aircraft: airborne end.
        ridge_db: dB, of an edge of the terrain; the greater of its loss and that of the smooth Earth counts.
    """
    above = jnp.maximum(above, 1.0)
    wavelength = path.LIGHT / aircraft.los_frequency
    rise = above - antenna
    flat = jnp.sqrt(jnp.maximum(distance * distance - rise * rise, 0.0))
    along = jnp.maximum(flat * (1.0 - 0.5 * (above + antenna) * (1.0 / MEAN_RADIUS)), 100.0)
    losses = path.free_space_loss(distance, aircraft.los_frequency)
    losses = losses + path.gas_loss(aircraft.los_frequency, distance, antenna, above)
    gains = aircraft.los_gain_db + links.gain_db - aircraft.los_loss_db
    way = path.round_earth(along, antenna, above, wavelength)
    way = way - jnp.maximum(ridge_db + jnp.minimum(way, 0.0), 0.0)
    return aircraft.los_power_dbm + gains - losses + way


def blade_gain(sine: Scalar, wavelength: Scalar) -> Scalar:
    """Gain, dB over its best, of a quarter-wave blade below the belly.

    Its own pattern cos(90 deg sin e) / cos e, not below -20 dB, and the shadow of wing and fuselage above the body's
    plane: a turn towards the station hides the blade.

    Args:
        sine: sine of the angle e above the body's horizontal plane.
        wavelength: m.
    """
    cosine = jnp.sqrt(jnp.maximum(1.0 - sine * sine, 1e-9))
    pattern = jnp.maximum(jnp.cos(0.5 * jnp.pi * sine) / cosine, 0.1)
    angle = jnp.arctan2(sine, cosine)
    return 2.0 * path.decibels(pattern) - path.edge_shadow(angle - BLADE_EDGE, BLADE_DISTANCE, wavelength)


# The tick -------------------------------------------------------------------------------------------------------------


def step(
    radio: RadioState,
    R_nb: Rotation,
    powered: Scalar,
    telemetry: Telemetry,
    command: Command,
    links: Links,
    aircraft: Radio,
    seed: Scalar,
    tick: Scalar,
    time: Scalar,
    alive: Scalar = 1,
) -> RadioState:
    """One mission tick (0.1 s) of the links.

    Args:
        radio: before.
        R_nb: attitude, body to NED: the airframe hides its own antennas.
        powered: 1 while the satellite terminal has power.
        telemetry: what the aircraft sends now.
        command: what the crew sends now; sequence 0 means silence.
        links: ground ends.
        aircraft: airborne ends.
        seed: int32.
        tick: mission tick, int32.
        time: s since the mission's epoch.
        alive: 1 while the avionics have power.
    """
    linked = _link(radio, R_nb, powered, links, aircraft, time, alive)
    up = linked.link_up != 0
    over_satellite = sky.delay(links.satellite_delay, linked.paths.satellite_light, seed, tick)
    delay = jnp.where(linked.bearer == SATELLITE, over_satellite, linked.paths.los_delay)
    ticks = to_int(jnp.ceil(delay * (1.0 / TICK)))
    margin = jnp.where(linked.bearer == SATELLITE, linked.satellite_margin_db, linked.los_margin_db)
    loss = frame_loss(margin)
    heard = up & (linked.up_ticks > ticks) & _whole(loss, seed, 128, tick)
    return replace(
        linked,
        delay=delay,
        uplink_age=jnp.where(heard, 0.0, radio.uplink_age + TICK),
        **_downlink(radio, telemetry, up & _whole(loss, seed, 96, tick), up, ticks, tick),
        **_uplink(radio, command, up & _whole(loss, seed, 112, tick), up, ticks, tick),
    )


def _link(
    radio: RadioState, R_nb: Rotation, powered: Scalar, links: Links, aircraft: Radio, time: Scalar, alive: Scalar
) -> RadioState:
    """Margins behind the airframe, and which bearer carries; without avionics none does."""
    paths, down_n = radio.paths, Vec3(R_nb.xz, R_nb.yz, R_nb.zz)
    los = paths.los_db + blade_gain(-dot(down_n, paths.ground_n), path.LIGHT / aircraft.los_frequency)
    satellite = paths.satellite_db - sky.hidden(-dot(down_n, paths.satellite_n))
    los_locked = _locked(radio.los_locked, radio.los_up, los, (alive != 0) & ~_in_gap(links, time, False))
    works = (powered != 0) & (alive != 0) & (paths.outage == 0) & ~_in_gap(links, time, True)
    satellite_locked = _locked(radio.satellite_locked, radio.satellite_up, satellite, works)
    los_up, satellite_up = los_locked >= LOS_LOCK, satellite_locked >= SATELLITE_LOCK
    bearer = _bearer(radio.bearer, los_up, satellite_up, los_locked)
    up = bearer != NONE
    changed = up & (bearer != radio.bearer) & (radio.bearer != NONE)
    return replace(
        radio,
        los_margin_db=los,
        satellite_margin_db=satellite,
        los_locked=los_locked,
        satellite_locked=satellite_locked,
        los_up=to_int(los_up),
        satellite_up=to_int(satellite_up),
        link_up=to_int(up),
        bearer=bearer,
        up_ticks=jnp.where(up, jnp.minimum(radio.up_ticks + 1, LONG_LOCKED), 0),
        switches=radio.switches + to_int(changed),
    )


# Up and down ----------------------------------------------------------------------------------------------------------


def _in_gap(links: Links, time: Scalar, satellite: bool) -> Scalar:
    """Truth value: a scheduled gap takes this bearer away now."""

    def takes(gap: GapWindow) -> Scalar:
        meant = gap.satellite if satellite else gap.line_of_sight
        return (meant != 0) & (time >= gap.start) & (time < gap.start + gap.duration)

    return takes(links.gap_a) | takes(links.gap_b) | takes(links.gap_c)


def _locked(ticks: Scalar, was_up: Scalar, margin: Scalar, allowed: Scalar) -> Scalar:
    """Ticks for which a bearer has had enough margin; one that was lost needs more to come back."""
    enough = margin > jnp.where(was_up != 0, 0.0, LOCK_MARGIN)
    return jnp.where(enough & allowed, jnp.minimum(ticks + 1, LONG_LOCKED), 0)


def _bearer(old: Scalar, los_up: Scalar, satellite_up: Scalar, los_locked: Scalar) -> Scalar:
    """The line of sight where it is up; but from a satellite that works only after it has held for a while."""
    stay = (old == SATELLITE) & satellite_up & (los_locked < PREFERRED_AFTER)
    other = jnp.where(satellite_up, SATELLITE, jnp.int32(NONE))
    return jnp.where(los_up & ~stay, LINE_OF_SIGHT, other)


def frame_loss(margin: Scalar) -> Scalar:
    """Chance that a frame is lost: a tenth at 1 dB of margin, a thousandth at 3 dB. Estimated."""
    return jnp.exp(-2.302585092994046 * jnp.maximum(margin, 0.0))


def _whole(loss: Scalar, seed: Scalar, stream: int, tick: Scalar) -> Scalar:
    """Truth value: a frame of this tick and stream comes through."""
    return uniform(seed, RADIO + stream, tick) >= loss


# Frames ---------------------------------------------------------------------------------------------------------------


def _downlink(
    radio: RadioState, fresh: Telemetry, whole: Scalar, up: Scalar, delay: Scalar, tick: Scalar
) -> dict[str, Any]:
    """Telemetry arrives after its delay if the link is up then; the next is sampled when the way is free."""
    due = (radio.downlink_busy != 0) & (tick >= radio.downlink_arrival)
    arrives = due & whole
    free = (radio.downlink_busy == 0) | due
    sends = free & up
    on_ground = pick(arrives, radio.downlink, radio.on_ground)
    age = jnp.where(arrives, TICK * to_float(tick - radio.downlink.tick), radio.downlink_age + TICK)
    return {
        "downlink": pick(sends, fresh, radio.downlink),
        "downlink_arrival": jnp.where(sends, tick + delay, radio.downlink_arrival),
        "downlink_busy": to_int(sends | ~free),
        "on_ground": on_ground,
        "downlink_age": age,
        "telemetry_lost": radio.telemetry_lost + to_int(due & ~whole),
    }


def _uplink(radio: RadioState, sent: Command, whole: Scalar, up: Scalar, delay: Scalar, tick: Scalar) -> dict[str, Any]:
    """A command arrives after its delay if the link is up then; what finds no link or a busy one is lost."""
    due = (radio.uplink_busy != 0) & (tick >= radio.uplink_arrival)
    arrives = due & whole
    free = (radio.uplink_busy == 0) | due
    offered = sent.sequence != 0
    sends = free & up & offered
    return {
        "uplink": pick(sends, sent, radio.uplink),
        "uplink_arrival": jnp.where(sends, tick + delay, radio.uplink_arrival),
        "uplink_busy": to_int(sends | ~free),
        "inbox": pick(arrives, radio.uplink, radio.inbox),
        "commands_lost": radio.commands_lost + to_int(due & ~whole) + to_int(offered & ~sends),
    }

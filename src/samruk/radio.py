"""The links, as numbers inside the step: budget, delay, loss.

Line of sight: radio horizon over an Earth of 4/3 radius, free-space loss, the airframe's own shadow in a bank, rain.
Satellite: elevation from the geostationary place, the airframe's shadow, fades by chance, delay. What passes is a
heartbeat up, telemetry down and one command up at a time; each arrives late, and only if the link holds at both ends
of its way. Retries are the crew's and the station's affair.

Sources: Friis; 4/3-Earth horizon; ITU-R P.838-3 (rain); delays of a geostationary hop from geometry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import jax.numpy as jnp

from samruk import noise
from samruk.aircraft import Radio
from samruk.earth import distance_bearing
from samruk.frames import Scalar
from samruk.messages import Command, Telemetry
from samruk.mission import GapWindow, Links
from samruk.tables import pick, to_float, to_int

MISSION_DT = 0.1
"""s."""
EFFECTIVE_RADIUS = 8.495e6
"""m, 4/3 of the Earth's radius: standard refraction."""
LIGHT = 299792458.0
"""m/s."""
GEOSTATIONARY = 42164e3
"""m, radius of the geostationary orbit."""
EARTH_RADIUS = 6371e3
"""m."""
GAS_DB_PER_KM = 0.0087 * 0.55
"""dB/km near 5 GHz, sea-level value (ITU-R P.676) times a factor for the slant path."""
SHADOW_BANK = math.radians(15.0)
"""rad of bank within which blade antennas see the ground station."""
SHADOW_DB = 15.0
"""dB lost in the airframe's shadow (estimated: published blade patterns show 10 to 25 dB nulls)."""
HYSTERESIS_DB = 2.0
"""dB by which line of sight must be above nothing to take the link back from the satellite."""
LOS_DELAY = 0.04
"""s one way, line of sight: modem and network."""
FADE_SPREAD_DB = 0.8
"""dB, standard deviation of slow satellite fades (estimated)."""
FADE_SECONDS = 60
"""s for which a drawn fade holds."""

NO_BEARER, LINE_OF_SIGHT, SATELLITE = 0, 1, 2


@dataclass(frozen=True)
class RadioState:
    """Links between one aircraft and its ground station."""

    los_margin_db: Scalar = 0.0
    """dB of carrier to noise over what frames need."""
    satellite_margin_db: Scalar = -30.0
    """dB likewise; -30 where no satellite link exists."""
    los_up: Scalar = 0
    """1 while line of sight carries."""
    satellite_up: Scalar = 0
    """1 while the satellite carries."""
    link_up: Scalar = 0
    """1 while any link carries."""
    bearer: Scalar = NO_BEARER
    """0 none, 1 line of sight, 2 satellite."""
    delay: Scalar = LOS_DELAY
    """s one way."""
    up_for: Scalar = 0.0
    """s since the link came up; 0 while it is down."""
    uplink_age: Scalar = 0.0
    """s since the aircraft received the last frame from the ground."""
    downlink_age: Scalar = 0.0
    """s since the ground received the last telemetry."""
    flying: Telemetry = field(default_factory=Telemetry)
    """Telemetry on its way down."""
    flying_due: Scalar = -1
    """Mission tick at which it arrives; -1 when none is on its way."""
    on_ground: Telemetry = field(default_factory=Telemetry)
    """Telemetry that the ground has."""
    rising: Command = field(default_factory=Command)
    """Command on its way up."""
    rising_due: Scalar = -1
    """Mission tick at which it arrives; -1 when none is on its way."""
    inbox: Command = field(default_factory=Command)
    """Last command that reached the aircraft."""


def horizon(height_a: Scalar, height_b: Scalar) -> Scalar:
    """Farthest distance of two antennas over a smooth Earth with standard refraction, m."""
    grow = math.sqrt(2.0 * EFFECTIVE_RADIUS)
    return grow * (jnp.sqrt(jnp.maximum(height_a, 0.0)) + jnp.sqrt(jnp.maximum(height_b, 0.0)))


def free_space_loss_db(distance: Scalar, frequency: Scalar) -> Scalar:
    """Friis: 20 log10(4 pi d f / c), dB."""
    return 20.0 / math.log(10.0) * jnp.log(4.0 * math.pi / LIGHT * jnp.maximum(distance, 1.0) * frequency)


_KH = ((-5.33980, -0.10008, 1.13098), (-0.35351, 1.26970, 0.45400), (-0.23789, 0.86036, 0.15354),
       (-0.94158, 0.64552, 0.16817)), -0.18961, 0.71147  # fmt: skip
_KV = ((-3.80595, 0.56934, 0.81061), (-3.44965, -0.22911, 0.51059), (-0.39902, 0.73042, 0.11899),
       (0.50167, 1.07319, 0.27195)), -0.16398, 0.63297  # fmt: skip
_AH = ((-0.14318, 1.82442, -0.55187), (0.29591, 0.77564, 0.19822), (0.32177, 0.63773, 0.13164),
       (-5.37610, -0.96230, 1.47828), (16.1721, -3.29980, 3.43990)), 0.67849, -1.95537  # fmt: skip
_AV = ((-0.07771, 2.33840, -0.76284), (0.56727, 0.95545, 0.54039), (-0.20238, 1.14520, 0.26809),
       (-48.2991, 0.791669, 0.116226), (48.5833, 0.791459, 0.116479)), -0.053739, 0.83433  # fmt: skip


def rain_coefficients(frequency: float, vertical: bool) -> tuple[float, float]:
    """k and alpha of the specific attenuation k R^alpha, dB/km with R in mm/h (ITU-R P.838-3, 1 to 1000 GHz).

    Args:
        frequency: Hz.
        vertical: vertical polarisation, else horizontal.
    """
    log_f = math.log10(frequency / 1e9)

    def curve(terms: tuple[tuple[float, float, float], ...], slope: float, offset: float) -> float:
        return sum(a * math.exp(-(((log_f - b) / c) ** 2)) for a, b, c in terms) + slope * log_f + offset

    k, alpha = (_KV, _AV) if vertical else (_KH, _AH)
    return 10.0 ** curve(*k), curve(*alpha)


def los_margin_db(distance: Scalar, height: Scalar, phi: Scalar, links: Links, radio: Radio) -> Scalar:
    """Margin of the line-of-sight link over what frames need, dB.

    Args:
        distance: m over the ground.
        height: m of the aircraft above mean sea level.
        phi: rad, its bank.
        links: the ground end.
        radio: the airborne end.

    Beyond the horizon the signal falls by diffraction; here 20 dB at once and 1 dB per km more (estimated), which
    ends any link of this class.
    """
    reach = horizon(links.antenna_height, height - links.elevation)
    slant = jnp.sqrt(distance * distance + (height - links.elevation) * (height - links.elevation))
    beyond = jnp.maximum(distance - reach, 0.0)
    blocked = jnp.where(beyond > 0.0, 20.0 + 1e-3 * beyond, 0.0)
    shadow = SHADOW_DB * jnp.clip((jnp.abs(phi) - SHADOW_BANK) / SHADOW_BANK, 0.0, 1.0)
    far = jnp.clip(distance / 20e3, 0.0, 1.0)
    received = (
        radio.los_power_dbm + radio.los_gain_db + links.gain_db - radio.los_loss_db
        - free_space_loss_db(slant, radio.los_frequency) - 1e-3 * GAS_DB_PER_KM * slant
    )  # fmt: skip
    return received - blocked - shadow * far - links.noise_dbm - links.required_db


def satellite_geometry(latitude: Scalar, longitude: Scalar, satellite_longitude: Scalar) -> tuple[Scalar, Scalar]:
    """Elevation of a geostationary satellite, rad, and its distance, m, on a spherical Earth."""
    c = jnp.cos(latitude) * jnp.cos(longitude - satellite_longitude)
    ratio = EARTH_RADIUS / GEOSTATIONARY
    distance = GEOSTATIONARY * jnp.sqrt(1.0 + ratio * ratio - 2.0 * ratio * c)
    return jnp.arctan2(c - ratio, jnp.sqrt(jnp.maximum(1.0 - c * c, 0.0))), distance


def satellite_margin_db(elevation: Scalar, phi: Scalar, fade_db: Scalar, links: Links, radio: Radio) -> Scalar:
    """Margin of the satellite link, dB; -30 where there is none.

    The wing shadows the dish when the elevation less the bank comes under 10 degrees.
    """
    clear = elevation - jnp.abs(phi)
    shadow = SHADOW_DB * jnp.clip((math.radians(10.0) - clear) / math.radians(5.0), 0.0, 1.0)
    exists = (links.satellite != 0) & (radio.satellite_fitted > 0.5) & (elevation > math.radians(5.0))
    return jnp.where(exists, radio.satellite_margin_db - shadow - fade_db, -30.0)


def _in_gap(gap: GapWindow, time: Scalar) -> Scalar:
    """Whether a scheduled gap is now."""
    return (time >= gap.start) & (time < gap.start + gap.duration)


def _gaps(links: Links, time: Scalar) -> tuple[Scalar, Scalar]:
    """Whether line of sight and satellite are taken away now."""
    los, satellite = time < -1e30, time < -1e30
    for gap in (links.gap_a, links.gap_b, links.gap_c):
        now = _in_gap(gap, time)
        los, satellite = los | (now & (gap.line_of_sight != 0)), satellite | (now & (gap.satellite != 0))
    return los, satellite


def step(
    radio: RadioState,
    latitude: Scalar,
    longitude: Scalar,
    height: Scalar,
    phi: Scalar,
    powered: Scalar,
    sent: Telemetry,
    command: Command,
    links: Links,
    aboard: Radio,
    seed: Scalar,
    tick: Scalar,
    time: Scalar,
) -> RadioState:
    """One mission tick of all links.

    Args:
        radio: state before.
        latitude: rad, where the aircraft truly is.
        longitude: rad.
        height: m.
        phi: rad, bank.
        powered: 1 while the satellite terminal has power.
        sent: telemetry of this tick.
        command: what the crew sends; sequence 0 is nothing.
        links: the ground end.
        aboard: the airborne end.
        seed: int32.
        tick: mission tick.
        time: s since the epoch.
    """
    distance, _ = distance_bearing(links.latitude, links.longitude, latitude, longitude)
    elevation, range_ = satellite_geometry(latitude, longitude, links.satellite_longitude)
    fade, jitter = noise.normal_pair(seed, noise.RADIO, tick // (10 * FADE_SECONDS))
    los = los_margin_db(distance, height, phi, links, aboard)
    satellite = satellite_margin_db(elevation, phi, FADE_SPREAD_DB * jnp.abs(fade), links, aboard)
    no_los, no_satellite = _gaps(links, time)
    was_los = radio.bearer == LINE_OF_SIGHT
    los_up = (los > jnp.where(was_los, 0.0, HYSTERESIS_DB)) & ~no_los
    satellite_up = (satellite > 0.0) & ~no_satellite & (powered != 0)
    up = los_up | satellite_up
    light = 2.0 * range_ / LIGHT
    delay = jnp.where(los_up, LOS_DELAY, jnp.maximum(light, links.satellite_delay * jnp.exp(0.15 * jitter)))
    linked = replace(
        radio,
        los_margin_db=los,
        satellite_margin_db=satellite,
        los_up=to_int(los_up),
        satellite_up=to_int(satellite_up),
        link_up=to_int(up),
        bearer=jnp.where(los_up, LINE_OF_SIGHT, jnp.where(satellite_up, SATELLITE, NO_BEARER)),
        delay=delay,
        up_for=jnp.where(up, radio.up_for + MISSION_DT, 0.0),
        uplink_age=jnp.where(up & (radio.up_for > delay), delay, radio.uplink_age + MISSION_DT),
        downlink_age=radio.downlink_age + MISSION_DT,
    )
    return _rise(_fall(linked, sent, up, tick), command, up, tick)


def _due(delay: Scalar, tick: Scalar) -> Scalar:
    """Tick at which what leaves now arrives: at least the next one."""
    return tick + jnp.maximum(1, to_int(jnp.ceil(delay / MISSION_DT)))


def _fall(radio: RadioState, sent: Telemetry, up: Scalar, tick: Scalar) -> RadioState:
    """Telemetry: what is due arrives if the link holds; then the next one leaves."""
    due = (radio.flying_due >= 0) & (tick >= radio.flying_due)
    arrives = due & up
    leaves = up & (due | (radio.flying_due < 0))
    age = MISSION_DT * to_float(tick - radio.flying.tick)
    return replace(
        radio,
        on_ground=pick(arrives, radio.flying, radio.on_ground),
        downlink_age=jnp.where(arrives, age, radio.downlink_age),
        flying=pick(leaves, sent, radio.flying),
        flying_due=jnp.where(leaves, _due(radio.delay, tick), jnp.where(due, -1, radio.flying_due)),
    )


def _rise(radio: RadioState, command: Command, up: Scalar, tick: Scalar) -> RadioState:
    """Commands: as telemetry, upwards; one that the aircraft has already is not sent again."""
    due = (radio.rising_due >= 0) & (tick >= radio.rising_due)
    arrives = due & up
    inbox = pick(arrives, radio.rising, radio.inbox)
    leaves = up & (radio.rising_due < 0) & (command.sequence != 0) & (command.sequence != inbox.sequence)
    return replace(
        radio,
        inbox=inbox,
        rising=pick(leaves, command, radio.rising),
        rising_due=jnp.where(leaves, _due(radio.delay, tick), jnp.where(due, -1, radio.rising_due)),
    )


"""The aiding of the strapdown: GNSS, pressure height, compass, stillness on the ground.

The pressure height follows the filter while GNSS is there and holds the vertical channel when it is not.

At each mission tick the measurements are compared with the estimate of that very moment; the slow tick propagates the
covariance over the past second and applies what was found. The second of delay moves an innovation by the velocity
error alone, centimetres; it buys a covariance at 1 Hz (`design/0005-estimator.md` has the comparison with 10 Hz).

The GNSS place error wanders over minutes. The filter follows the receiver's frame and the wander is added to the
reported standard deviation: a state for it would not be observable with one receiver.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from samruk import earth, noise
from samruk.autopilot import covariance as cov
from samruk.autopilot.handbook import Errors, Handbook
from samruk.autopilot.navigation import Navigation, Sums, ahead, mean, turned
from samruk.frames import (
    Quaternion,
    Rotation,
    Vec3,
    cross,
    dot,
    quaternion_from_euler,
    quaternion_from_rotation,
    quaternion_product,
    rotation,
)
from samruk.lazy import jnp
from samruk.messages import Measurement
from samruk.mission import Runway
from samruk.tables import pick
from samruk.words import wide

Scalar = Any

LATENCY = 0.02
"""s: at a mission tick the inertial sample of the last fast tick has not been integrated yet; it is one tick late."""
GATE = 5.0
"""Standard deviations of an innovation beyond which it is believed less."""
LEVEL_SIGMA = 0.03
"""rad, how level the stand is known to be: 1.7 degrees, legs and fuel load."""
HEADING_SIGMA = 0.01
"""rad, how well the heading of the stand is known: painted line and transit."""
STILL_SIGMA = 0.02
"""m/s, movement of a parked aircraft in the wind."""
COMPASS_FLOOR = 0.02
"""rad, error of the field model that does not average out (1.2 degrees, see `earth.magnetic_field_n`)."""
COMPASS_TIME = 600.0
"""s over which that error stays the same."""
HEIGHT_TIME = 120.0
"""s in which the pressure height follows the filter's while GNSS is there."""
HEIGHT_SIGMA = 2.0
"""m, error of the pressure height since GNSS went, beside the sensor's noise."""
SILENCE = 2.5
"""s without GNSS after which the pressure height holds the vertical channel."""
BIAS_TIME = 3600.0
"""s over which sensor biases wander by their own size."""
FRAME_SIGMA = 0.3
"""Part of the GNSS place error that is taken as noise of the second; the rest wanders and is reported."""


@dataclass(frozen=True)
class Innovations:
    """Measured less estimated, kept from the mission tick for the slow tick."""

    place_e: Vec3 = field(default_factory=Vec3)
    """m, ECEF."""
    velocity_e: Vec3 = field(default_factory=Vec3)
    """m/s, ECEF."""
    gnss: Scalar = 0
    """1 when the two above are new."""
    height: Scalar = 0.0
    """m, sum over `count` mission ticks: pressure height less estimated height."""
    heading: Scalar = 0.0
    """rad, sum: turn about `heading_row` that the compass asks for."""
    heading_row: Vec3 = field(default_factory=Vec3)
    """ECEF, sum: how the compass sees attitude errors."""
    count: Scalar = 0.0
    """Mission ticks in the sums."""
    still: Scalar = 1
    """1 while the aircraft has stood still since the last slow tick."""


@dataclass(frozen=True)
class Estimator:
    """Nominal state, covariance and what waits for the next slow tick."""

    nav: Navigation
    covariance: cov.Covariance
    innovations: Innovations = field(default_factory=Innovations)
    sums: Sums = field(default_factory=Sums)
    height_pressure: Scalar = wide(0.0)
    """m above mean sea level by hydrostatic steps from the stand upwards."""
    static_pressure: Scalar = 101325.0
    """Pa, at the last mission tick."""
    consistency: Scalar = 1.0
    """Mean of innovation squared over its variance, one minute; 1 when the filter is honest."""
    field_level: Scalar = wide(0.5)
    """Level part of the magnetic field over the whole."""
    outage: Scalar = wide(0.0)
    """s since the last GNSS fix."""


def initial(book: Handbook, stand: Runway, measurement: Measurement, seed: Scalar) -> Estimator:
    """The estimator on the known stand: place by GNSS, heading by the line with an error, level by assumption."""
    latitude, longitude, height = earth.geodetic(measurement.r_be_e)
    error, _ = noise.normal_pair(seed, noise.BIAS + 16 * 7, 0)
    q_nb = quaternion_from_euler(0.0, 0.0, stand.heading + HEADING_SIGMA * error)
    R_en = earth.R_ne(latitude, longitude).T
    q_eb = quaternion_product(quaternion_from_rotation(R_en), q_nb)
    return Estimator(
        Navigation(measurement.r_be_e, Vec3(), q_eb),
        _on_the_stand(book.errors, Vec3(-R_en.xz, -R_en.yz, -R_en.zz)),
        height_pressure=height,
        static_pressure=measurement.static_pressure,
    )


def _on_the_stand(e: Errors, up_e: Vec3) -> Any:
    """Covariance on the stand: heading is known better than level."""
    sigmas = [1.5 * e.gnss_position] * 3 + [0.1] * 3 + [LEVEL_SIGMA] * 3
    full = cov.square(cov.diagonal([*sigmas, *[e.accelerometer_bias] * 3, *[e.gyro_bias] * 3]))
    up = (up_e.x, up_e.y, up_e.z)
    for i in range(3):
        for j in range(3):
            known = (HEADING_SIGMA**2 - LEVEL_SIGMA**2) * up[i] * up[j]
            full[cov.TILT + i][cov.TILT + j] = full[cov.TILT + i][cov.TILT + j] + known
    return cov.triangle(full)


# Mission tick ---------------------------------------------------------------------------------------------------------


def height_by_pressure(estimator: Estimator, measurement: Measurement, temperature: Scalar) -> Scalar:
    """Height, m, one hydrostatic step after the last: true metres on a day of any temperature.

    The relative step of pressure times R T / g; R T / g of dry air, humidity costs 0.5 % at most.
    """
    p, old = measurement.static_pressure, estimator.static_pressure
    return estimator.height_pressure + (earth.GAS_CONSTANT / earth.GRAVITY) * temperature * 2.0 * (old - p) / (old + p)


def compare(
    estimator: Estimator, measurement: Measurement, R_ne: Rotation, height: Scalar, temperature: Scalar, field_n: Vec3,
    still: Scalar,
) -> Estimator:  # fmt: skip
    """The estimator with this mission tick's measurements compared and kept.

    Args:
        estimator: the state.
        measurement: all sensors but the inertial unit.
        R_ne: local axes at the estimate.
        height: m, estimated.
        temperature: K, outside.
        field_n: expected direction of the magnetic field, any length, NED.
        still: 1 while wheels and engine say that the aircraft stands.
    """
    nav, old = estimator.nav, estimator.innovations
    pressure_height = height_by_pressure(estimator, measurement, temperature)
    led = estimator.outage < SILENCE
    pressure_height = pressure_height + jnp.where(led, 0.1 / HEIGHT_TIME, 0.0) * (height - pressure_height)
    fresh = measurement.gnss_fresh == 1
    turn, row_n = _compass(nav.q_eb, R_ne, measurement.field_b, field_n)
    whole = jnp.sqrt(dot(field_n, field_n))
    r_e, v_e = ahead(nav, estimator.sums.a_e, LATENCY)
    kept = Innovations(
        place_e=_newer(fresh, measurement.r_be_e - r_e, old.place_e),
        velocity_e=_newer(fresh, measurement.v_be_e - v_e, old.velocity_e),
        gnss=jnp.where(fresh, 1, old.gnss),
        height=old.height + pressure_height - height,
        heading=old.heading + turn,
        heading_row=old.heading_row + R_ne.T @ row_n,
        count=old.count + 1.0,
        still=old.still * still,
    )
    return replace(
        estimator,
        innovations=kept,
        height_pressure=pressure_height,
        static_pressure=measurement.static_pressure,
        field_level=jnp.sqrt(field_n.x * field_n.x + field_n.y * field_n.y) / whole,
        outage=jnp.where(fresh, 0.0, estimator.outage + 0.1),
    )


def _newer(fresh: Scalar, new: Vec3, old: Vec3) -> Vec3:
    """The new vector when it is fresh."""
    return Vec3(jnp.where(fresh, new.x, old.x), jnp.where(fresh, new.y, old.y), jnp.where(fresh, new.z, old.z))


def _compass(q_eb: Quaternion, R_ne: Rotation, field_b: Vec3, field_n: Vec3) -> tuple[Scalar, Vec3]:
    """Sideways part of the measured field in the estimated local axes, and how attitude errors make it.

    With h level and across the expected field, and m the measured field turned into n by the estimate, the truth is
    m + e x m, so that 0 = h.m + e.(m x h): the innovation is -h.m and its row on the attitude error is m x h.
    """
    m_n = R_ne @ (rotation(q_eb) @ field_b)
    level = 1.0 / jnp.sqrt(field_n.x * field_n.x + field_n.y * field_n.y)
    h = Vec3(-field_n.y * level, field_n.x * level, 0.0)
    strength = 1.0 / jnp.maximum(jnp.sqrt(m_n.x * m_n.x + m_n.y * m_n.y), 0.05)
    return -dot(h, m_n) * strength, cross(m_n, h) * strength


# Slow tick ------------------------------------------------------------------------------------------------------------


def slow(estimator: Estimator, book: Handbook, up_e: Vec3, dt: float = 1.0) -> Estimator:
    """Covariance over the past second, then the measurements that were kept.

    Args:
        estimator: the state.
        book: gives the sensors' errors.
        up_e: unit vector upwards at the aircraft, ECEF.
        dt: s since the last slow tick.
    """
    kept, sums = estimator.innovations, estimator.sums
    flown = kept.count > 0.5
    entries = cov.transition(mean(sums.f_e, sums.count_e), rotation(estimator.nav.q_eb), dt)
    P = cov.propagate(estimator.covariance, entries, _process_noise(book.errors, dt))
    P, x, misfit = _updates(P, estimator, book.errors, up_e, dt)
    corrected = replace(
        estimator,
        nav=_corrected(estimator.nav, x),
        covariance=P,
        innovations=Innovations(),
        sums=replace(sums, f_e=Vec3(), count_e=0.0),
        consistency=estimator.consistency + (dt / 60.0) * (misfit - estimator.consistency),
    )
    after: Estimator = pick(flown, corrected, estimator)
    return after


def _process_noise(e: Errors, dt: float) -> list[Scalar]:
    """Diagonal of the process noise over dt: wander of the receiver's frame, in which the place is kept, white sensor
    noise, slow wander of the biases."""
    place = 2.0 * dt / e.gnss_correlation * e.gnss_position**2
    velocity, tilt = e.accelerometer_noise**2 * dt, e.gyro_noise**2 * dt
    wander = 2.0 * dt / BIAS_TIME
    accelerometer, gyro = wander * e.accelerometer_bias**2, wander * e.gyro_bias**2
    return [place] * 3 + [velocity] * 3 + [tilt] * 3 + [accelerometer] * 3 + [gyro] * 3


def _updates(
    P: Any, estimator: Estimator, e: Errors, up_e: Vec3, dt: float
) -> tuple[Any, list[Scalar], Scalar]:
    """All scalar updates of the second: place and velocity by axis, height, compass."""
    kept = estimator.innovations
    share = 1.0 / jnp.maximum(kept.count, 1.0)
    fresh, still = kept.gnss == 1, kept.still == 1
    x: list[Scalar] = [0.0 * kept.count] * cov.STATES
    misfit = 0.0 * kept.count
    place_variance = (FRAME_SIGMA * e.gnss_position) ** 2
    upward = [1.0 + 1.25 * u * u for u in (up_e.x, up_e.y, up_e.z)]  # vertical errors are 1.5 times the horizontal
    for i, z in enumerate((kept.place_e.x, kept.place_e.y, kept.place_e.z)):
        P, x, _ = cov.update(P, x, {cov.PLACE + i: 1.0}, z, place_variance * upward[i], fresh, GATE)
    v = estimator.nav.v_be_e
    standing = (-v.x, -v.y, -v.z)
    moving = (kept.velocity_e.x, kept.velocity_e.y, kept.velocity_e.z)
    for i in range(3):
        variance = jnp.where(still, STILL_SIGMA**2, e.gnss_velocity**2 * upward[i])
        z = jnp.where(still, standing[i], moving[i])
        P, x, squared = cov.update(P, x, {cov.VELOCITY + i: 1.0}, z, variance, fresh | still, GATE)
        misfit = misfit + squared * (1.0 / 3.0)
    H = {cov.PLACE: up_e.x, cov.PLACE + 1: up_e.y, cov.PLACE + 2: up_e.z}
    alone = (estimator.outage > SILENCE) & (kept.count > 0.5)
    P, x, _ = cov.update(P, x, H, kept.height * share, _height_variance(estimator, e), alone, GATE)
    row = kept.heading_row * share
    H = {cov.TILT: row.x, cov.TILT + 1: row.y, cov.TILT + 2: row.z}
    compass_variance = _compass_variance(estimator.field_level, e, dt)
    P, x, _ = cov.update(P, x, H, kept.heading * share, compass_variance, kept.count > 0.5, GATE)
    return P, x, misfit


def _compass_variance(level: Scalar, e: Errors, dt: float) -> Scalar:
    """Variance of the compass, rad^2: its own error counts where the field is level, and lasts like the model's."""
    own = e.magnetometer / jnp.maximum(level, 0.1)
    return (own * own + COMPASS_FLOOR**2) * (2.0 * COMPASS_TIME / dt)


def _height_variance(estimator: Estimator, e: Errors) -> Scalar:
    """Variance of the pressure height, m^2: noise of the static port, R T / g times its relative error (8000 m stands
    for R T / g), and what the hydrostatic steps may have lost since GNSS went."""
    metres = 8000.0 * e.static_pressure / jnp.maximum(estimator.static_pressure, 1e4)
    return metres * metres + HEIGHT_SIGMA * HEIGHT_SIGMA


def _corrected(nav: Navigation, x: list[Scalar]) -> Navigation:
    """The nominal state with the error estimate added: the attitude error is a turn in ECEF axes."""
    tilt_b = rotation(nav.q_eb).T @ Vec3(x[6], x[7], x[8])
    return Navigation(
        nav.r_be_e + Vec3(x[0], x[1], x[2]),
        nav.v_be_e + Vec3(x[3], x[4], x[5]),
        turned(nav.q_eb, tilt_b),
        nav.accelerometer_bias + Vec3(x[9], x[10], x[11]),
        nav.gyro_bias + Vec3(x[12], x[13], x[14]),
    )


def position_sigma(P: Any, e: Errors) -> Scalar:
    """m, one standard deviation of the horizontal place (mean of three axes), with the receiver's wander."""
    return jnp.sqrt((P.rx_rx + P.ry_ry + P.rz_rz) * (1.0 / 3.0) + e.gnss_position**2)


def heading_variance(P: Any, up_e: Vec3) -> Scalar:
    """rad^2, variance of the attitude error about the vertical."""
    u = up_e
    own = u.x * u.x * P.ex_ex + u.y * u.y * P.ey_ey + u.z * u.z * P.ez_ez
    return own + 2.0 * (u.x * u.y * P.ex_ey + u.x * u.z * P.ex_ez + u.y * u.z * P.ey_ez)

"""What is asked of a steady flight: air, speed, mass, path, turn, configuration.

Controls: `delta_e` > 0 elevator trailing edge down, nose down; `delta_a` > 0 rolls right; `delta_r` > 0 yaws nose
right; `delta_t` 0..1 power lever; `delta_f` 0..1 of full flap.
"""

from __future__ import annotations

from dataclasses import dataclass

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Scalar
from samruk.lazy import jnp
from samruk.plant.ice import IceEffects


@dataclass(frozen=True)
class Condition:
    """A steady flight that is asked for; every leaf a number, or an array of them for a batch.

    Straight flight with the lateral specific force at zero is the default (wings level, the ball in the middle).
    """

    airspeed: Scalar
    """m/s, true."""
    mass: Scalar
    """kg, all of it, with `Aircraft.stores`."""
    height: Scalar = 0.0
    """m, pressure altitude: the geometric height of the pressure on the US 1976 day."""
    offset: Scalar = 0.0
    """K by which the air is warmer than US 1976 at that pressure."""
    gamma: Scalar = 0.0
    """rad, flight path above the horizontal."""
    bank: Scalar = 0.0
    """rad, phi; asked for where `by_rate` is 0."""
    turn_rate: Scalar = 0.0
    """rad/s, psi_dot; asked for where `by_rate` is 1."""
    by_rate: Scalar = 0.0
    """0: the bank is given and the turn follows; 1: the turn is given and the bank follows."""
    beta: Scalar = 0.0
    """rad, sideslip; asked for where `slipping` is 1."""
    slipping: Scalar = 0.0
    """0: no lateral specific force (coordinated); 1: the sideslip is given."""
    delta_f: Scalar = 0.0
    """0..1."""
    gear: Scalar = 0.0
    """0 retracted .. 1 down."""
    propeller_speed: Scalar = 0.0
    """rad/s; 0 means the rated speed."""
    alternator: Scalar = 0.0
    """W taken from the shaft."""
    stall_margin: Scalar = 0.0
    """Airspeed over the stall speed at this load factor, less 1, that must be left."""
    gravity: Scalar = earth.GRAVITY
    """m/s^2."""
    ice: IceEffects = IceEffects()


@dataclass(frozen=True)
class Atmosphere:
    """Still air at a point."""

    pressure: Scalar
    """Pa."""
    temperature: Scalar
    """K."""
    rho: Scalar
    """kg/m^3."""


def air(height: Scalar, offset: Scalar) -> Atmosphere:
    """US 1976 pressure at a height, m; its temperature and `offset` K."""
    standard, pressure, _ = earth.standard_atmosphere(height)
    temperature = standard + offset
    return Atmosphere(pressure, temperature, pressure / (earth.GAS_CONSTANT * temperature))


def propeller_speed(asked: Scalar, aircraft: Aircraft) -> Scalar:
    """rad/s: what was asked for, else the rated speed."""
    return jnp.where(asked > 0.0, asked, aircraft.propeller.rated_speed)

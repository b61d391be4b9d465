"""Stall, drag, power and fuel by the handbook, as scalar functions of the step."""

from __future__ import annotations

from typing import Any

from samruk.autopilot.handbook import Handbook
from samruk.earth import GRAVITY, RHO0
from samruk.lazy import jnp

Scalar = Any


def speed_for(book: Handbook, mass: Scalar, C_L: Scalar, load_factor: Scalar = 1.0) -> Scalar:
    """Calibrated airspeed, m/s, at which a lift coefficient carries the aircraft (incompressible)."""
    return jnp.sqrt((2.0 * GRAVITY / RHO0) * mass * load_factor / (book.lift.area * C_L))


def lift_limit(book: Handbook, flap: Scalar) -> Scalar:
    """Largest lift coefficient of the clean wing; flap 0..1."""
    return book.lift.C_L_max + flap * (book.lift.C_L_max_flap - book.lift.C_L_max)


def stall_speed(book: Handbook, mass: Scalar, flap: Scalar, load_factor: Scalar = 1.0) -> Scalar:
    """Stall speed of the clean aircraft, m/s calibrated."""
    return speed_for(book, mass, lift_limit(book, flap), load_factor)


def lift_coefficient(book: Handbook, alpha: Scalar, flap: Scalar) -> Scalar:
    """Lift coefficient of the straight part of the curve."""
    return book.lift.C_L_0 + book.lift.C_L_alpha * alpha + book.lift.C_L_delta_f * flap


def alpha_for(book: Handbook, C_L: Scalar, flap: Scalar) -> Scalar:
    """Angle of attack, rad, of a lift coefficient."""
    return (C_L - book.lift.C_L_0 - book.lift.C_L_delta_f * flap) / book.lift.C_L_alpha


def drag(book: Handbook, q: Scalar, C_L: Scalar, flap: Scalar, gear: Scalar, sigma: Scalar) -> Scalar:
    """Drag of the clean aircraft, N, at a dynamic pressure q, Pa, and density ratio sigma."""
    d = book.drag
    C_D = d.a * (1.0 + d.thin_air * (1.0 - sigma)) + d.b * C_L + d.c * C_L * C_L + d.flap * flap + d.gear * gear
    return q * book.lift.area * C_D


def shaft_power(book: Handbook, thrust: Scalar, V: Scalar, rho: Scalar, speed: Scalar) -> Scalar:
    """Shaft power, W, for a thrust (not negative), N, at true airspeed V: actuator disc, blade losses, installation.

    Args:
        book: the handbook.
        thrust: N.
        V: m/s, true.
        rho: kg/m^3.
        speed: rad/s of the propeller.
    """
    p = book.drive
    pushed = thrust / p.installation
    induced = -0.5 * V + jnp.sqrt(0.25 * V * V + pushed / (2.0 * rho * p.disc_area))
    useful = pushed * (V + induced)
    revolutions = speed * (1.0 / (2.0 * jnp.pi))
    tip = revolutions * p.diameter
    coefficient = useful / (0.8 * rho * tip * tip * tip * p.diameter * p.diameter)
    departure = V / tip - p.best_advance_ratio
    blade = p.blade_efficiency - p.swirl_loss * coefficient - p.tip_loss * departure * departure
    return useful / jnp.maximum(blade, 0.4)


def power_available(book: Handbook, sigma: Scalar, speed: Scalar) -> Scalar:
    """Largest shaft power, W, at a density ratio and propeller speed, rad/s."""
    d = book.drive
    thin = jnp.minimum(sigma / d.critical_density_ratio, 1.0)
    return d.rated_power * jnp.power(thin, d.altitude_exponent) * speed / d.rated_speed


def lever(book: Handbook, power: Scalar, available: Scalar) -> Scalar:
    """Power lever for a propeller power, W: the shaft drives the alternator too, and idles at the lever's zero."""
    idle = book.drive.idle_power
    return (power + book.drive.alternator_power - idle) / jnp.maximum(available - idle, 1.0)


def fuel_flow(book: Handbook, power: Scalar, sigma: Scalar) -> Scalar:
    """Fuel flow, kg/s, at a shaft power, W (Willans line), with the usual electric load."""
    d = book.drive
    work = power + d.friction_power + d.alternator_power
    return work * d.fuel_per_joule * (1.0 + d.pumping * (1.0 - sigma))


def level_power(book: Handbook, mass: Scalar, airspeed: Scalar, sigma: Scalar, load_factor: Scalar = 1.0) -> Scalar:
    """Shaft power, W, for level flight of the clean aircraft, gear and flaps up, at a calibrated airspeed, m/s."""
    q = 0.5 * RHO0 * airspeed * airspeed
    C_L = mass * GRAVITY * load_factor / (q * book.lift.area)
    V = airspeed / jnp.sqrt(sigma)
    return shaft_power(book, drag(book, q, C_L, 0.0, 0.0, sigma), V, RHO0 * sigma, book.drive.cruise_speed)

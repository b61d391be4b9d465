"""How supercooled drops meet a body and freeze on it: collection, heat balance, density, drag of the ice.

Everything refers to the stagnation line; what a whole section catches and freezes is drawn from there by fits that are
named at each function. Method: Anderson, Manual of Scaling Methods, NASA/CR-2004-212875, whose notation is kept: K
inertia parameter, K0 modified inertia, beta0 collection efficiency, n0 freezing fraction, b relative heat factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk import earth
from samruk.lazy import jnp
from samruk.weather.atmosphere import vapour_pressure

Scalar = Any

FREEZING = 273.15
WATER = 1000.0
"""kg/m^3, density of water."""
GLAZE = 917.0
"""kg/m^3, density of clear ice."""
FUSION = 3.34e5
"""J/kg, latent heat of freezing."""
VAPORISATION = 2.50e6
"""J/kg, latent heat of evaporation at 0 C."""
SUBLIMATION = VAPORISATION + FUSION
"""J/kg."""
CP_WATER, CP_AIR = 4190.0, 1006.0
"""J/(kg K)."""


@dataclass(frozen=True)
class Stream:
    """Cloudy air as a body meets it, with what all bodies at that speed share."""

    temperature: Scalar
    """K, static."""
    pressure: Scalar
    """Pa, static."""
    speed: Scalar
    """m/s, of the body through the air."""
    water: Scalar
    """kg/m^3."""
    drop: Scalar
    """m, median volume diameter."""
    vapour: Scalar
    """Pa, vapour pressure of the air; saturated over water in cloud."""
    viscosity: Scalar
    """Pa s, of the free air."""
    rho: Scalar
    """kg/m^3."""


def stream(
    temperature: Scalar, pressure: Scalar, speed: Scalar, water: Scalar, drop: Scalar, humidity: Scalar = 1.0
) -> Stream:
    """Cloudy air of given temperature (K), pressure (Pa), water (kg/m^3), drops (m) at a speed (m/s)."""
    return Stream(
        temperature, pressure, speed, water, drop, humidity * vapour_pressure(temperature), _viscosity(temperature),
        earth.density(pressure, temperature),
    )  # fmt: skip


def _viscosity(temperature: Scalar) -> Scalar:
    """Viscosity of air, Pa s, in the form of NASA/CR-2004-212875 (eq. A.3); 1 % from Sutherland's formula."""
    return 1e-5 / (0.12764 + 124.38 / temperature)


# Collection -----------------------------------------------------------------------------------------------------------


def modified_inertia(s: Stream, length: Scalar) -> Scalar:
    """K0: inertia of the drops against a body, corrected for their drag law; never below 1/8.

    Args:
        s: the stream.
        length: m. For an aerofoil twice the radius of its nose; for a cylinder its radius (two conventions in the
            literature that differ by a factor of two in K).

    Reference: Langmuir & Blodgett (1946); NASA/CR-2004-212875 eqs. 3.3 to 3.9.
    """
    reynolds = s.rho * s.speed * s.drop / s.viscosity
    K = WATER * s.drop * s.drop * s.speed / (18.0 * length * s.viscosity)
    reach = 1.0 / (0.8388 + 0.001483 * reynolds + 0.1847 * jnp.sqrt(reynolds))
    return 0.125 + reach * jnp.maximum(K - 0.125, 0.0)


def stagnation_collection(K0: Scalar) -> Scalar:
    """beta0: part of the drops in the way of the stagnation line that hit it (NASA/CR-2004-212875 eq. 3.13).

    Against trajectories in the exact potential flow (`design/0004-ice-catch.py`): 0.02 low on average, worst 0.08.
    """
    x = 1.40 * raised(K0 - 0.125, 0.84)
    return x / (1.0 + x)


def raised(x: Scalar, exponent: Scalar) -> Scalar:
    """x to a power for x >= 0, zero at zero."""
    return jnp.where(x > 0.0, jnp.exp(exponent * jnp.log(jnp.maximum(x, 1e-30))), 0.0)


# Heat balance ---------------------------------------------------------------------------------------------------------


def heat_transfer(s: Stream, length: Scalar) -> Scalar:
    """h_c at the stagnation line, W/(m^2 K), of a smooth cylinder of diameter `length` (m) at film temperature.

    Nu = 1.14 Pr^0.4 Re^0.5; NASA/CR-2004-212875 eq. 3.33. For an aerofoil the diameter is twice the nose radius.
    """
    film = 0.5 * (s.temperature + FREEZING)
    conductivity = -0.0147486 + 0.00235815 * jnp.sqrt(film)
    viscosity = _viscosity(film)
    prandtl = CP_AIR * viscosity / conductivity
    reynolds = s.pressure / (earth.GAS_CONSTANT * film) * s.speed * length / viscosity
    return conductivity / length * 1.14 * raised(prandtl, 0.4) * jnp.sqrt(reynolds)


def mass_transfer(s: Stream, h_c: Scalar) -> Scalar:
    """h_G, kg/(m^2 s), from heat transfer by the analogy h_G = h_c / c_p (Pr/Sc)^0.667 at film temperature."""
    film = 0.5 * (s.temperature + FREEZING)
    conductivity = -0.0147486 + 0.00235815 * jnp.sqrt(film)
    diffusivity = 2.11e-5 * raised(film * (1.0 / FREEZING), 1.94) * (earth.P0 / s.pressure)
    lewis = s.pressure / (earth.GAS_CONSTANT * film) * CP_AIR * diffusivity / conductivity
    return h_c * (1.0 / CP_AIR) * raised(lewis, 0.667)


def freezing_fraction(s: Stream, beta0: Scalar, h_c: Scalar, h_G: Scalar) -> Scalar:
    """n0: part of the water caught at the stagnation line that can freeze there (Messinger's balance).

    Air comes to rest at the stagnation line, so its full total temperature counts (a recovery factor of one): with
    that the balance meets the FAA handbook's tables. At or below 0 no ice forms, between 0 and 1 the rest runs back
    (glaze), above 1 everything freezes on impact (rime). The value is not clipped. Without water it is large.

    Reference: Messinger (1953); NASA/CR-2004-212875 eqs. 3.39 to 3.47.
    """
    total = s.temperature + s.speed * s.speed * (0.5 / CP_AIR)
    ratio = total / s.temperature
    crowd = s.pressure / total * ratio * ratio * ratio * jnp.sqrt(ratio)
    surface = 610.78 / s.temperature
    evaporation = (surface - crowd * s.vapour / s.pressure) / (crowd * (1.0 / 0.622) - surface)
    theta = FREEZING - total + h_G / h_c * VAPORISATION * evaporation
    phi = FREEZING - s.temperature - s.speed * s.speed * (0.5 / CP_WATER)
    b = jnp.maximum(s.water * s.speed * beta0, 1e-9) * CP_WATER / h_c
    return (CP_WATER / FUSION) * (phi + theta / b)


# What a whole section makes of it -------------------------------------------------------------------------------------


def total_catch(K0: Scalar, bluntness: Scalar) -> Scalar:
    """E: water caught by a section over the water in its projected height.

    E = x/(1 + x) with x = 0.914 ((K0 - 1/8) bluntness - 0.0202)^0.937: our fit to drop trajectories round Joukowski
    aerofoils 12 to 18 % thick at 0 to 4 degrees (mean error 4 %, worst 8 %; at 8 degrees within 10 % from K0 = 0.8 up,
    too much below). The calculation is `design/0004-ice-catch.py`.

    Args:
        K0: modified inertia by the aerofoil convention.
        bluntness: twice the nose radius over the section's thickness.
    """
    x = 0.914 * raised((K0 - 0.125) * bluntness - 0.0202, 0.937)
    return x / (1.0 + x)


LANGMUIR_D = ((0.35, 0.599), (0.30, 1.0), (0.35, 1.597))
"""Langmuir's D distribution in three groups: part of the water, and drop over the median volume diameter. The seven of
the original (0.31, 0.52, 0.71, 1, 1.37, 1.74, 2.22 with 5, 10, 20, 30, 20, 10, 5 %) in three, outer ones by mean."""


def distributed_catch(s: Stream, length: Scalar, bluntness: Scalar) -> Scalar:
    """E over Langmuir's D distribution: small drops pass a large body whose median drops would all but miss it.

    Args:
        s: the stream; its drop is the median volume diameter.
        length: m, twice the nose radius.
        bluntness: as for `total_catch`.
    """
    caught = 0.0 * s.speed
    for part, size in LANGMUIR_D:
        group = Stream(s.temperature, s.pressure, s.speed, s.water, size * s.drop, s.vapour, s.viscosity, s.rho)
        caught = caught + part * total_catch(modified_inertia(group, length), bluntness)
    return caught


LARGE_REACH, LARGE_FROM, LARGE_CATCH = 15.0, 3.0, 0.25
"""Scale and foot of K0 over which drops strike behind the nose, and the collection there of drops that fly straight:
the slope of a section 15 % thick at 8 % chord (estimated)."""


def aft_collection(K0: Scalar) -> Scalar:
    """Mean collection efficiency behind a protected nose (8 % chord): nothing for cloud drops, 0.25 for freezing rain.

    Supercooled large drops strike far behind the stagnation line: three times as far at 110 um (recalled).
    """
    return LARGE_CATCH * (1.0 - jnp.exp(-jnp.maximum(K0 - LARGE_FROM, 0.0) * (1.0 / LARGE_REACH)))


def wet_evaporation(s: Stream, h_G: Scalar) -> Scalar:
    """Water that evaporates from a wet surface at 0 C, kg/(s m^2), half the stagnation line's mass transfer."""
    return 0.5 * h_G * 0.622 / s.pressure * jnp.maximum(610.78 - s.vapour, 0.0)


def whole_fraction(n: Scalar) -> Scalar:
    """Part of the caught water that freezes somewhere on the section, for a stagnation freezing fraction n in 0..1.

    1 - exp(-12 n). What runs back from the stagnation line freezes within a few percent of the chord, because the ice's
    roughness trips the flow and cools it strongly: a heat balance marched along the surface
    (`design/0004-ice-runback.py`) gives 12 for roughness of 0.2 mm, 8 for a flow that stays laminar, 32 for 0.4 mm.
    """
    return 1.0 - jnp.exp(-12.0 * n)


def ice_density(s: Stream, n0: Scalar) -> Scalar:
    """Density of the ice, kg/m^3: Macklin's law for rime, 917 for glaze; between 100 and 917.

    110 R^0.76 with R = drop radius (um) x impact speed (m/s) / surface temperature below freezing (C). The drops are
    taken to arrive with 0.6 of the airspeed, and a dry surface to be warmed from the air's total temperature by 1/n0 of
    what melting asks for (both estimated).

    Reference: Macklin, Quart. J. R. Met. Soc. 88 (1962) 30.
    """
    total = s.temperature + s.speed * s.speed * (0.5 / CP_AIR)
    cold = jnp.maximum((FREEZING - total) * (1.0 - 1.0 / jnp.maximum(n0, 1.0)), 0.01)
    R = 0.5e6 * s.drop * 0.6 * s.speed / cold
    return jnp.clip(110.0 * raised(R, 0.76), 100.0, GLAZE)


ROUGH_PART = 0.40
"""Part of a section's clean drag that any rough ice adds by early transition. The 45 runs of TM-83556 are fitted
equally well with 0 to 40 % (scatter of log drag 0.235 to 0.239); NACA TN-3564 asks for 38 to 67 % of 0.7 kg/m of rime
on a section 2.2 m long, where the shape adds only a few percent."""
MOST_INERTIA = 4.5
"""K0 up to which drag was measured: 4.42 in run S-88."""


def section_drag_rate(s: Stream, K0: Scalar, n: Scalar, chord: Scalar) -> Scalar:
    """Growth of a section's drag coefficient, 1/s, while ice grows on its nose.

    dC_d = A_c f(n0) (K0/1.7)^m, m = 2.003 min(n0/0.2787, 1), A_c = LWC V t / (917 c), f = exp(-2.787 + 1.677
    exp(-((n0 - 0.277)/0.450)^2)): our fit to 45 runs of NASA TM-83556 (NACA 0012, chord 0.533 m, 149 to 338 km/h,
    angle of attack 4 degrees), over a nose made rough by ice, which costs `ROUGH_PART` of the clean drag. The exponent
    falls to nothing where little freezes: there cold, not catch, decides how much ice there is. Mean error of C_d over
    these runs 19 %, left out one by one 23 %; the tunnel repeats itself to 16 %. Range: A_c 0.03 to 0.12; elsewhere
    take +-40 %. Held at `MOST_INERTIA`, above which nothing was run. Below n0 = 0.02 it falls to nothing.

    Args:
        s: the stream.
        K0: modified inertia by the aerofoil convention.
        n: freezing fraction, 0..1.
        chord: m.
    """
    departure = (jnp.maximum(n, 0.02) - 0.2765) * (1.0 / 0.4495)
    shape = jnp.exp(-2.7866 + 1.6766 * jnp.exp(-departure * departure)) * jnp.minimum(50.0 * n, 1.0)
    inertia = jnp.minimum(K0, MOST_INERTIA) * (1.0 / 1.7)
    power = 2.0028 * jnp.minimum(n * (1.0 / 0.2787), 1.0)
    return s.water * s.speed / (GLAZE * chord) * shape * raised(inertia, power)


def horn_part(n: Scalar) -> Scalar:
    """Height of the ice that trips the flow over the thickness grown: 1 for beak or horn glaze, 0.15 for rime.

    Follows the shape of `section_drag_rate`; estimated.
    """
    departure = (jnp.maximum(n, 0.02) - 0.305) * (1.0 / 0.354)
    return 0.15 + 0.85 * jnp.exp(-departure * departure)


# Drying and warming ---------------------------------------------------------------------------------------------------


def sublimation_rate(s: Stream, h_G: Scalar, vapour_ice: Scalar) -> Scalar:
    """Loss of ice to dry air, m/s of glaze: half the stagnation line's mass transfer, surface at air temperature.

    About 0.5 mm an hour at -10 C, half saturated, 55 m/s. No gain when the air is moister than the ice.

    Args:
        s: the stream; its vapour pressure is that of the air.
        h_G: kg/(m^2 s) at the stagnation line.
        vapour_ice: Pa, over ice at the air's temperature.
    """
    return 0.5 * h_G * 0.622 / s.pressure * jnp.maximum(vapour_ice - s.vapour, 0.0) * (1.0 / GLAZE)


def heat_to_run_wet(s: Stream, beta0: Scalar, h_c: Scalar, h_G: Scalar, surface: Scalar) -> Scalar:
    """Heat flux that keeps the stagnation line wet at a surface temperature, W/m^2.

    q = h_c (T_s - T_rec) + m (c_w (T_s - T) - V^2/2) + evaporation, with the recovery temperature at r = 0.85.

    Args:
        s: the stream.
        beta0: collection efficiency.
        h_c: W/(m^2 K).
        h_G: kg/(m^2 s).
        surface: K, about 275.15.
    """
    recovery = s.temperature + 0.85 * s.speed * s.speed * (0.5 / CP_AIR)
    caught = s.water * s.speed * beta0
    evaporated = jnp.minimum(h_G * 0.622 / s.pressure * (vapour_pressure(surface) - s.vapour), caught)
    sensible = caught * (CP_WATER * (surface - s.temperature) - 0.5 * s.speed * s.speed)
    return h_c * (surface - recovery) + sensible + jnp.maximum(evaporated, 0.0) * VAPORISATION

"""Stay in ice, climb out or descend out: fuel against ice.

Each way has an expected cost in kilograms of fuel: what it burns now, and, with the chance that it does not lead out,
what staying costs. The least wins among those that keep the margins; margins are judged elsewhere (`protection`,
`checks`), and they go before fuel.

What nobody aboard can know is how long and how deep the cloud is. Its length is taken to be as long again as what has
been flown of it; its depth is taken as evenly spread up to 2 km, near the 6,500 ft that 14 CFR 25 Appendix C gives as
the greatest depth of stratiform icing cloud, with the aircraft anywhere in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.autopilot import protection
from samruk.autopilot.handbook import Handbook
from samruk.autopilot.plan import CLIMB_EFFICIENCY
from samruk.autopilot.situation import Situation
from samruk.earth import GRAVITY
from samruk.lazy import jnp

Scalar = Any

SHORTEST, LONGEST = 600.0, 7200.0
"""s of ice still to come, least and most that are reckoned with."""
DEPTH = 2000.0
"""m, greatest depth of a cloud."""
LAPSE = 0.0065
"""K/m: what a descent is expected to warm the air by."""
KEEPS = 0.5
"""Part of the fuel that a descent saves and that is counted against the climb back."""
STEADY = 0.25
"""Power excess up to which staying is weighed at all, while it does not rise and the wing is heated."""
LEAST_CHANGE = 100.0
"""m: a smaller change of height leads out of nothing."""


@dataclass(frozen=True)
class Ways:
    """kg of fuel expected, by way."""

    stay: Scalar
    up: Scalar
    down: Scalar


def weighed(s: Situation, up: Scalar, down: Scalar, book: Handbook) -> Ways:
    """The expected cost of each way.

    Args:
        s: the moment.
        up: m above mean sea level, height of an escape upwards.
        down: m, the same downwards.
        book: the handbook: the fuel of a joule, the alternator's part.
    """
    m, frost, height = s.measurement, s.frost, s.estimate.altitude_msl
    ahead = jnp.clip(frost.exposed, SHORTEST, LONGEST)
    growth = jnp.maximum(frost.excess - frost.past, 0.0) * (1.0 / protection.RISE_TIME)
    burden = jnp.maximum(frost.excess, 0.0) + 0.5 * growth * ahead
    clean = m.fuel_flow / (1.0 + jnp.maximum(frost.excess, 0.0))
    stay = clean * burden * ahead
    per_metre = s.estimate.mass * GRAVITY * book.drive.fuel_per_joule * (1.0 / CLIMB_EFFICIENCY)
    rise, fall = jnp.maximum(up - height, 0.0), jnp.maximum(height - down, 0.0)
    warm = m.temperature + LAPSE * fall > protection.ICY
    out_below = jnp.where(warm, 1.0, leads_out(fall))
    return Ways(
        stay, per_metre * rise + (1.0 - leads_out(rise)) * stay,
        (1.0 - KEEPS) * per_metre * fall + (1.0 - out_below) * stay,
    )  # fmt: skip


def leads_out(change: Scalar) -> Scalar:
    """Chance that a change of height, m, leads out of cloud.

    Depth D even on (0, 2 km), place even in it: P(u D < h) = h/2 km (1 + ln(2 km/h)).
    """
    part = jnp.clip(change * (1.0 / DEPTH), 1e-3, 1.0)
    return jnp.where(change < LEAST_CHANGE, 0.0, part * (1.0 - jnp.log(part)))


def height_for(ways: Ways, up: Scalar, down: Scalar, height: Scalar, may_climb: Scalar) -> Scalar:
    """m, the height of an escape: the cheaper of the two that can be flown.

    Args:
        ways: expected costs.
        up: m.
        down: m.
        height: m, now.
        may_climb: truth value: power allows it.
    """
    climbs = may_climb & (up > height + LEAST_CHANGE)
    no_lower = height - down < LEAST_CHANGE
    return jnp.where(climbs & ((ways.up <= ways.down) | no_lower), up, down)


def staying_is_cheaper(ways: Ways, s: Situation) -> Scalar:
    """Truth value: the ice is steady, the wing heated, and no change of height pays."""
    frost = s.frost
    rising = frost.excess - frost.past > protection.RISE_LIMIT
    steady = (frost.excess < STEADY) & ~rising & (s.measurement.wing_powered == 1) & (s.air.valid == 1)
    return steady & (ways.stay < jnp.minimum(ways.up, ways.down))

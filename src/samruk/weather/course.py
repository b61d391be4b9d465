"""How the ground warms and cools the air above it: the day's course, and surface inversions.

Two rules, as for a ground cycle before the flight. Air warmer than the column's at the ground is stirred: it cools
upwards by the dry adiabat until it meets the column, which stays above. Air colder than that lies under an inversion
that fades exponentially with height.
"""

from __future__ import annotations

import math
from typing import Any

from samruk.lazy import jnp
from samruk.mission import Conditions, Profile
from samruk.weather.atmosphere import HYDROSTATIC, between, find_layer

Scalar = Any

DRY_ADIABAT = 9.76e-3
"""K/m, of stirred air."""
STANDARD_LAPSE = 6.5e-3
"""K/m, for the depth of the stirred layer in the sum of pressure only."""
WARMEST = 15.0
"""Hours of local mean solar time at which the ground's air is warmest (estimated; the handbook's: 14 to 16)."""


def excess(longitude: Scalar, now: Scalar, conditions: Conditions) -> Scalar:
    """K by which the air at the ground is warmer than the column of air says.

    Args:
        longitude: rad, east.
        now: s since 1970-01-01T00:00Z.
        conditions: swing of the day and inversion.
    """
    angle = now * (2.0 * math.pi / 86400.0) + longitude - 2.0 * math.pi * WARMEST / 24.0
    return conditions.swing * jnp.cos(angle) - conditions.inversion


def near_ground(
    profile: Profile, height: Scalar, ground: Scalar, warm: Scalar, depth: Scalar, temperature: Scalar, slope: Scalar
) -> tuple[Scalar, Scalar, Scalar]:
    """What ground air warmer or colder than the column changes at a height.

    Args:
        profile: the column.
        height: m.
        ground: m, surface below.
        warm: K, excess at the ground.
        depth: m above ground, where a deficit is a third of the ground's.
        temperature: K, the column's at the height, without any offset.
        slope: K/m, the column's.

    Returns:
        K to add to the temperature; K/m to add to its slope; what to add to ln p, so that pressure at the ground stays:
        hydrostatic under an inversion (1 % of itself), estimated in stirred air from the ground's and this height's
        excess.
    """
    agl = jnp.maximum(height - ground, 0.0)
    foot, _ = between(profile.temperature, find_layer(profile, ground))
    over = jnp.maximum(foot + warm - DRY_ADIABAT * agl - temperature, 0.0)
    stirred = jnp.where(agl > 0.0, over, warm)
    faded = warm * jnp.exp(-agl / depth)
    top = warm * (1.0 / (DRY_ADIABAT - STANDARD_LAPSE))
    sums = jnp.where(warm > 0.0, 0.5 * (warm + stirred) * jnp.minimum(agl, top), (warm - faded) * depth)
    bend = jnp.where(warm > 0.0, jnp.where(over > 0.0, -DRY_ADIABAT - slope, 0.0), -faded / depth)
    return (
        jnp.where(warm > 0.0, stirred, faded), jnp.where(agl > 0.0, bend, 0.0),
        HYDROSTATIC * sums / (foot * jnp.maximum(foot + warm, 150.0)),
    )  # fmt: skip

"""Heights at which a column of air is too cold or too hot for an aircraft: for planning, before a flight."""

from __future__ import annotations

import numpy as np

from samruk.mission import Profile


def cold_ceiling(profile: Profile, coldest: float, offset: float = 0.0, ground: float = -1000.0) -> float:
    """m above mean sea level up to which the air is nowhere colder than a limit; no limit is infinite.

    Air that is too cold at the ground and warmer above gives the ground.

    Args:
        profile: the column of air.
        coldest: K.
        offset: K, added at every height.
        ground: m.
    """
    height, temperature = np.asarray(profile.height), np.asarray(profile.temperature) + offset
    return _first(height, coldest - temperature, ground)


def hot_floor(profile: Profile, hottest: float, offset: float = 0.0, ground: float = -1000.0) -> float:
    """m above mean sea level from which upwards the air is not hotter than a limit; the ground where it never is."""
    height, temperature = np.asarray(profile.height), np.asarray(profile.temperature) + offset
    found = _first(-height[::-1], temperature[::-1] - hottest, -np.inf)
    return max(ground, -found) if np.isfinite(found) else ground


def _first(height: np.ndarray, over: np.ndarray, ground: float) -> float:
    """The first height, from `ground` on, where `over` comes above nothing; infinite where it never does."""
    if ground > height[0]:
        kept = height > ground
        over = np.concatenate(([np.interp(ground, height, over)], over[kept]))
        height = np.concatenate(([ground], height[kept]))
    past = np.flatnonzero(over > 0.0)
    if not past.size:
        return float("inf")
    k = int(past[0])
    if k == 0:
        return float(height[0])
    part = over[k - 1] / (over[k - 1] - over[k])
    return float(height[k - 1] + part * (height[k] - height[k - 1]))

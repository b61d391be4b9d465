"""Where flights were lost: places around home, north up."""

from __future__ import annotations

import math
from html import escape

import numpy as np

from samruk.study.results import Study
from samruk.study.statistics import Array
from samruk.verdict.wording import plural

SIZE, EDGE = 420.0, 26.0
"""px of the picture's side, and kept free around it."""
KM_PER_DEGREE = 111.2
"""Of latitude, mean of the ellipsoid; the picture is read to a kilometre at best."""
LEAST = 5.0
"""km from home that the picture shows at least."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
"""km that a scale may have."""


def where(study: Study) -> str:
    """The section, or nothing where no flight was lost away from the place where it began."""
    home = study.about.get("home_at_deg")
    rows = np.flatnonzero(study.table["outcome"] == "lost")
    if home is None or not len(rows):
        return ""
    north, east = _around(study, rows, *home)
    reach = max(LEAST, 1.06 * float(np.max(np.abs([*north, *east]))))
    near = int(np.sum(np.hypot(north, east) < LEAST))
    told = f"{plural(len(rows), 'flight', 'flights')} lost; {near} of them within {LEAST:g} km of home."
    return (
        f'<section><h2>Where flights were lost</h2><p class="dim small">{told} North is up.</p>'
        f"{_picture(north, east, reach, str(study.about['home']), told)}</section>"
    )


def _around(study: Study, rows: np.ndarray, latitude: float, longitude: float) -> tuple[Array, Array]:
    """Kilometres north and east of home."""
    north = KM_PER_DEGREE * (study.table["latitude_deg"][rows] - latitude)
    turn = (study.table["longitude_deg"][rows] - longitude + 180.0) % 360.0 - 180.0
    return north, KM_PER_DEGREE * math.cos(math.radians(latitude)) * turn


def _picture(north: Array, east: Array, reach: float, home: str, told: str) -> str:
    """Triangles, home, and a scale."""
    scale = (0.5 * SIZE - EDGE) / reach
    middle = 0.5 * SIZE
    signs = "".join(
        f'<path d="M{middle + scale * e:.1f} {middle - scale * n - 4.5:.1f}l4.5 8.3h-9z"/>'
        for n, e in zip(north.tolist(), east.tolist(), strict=True)
    )
    step = max((s for s in STEPS if s <= 0.5 * reach), default=1)
    x, y = EDGE, SIZE - 10.0
    return (
        f'<svg class="where" viewBox="0 0 {SIZE:g} {SIZE:g}" role="img" aria-label="{escape(told)}">'
        f'<path d="M{middle} {EDGE}V{SIZE - EDGE}M{EDGE} {middle}H{SIZE - EDGE}" class="l-rule" stroke-width="1"/>'
        f'<circle cx="{middle}" cy="{middle}" r="5" class="l-ink" stroke-width="1.6"/>'
        f'<text x="{middle + 9}" y="{middle + 15}" class="f-ink2 h">{escape(home)}</text>'
        f'<g class="f-warning" opacity=".75">{signs}</g>'
        f'<path d="M{x} {y - 4}v4h{scale * step:.1f}v-4" class="l-ink2" stroke-width="1"/>'
        f'<text x="{x + scale * step + 6:.1f}" y="{y:.1f}" class="f-ink2">{step} km</text></svg>'
    )

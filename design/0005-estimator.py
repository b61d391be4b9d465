"""How often the covariance: the filter at 1 Hz and at 10 Hz on the same flights, by accuracy, honesty and cost.

Run from the root of the repository: `python design/0005-estimator.py`. It flies eight seeds for 1,000 s, with moderate
turbulence and two minutes without GNSS, in the joined flight of the tests.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
jax.config.update("jax_enable_x64", True)

from tests import joined_flight as joined  # noqa: E402

from samruk import engine  # noqa: E402
from samruk.autopilot import estimator  # noqa: E402
from samruk.frames import Vec3  # noqa: E402
from samruk.mission import Tables  # noqa: E402

SEEDS, SECONDS, SILENT = 8, 1000, (700, 820)


def often(c: Any, p: Any, t: Any) -> Any:
    """The mission tick with the filter run at its end, so that the slow tick finds nothing to do."""
    c = joined.mission(c, p, t)
    R = c.pilot.anchor.R_ne
    aided = estimator.slow(c.pilot.estimator, p.handbook, Vec3(-R.zx, -R.zy, -R.zz), 0.1)
    return replace(c, pilot=replace(c.pilot, estimator=aided))


def figures(name: str, mission: Any) -> None:
    """One line of the table."""
    legs = joined.route((5000, 3000, 1200, 0, 0), (12000, 0, 1500, 0, 600))
    tables = Tables(route=legs, profile=joined.day())
    base = joined.task(legs=2)
    trouble = joined.Trouble(gnss_from=float(SILENT[0]), gnss_to=float(SILENT[1]))
    begun = []
    for seed in range(SEEDS):
        rough = replace(base.conditions, turbulence_wind=8.0, turbulence_high=1.2)
        begun.append(joined._begin(replace(base, seed=40 + seed, conditions=rough), tables, None, trouble))
    first = begun[0]
    program = engine.Program(joined.fast, mission, joined.slow, joined.frame, *first, 5, 10)
    run = engine.open(program, "native", 1)
    batch = run.start([b[0] for b in begun], [b[1] for b in begun], [b[2] for b in begun])
    f = batch.advance(SECONDS, 1)
    calm = slice(100, SILENT[0])
    rms = {n: float(np.sqrt(np.mean(f[n][calm] ** 2))) for n in ("velocity_error", "tilt_error", "heading_error")}
    honest = {n: float(np.mean(f[n][calm])) for n in ("nees_velocity", "nees_tilt")}
    last = SILENT[1] - 1
    apart, claimed = np.sqrt(np.mean(f["position_error"][last] ** 2)), np.mean(f["position_sigma"][last])
    print(
        f"| {name} | {rms['velocity_error']:.3f} | {1e3 * rms['tilt_error']:.2f} | {1e3 * rms['heading_error']:.1f} "
        f"| {honest['nees_velocity']:.1f} | {honest['nees_tilt']:.1f} | {apart:.0f} | {claimed * 2**0.5:.0f} "
        f"| {run.operations()['per_simulated_second']:,} |"
    )


print("| covariance | velocity m/s | tilt mrad | heading mrad | velocity^2/var | attitude^2/var | outage m |", end="")
print(" claimed m | ops/s |")
figures("1 Hz", joined.mission)
figures("10 Hz", often)

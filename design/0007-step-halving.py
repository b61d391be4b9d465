"""Step halving of a whole closed-loop flight: the same hour at 20 ms and at 10 ms.

    python design/0007-step-halving.py

One hour of the default story from line-up, in calm air and with an inertial unit without noise, because both are drawn
by the fast tick and would differ between the rates; all other sensors err alike, since they are drawn by slower ticks.
Each rate runs in a process of its own, with the constant of the fast tick replaced before the model is imported. What
is compared is the truth, every 10 s after the wheels have left the ground.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

FIELDS = ("height", "airspeed", "phi", "theta", "fuel")
UNITS = {"height": "m", "airspeed": "m_s", "phi": "rad", "theta": "rad", "fuel": "kg"}
KEPT = Path(__file__).parent.parent / "src" / "samruk" / "bench" / "halving.json"


def fly(dt: float) -> dict[str, Any]:
    """One hour at a fast tick of dt seconds."""
    from samruk.plant import state

    state.FAST_DT, state.FAST_PER_SLOW = dt, round(1.0 / dt)
    from samruk import load, sim
    from samruk.autopilot import estimator, pilot
    from samruk.verdict import flights
    from samruk.verdict.catalogue import Inputs

    pilot.FAST_DT, estimator.LATENCY, sim.FAST_PER_MISSION = dt, dt, round(0.1 / dt)
    flights.sources_key = lambda: f"halving-{dt}-{__import__('time').time()}"
    plan = load.mission("astana-january").flights[0]
    quiet = replace(plan.aircraft.sensors, accelerometer_noise=1e-9, gyro_noise=1e-9)
    calm = replace(plan.task.conditions, turbulence_wind=0.0, turbulence_high=0.0)
    inputs = Inputs(replace(plan.task, conditions=calm), replace(plan.aircraft, sensors=quiet), plan.tables)
    batch = flights.Engines(inputs).start([inputs])
    frames = batch.advance(3600, frame_every=10)
    found = {name: frames[name][:, 0].tolist() for name in (*FIELDS, "latitude", "longitude", "on_ground")}
    truth = batch.carry(0).world.truth.r_be_e
    return found | {"place": [truth.x, truth.y, truth.z]}


def main() -> None:
    """Fly at both rates, print the differences, and write them where the bench finds them."""
    if len(sys.argv) > 1:
        print(json.dumps(fly(float(sys.argv[1]))))
        return
    coarse, fine = (
        json.loads(subprocess.run([sys.executable, __file__, dt], capture_output=True, text=True, check=True).stdout)
        for dt in ("0.02", "0.01")
    )
    air = (np.array(coarse["on_ground"]) == 0.0) & (np.array(fine["on_ground"]) == 0.0)
    north = 6.37e6 * (np.array(coarse["latitude"]) - np.array(fine["latitude"]))[air]
    east = 6.37e6 * np.cos(0.89) * (np.array(coarse["longitude"]) - np.array(fine["longitude"]))[air]
    apart = np.hypot(north, east)
    found = {"hours": 1.0, "tick_s": 0.02, "place_median_m": float(np.median(apart))}
    found["place_most_m"] = float(apart.max())
    print(f"place           median {np.median(apart):.3g} m, most {apart.max():.3g} m")
    print(f"place after 1 h {np.linalg.norm(np.subtract(coarse['place'], fine['place'])):.3g} m")
    for name in FIELDS:
        d = np.abs(np.subtract(coarse[name], fine[name]))[air]
        found |= {f"{name}_median_{UNITS[name]}": float(np.median(d)), f"{name}_most_{UNITS[name]}": float(d.max())}
        print(f"{name:15} median {np.median(d):.3g}, most {d.max():.3g} (SI, radians)")
    KEPT.write_text(json.dumps({name: float(f"{value:.3g}") for name, value in found.items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()

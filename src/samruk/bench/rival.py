"""JSBSim's c172x in the air under its autopilot, for its rate: piston engine, propeller, fuel, gear, at 120 Hz."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from samruk.peer import jsbsim_flight
from samruk.units import FOOT, KNOT

HERTZ = 120
SETTLE = 300
"""s flown before the clock starts: the autopilot's swing in height has died down."""
HEIGHT = 4000.0 * FOOT
"""m, that the autopilot holds."""
WANDER = 100.0
"""m from it, and no more, at the end of every round; else the figure is void."""
BEGIN = {
    "ic/h-sl-ft": HEIGHT / FOOT, "ic/vc-kts": 100.0, "ic/psi-true-deg": 200.0, "ic/gamma-deg": 0.0,
    "ic/alpha-deg": 2.0, "ic/lat-geod-deg": 40.0, "ic/long-gc-deg": 33.0,
}  # fmt: skip
RUNNING = {
    "propulsion/set-running": -1.0, "fcs/mixture-cmd-norm": 0.87, "fcs/throttle-cmd-norm": 0.8,
    "propulsion/magneto_cmd": 3.0, "ap/altitude_setpoint": HEIGHT / FOOT, "ap/heading_setpoint": 200.0,
    "ap/heading_hold": 1.0, "ap/altitude_hold": 1.0,
}  # fmt: skip


@dataclass
class Rival:
    """The aircraft in the air."""

    fdm: Any

    def rate(self, seconds: int) -> float:
        """Aircraft-seconds flown per second of processor time: a bare loop of `run`."""
        run = self.fdm.run
        began = time.process_time()
        for _ in range(seconds * HERTZ):
            run()
        return seconds / (time.process_time() - began)

    def state(self) -> dict[str, float]:
        """Height (m), calibrated airspeed (m/s), propeller speed (rev/min), and whether all is as it should be."""
        height, speed = self.fdm["position/h-sl-ft"] * FOOT, self.fdm["velocities/vc-kts"] * KNOT
        rpm = self.fdm["propulsion/engine/propeller-rpm"]
        flies = abs(height - HEIGHT) < WANDER and speed > 40.0 and rpm > 2000.0
        return {"height_m": height, "airspeed_m_s": speed, "propeller_rpm": rpm, "flies": float(flies)}


def take_off() -> Rival:
    """Begin in the air, engine running, autopilot holding height and heading."""
    fdm = jsbsim_flight.loaded("c172x", HERTZ)
    for name, value in BEGIN.items():
        fdm[name] = value
    with jsbsim_flight.silent():
        fdm.run_ic()
        for name, value in RUNNING.items():
            fdm[name] = value
        for _ in range(SETTLE * HERTZ):
            fdm.run()
    return Rival(fdm)

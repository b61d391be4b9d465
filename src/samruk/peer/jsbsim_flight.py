"""A flight of JSBSim (the package `jsbsim`, LGPL) with prescribed controls and no engine, recorded.

Its files are read where the package keeps them. Its flight control and propulsion are switched off by its own
properties, so the surfaces stay where they are put and nothing pushes.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module, util
from pathlib import Path
from typing import Any

import numpy as np

from samruk.units import DEGREE, FOOT, KNOT

RATE = 1000
"""Steps of JSBSim a second: halving the step moves no figure of `differences` by a tenth of its limit."""
SECONDS = 60
ADAMS_BASHFORTH_2 = 3
"""JSBSim's number of that rule; its default for rates is Euler's, of first order."""
KEPT = ("position/ecef-x-ft", "position/ecef-y-ft", "position/ecef-z-ft", "velocities/v-north-fps",
        "velocities/v-east-fps", "velocities/v-down-fps", "attitude/phi-rad", "attitude/theta-rad", "attitude/psi-rad",
        "velocities/pi-rad_sec", "velocities/qi-rad_sec", "velocities/ri-rad_sec", "position/lat-geod-rad",
        "position/long-gc-rad")  # fmt: skip
"""What is recorded of a state."""


@dataclass(frozen=True)
class Glide:
    """A flight: where it begins and what the controls do."""

    aircraft: str
    """Name of a JSBSim aircraft."""
    speed: float
    """m/s, true, at the beginning."""
    height: float
    """m."""
    alpha: float
    """rad."""
    descent: float
    """rad, flight path below the horizon."""
    elevator: float
    """rad, in JSBSim's sense (trailing edge down positive), around which it moves."""
    stroke: float
    """rad, of each doublet."""
    aileron: str = "fcs/left-aileron-pos-rad"
    """Property that the aileron's doublet moves."""
    latitude: float = 0.7
    """rad."""
    heading: float = 0.6
    """rad."""


@dataclass(frozen=True)
class History:
    """A flight recorded."""

    states: np.ndarray[Any, np.dtype[np.float64]]
    """[RATE * SECONDS + 1, KEPT], in the units of their names."""
    controls: np.ndarray[Any, np.dtype[np.float64]]
    """[RATE * SECONDS + 1, property]: what the aerodynamics read."""


def installed() -> bool:
    """Whether JSBSim can be imported."""
    return util.find_spec("jsbsim") is not None


def file_of(name: str) -> Path:
    """Where the package keeps an aircraft's file."""
    return Path(import_module("jsbsim").get_default_root_dir()) / "aircraft" / name / f"{name}.xml"


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """No greeting of the library on the standard output."""
    kept, sink = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(sink)


def loaded(name: str, rate: float) -> Any:
    """An instance with an aircraft, silent, without output."""
    jsbsim = import_module("jsbsim")
    with silent():
        fdm = jsbsim.FGFDMExec(jsbsim.get_default_root_dir())
        fdm.set_debug_level(0)
        fdm.load_model(name)
        fdm.disable_output()
        fdm.set_dt(1.0 / rate)
    return fdm


def doublet(time: float, begin: float, width: float) -> float:
    """1 for `width` seconds from `begin`, then -1 as long."""
    since = (time - begin) / width
    return 1.0 if 0.0 <= since < 1.0 else (-1.0 if 1.0 <= since < 2.0 else 0.0)


def fly(glide: Glide, needed: tuple[str, ...], rate: int = RATE) -> History:
    """Fly it.

    Args:
        glide: beginning and controls.
        needed: properties that the aerodynamics read besides air and motion; recorded.
        rate: steps a second.
    """
    fdm = loaded(glide.aircraft, rate)
    _begin(fdm, glide)
    for name in needed:
        if not fdm.get_property_value(name):
            fdm[name] = 0.0
    rows, controls = [], []
    with silent():
        _set(fdm, glide, 0.0)
        fdm.run_ic()
        for tick in range(rate * SECONDS + 1):
            if tick:
                _set(fdm, glide, tick / rate)
                fdm.run()
            rows.append([fdm[name] for name in KEPT])
            controls.append([fdm[name] for name in needed])
    return History(np.array(rows), np.array(controls))


def _begin(fdm: Any, glide: Glide) -> None:
    """Initial conditions, integrators, and what is switched off."""
    given = {
        "ic/lat-geod-deg": glide.latitude / DEGREE, "ic/long-gc-deg": 30.0, "ic/h-sl-ft": glide.height / FOOT,
        "ic/vt-kts": glide.speed / KNOT, "ic/gamma-deg": -glide.descent / DEGREE, "ic/alpha-deg": glide.alpha / DEGREE,
        "ic/psi-true-deg": glide.heading / DEGREE, "ic/beta-deg": 0.0,
        "simulation/models/FGFCS/enabled": 0.0, "simulation/models/FGPropulsion/enabled": 0.0,
    }  # fmt: skip
    for name in ("rate/rotational", "rate/translational", "position/rotational", "position/translational"):
        given[f"simulation/integrator/{name}"] = ADAMS_BASHFORTH_2
    for name, value in given.items():
        fdm[name] = value


def _set(fdm: Any, glide: Glide, time: float) -> None:
    """The surfaces."""
    fdm["fcs/elevator-pos-rad"] = glide.elevator + glide.stroke * doublet(time, 2.0, 1.0)
    fdm["fcs/mag-elevator-pos-rad"] = abs(fdm["fcs/elevator-pos-rad"])
    fdm[glide.aileron] = glide.stroke * doublet(time, 20.0, 1.5)
    fdm["fcs/rudder-pos-rad"] = glide.stroke * doublet(time, 40.0, 1.5)

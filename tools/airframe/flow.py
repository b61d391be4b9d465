"""Stability and control derivatives by two methods that share nothing but the shape.

Lattice: vortex lattice, inviscid, with downwash and mutual influence, without a body; the body's part is added from the
other method. Build-up: strips with viscous section data and a body, without influence of wing on tail beyond a
correction. Where they differ is the honest spread.
"""

from __future__ import annotations

import warnings
from math import pi, radians

import aerosandbox as asb
import numpy as np

from airframe.shape import TURN, Deflections, Plan, with_bent_sections, with_surfaces

AIRSPEED, HEIGHT, ALPHA = 45.0, 5500.0, 2.0
"""m/s true, m, degrees: a loiter at middle height, lift coefficient about 0.85."""
ONE_DEFLECTION = 5.0
"""degrees: inside the linear part of every control."""

NAMES = {
    "CLa": "C_L_alpha", "CLq": "C_L_q", "Cma": "C_m_alpha", "Cmq": "C_m_q", "CYb": "C_Y_beta", "CYp": "C_Y_p",
    "CYr": "C_Y_r", "Clb": "C_l_beta", "Clp": "C_l_p", "Clr": "C_l_r", "Cnb": "C_n_beta", "Cnp": "C_n_p",
    "Cnr": "C_n_r",
}  # fmt: skip
CONTROLS = {
    "elevator": {"CL": "C_L_delta_e", "Cm": "C_m_delta_e"},
    "aileron": {"Cl": "C_l_delta_a", "Cn": "C_n_delta_a"},
    "rudder": {"CY": "C_Y_delta_r", "Cl": "C_l_delta_r", "Cn": "C_n_delta_r"},
}
Result = dict[str, float]


def point(alpha: float = ALPHA, beta: float = 0.0) -> asb.OperatingPoint:
    """Where the derivatives are taken."""
    return asb.OperatingPoint(asb.Atmosphere(altitude=HEIGHT), velocity=AIRSPEED, alpha=alpha, beta=beta)


def numbers(raw: dict[str, object]) -> Result:
    """AeroSandbox results as plain floats."""
    wanted = {"CL", "CD", "CY", "Cl", "Cm", "Cn", *NAMES}
    return {k: float(np.ravel(v)[0]) for k, v in raw.items() if k in wanted}


def lattice(plan: Plan, d: Deflections, rigged: float, alpha: float = ALPHA, slopes: bool = False) -> Result:
    """Vortex lattice."""
    aircraft = with_bent_sections(plan, d, rigged)
    method = asb.VortexLatticeMethod(aircraft, point(alpha), spanwise_resolution=4, chordwise_resolution=8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return numbers(method.run_with_stability_derivatives() if slopes else method.run())


def build_up(
    plan: Plan, d: Deflections, rigged: float, alpha: float = ALPHA, beta: float = 0.0, body: bool = True,
    slopes: bool = False,
) -> Result:  # fmt: skip
    """Strips with viscous sections, and the body."""
    method = asb.AeroBuildup(with_surfaces(plan, d, rigged, body), point(alpha, beta))
    return numbers(method.run_with_stability_derivatives() if slopes else method.run())


def derivatives(plan: Plan, rigged: float) -> dict[str, tuple[float, float]]:
    """Name of ours -> (lattice with the body's part, build-up); per radian, rates times b/2V or c/2V."""
    still = Deflections()
    one, two = lattice(plan, still, rigged, slopes=True), build_up(plan, still, rigged, slopes=True)
    bare = build_up(plan, still, rigged, body=False, slopes=True)
    found = {ours: (one[k] + two[k] - bare[k], two[k]) for k, ours in NAMES.items()}
    base_one, base_two = lattice(plan, still, rigged), build_up(plan, still, rigged)
    for control, effects in CONTROLS.items():
        moved = Deflections(**{control: ONE_DEFLECTION})
        by_one, by_two = lattice(plan, moved, rigged), build_up(plan, moved, rigged)
        for k, ours in effects.items():
            step = radians(ONE_DEFLECTION) * (TURN if control == "rudder" else 1.0)
            found[ours] = ((by_one[k] - base_one[k]) / step, (by_two[k] - base_two[k]) / step)
    return found


def span_efficiency(plan: Plan, rigged: float) -> float:
    """Inviscid: induced drag rises with C_L^2/(pi e A) between two angles of attack."""
    low, high = (lattice(plan, Deflections(), rigged, alpha) for alpha in (0.0, 6.0))
    aspect = plan.span**2 / plan.area
    return (high["CL"] ** 2 - low["CL"] ** 2) / (pi * aspect * (high["CD"] - low["CD"]))


def sideslip_drag(plan: Plan, rigged: float, beta: float = 8.0) -> float:
    """Drag per square radian of sideslip."""
    slip, straight = build_up(plan, Deflections(), rigged, beta=beta), build_up(plan, Deflections(), rigged)
    return (slip["CD"] - straight["CD"]) / radians(beta) ** 2


def rig(plan: Plan, C_L: float) -> tuple[float, float, float, float]:
    """Tail incidence (degrees) for no elevator at a lift coefficient, with C_L_0 by each method and the angle there.

    Returns:
        Incidence; C_L_0 by lattice; C_L_0 by build-up; angle of attack, degrees, mean of both.
    """
    rigged = 0.0
    for _ in range(4):
        one = [lattice(plan, Deflections(), rigged, alpha) for alpha in (0.0, 4.0)]
        two = [build_up(plan, Deflections(), rigged, alpha) for alpha in (0.0, 4.0)]
        alpha = np.mean([4.0 * (C_L - r[0]["CL"]) / (r[1]["CL"] - r[0]["CL"]) for r in (one, two)])
        moment = np.mean([r[0]["Cm"] + (r[1]["Cm"] - r[0]["Cm"]) * alpha / 4.0 for r in (one, two)])
        turned = build_up(plan, Deflections(), rigged + 1.0, 0.0)["Cm"] - two[0]["Cm"]
        rigged -= float(moment / turned)
    return rigged, one[0]["CL"], two[0]["CL"], float(alpha)

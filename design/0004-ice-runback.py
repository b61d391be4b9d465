"""How much of the water that a section catches freezes, when only part of it can freeze at the stagnation line.

A Messinger balance marched along both sides of a Joukowski aerofoil: local catch from traced drops, local heat transfer
laminar (Smith & Spalding) until roughness trips the flow (Re_k = 600), then rough turbulent (Makkonen 1985), local
recovery temperature and evaporation. What does not freeze runs back; what reaches 25 % chord is taken as lost.

Run: python design/0004-ice-runback.py   (some seconds)
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

spec = importlib.util.spec_from_file_location("catch", Path(__file__).with_name("0004-ice-catch.py"))
assert spec is not None
assert spec.loader is not None
catch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catch)

RHO, VISCOSITY, CONDUCTIVITY, CP, PRESSURE = 0.88, 1.66e-5, 0.0236, 1006.0, 66e3
NU = VISCOSITY / RHO
FUSION, VAPORISATION, CP_WATER = 3.34e5, 2.5e6, 4190.0
ROUGHNESSES = (0.0, 0.2e-3, 0.4e-3)


def saturation(celsius: np.ndarray | float) -> np.ndarray:
    return np.asarray(611.2 * np.exp(17.67 * celsius / (celsius + 243.5)))


def local_catch(foil: object, drop: float, speed: float, chord: float) -> tuple[np.ndarray, np.ndarray]:
    """Angle on the circle and local collection efficiency, from traced drops."""
    inertia, reynolds = 1000.0 * drop**2 * speed / (18.0 * VISCOSITY * chord), RHO * speed * drop / VISCOSITY
    y0 = np.linspace(-0.5, 0.5, 801)
    for _ in range(3):
        hit = catch.impacts(foil, y0, inertia, reynolds)
        struck = np.flatnonzero(np.isfinite(hit))
        step = y0[1] - y0[0]
        y0 = np.linspace(y0[struck[0]] - step, y0[struck[-1]] + step, 241)
    hit = catch.impacts(foil, y0, inertia, reynolds)
    good = np.isfinite(hit)
    order = np.argsort(np.mod(hit[good], 2.0 * np.pi))
    return np.mod(hit[good], 2.0 * np.pi)[order], y0[good][order]


def side(foil: object, sign: float, speed: float, chord: float, stagnation: float, hits: tuple[np.ndarray, np.ndarray],
         celsius: float, water: float, roughness: float) -> tuple[float, float, float]:  # fmt: skip
    """Water caught and frozen on one side (kg/(m s)) and the freezing fraction at its start."""
    angle = stagnation + sign * np.linspace(1e-3, 1.9, 1500)
    z = foil._surface(angle) / foil.chord
    s = chord * np.concatenate(([0.0], np.cumsum(abs(np.diff(z)))))
    air, _ = foil.velocity(z - foil.left / foil.chord + 0.0)
    ue = speed * abs(air)
    y = np.interp(angle, *hits, left=hits[1][0], right=hits[1][-1])
    impinging = water * speed * chord * abs(np.diff(y))
    s_mid, u = 0.5 * (s[1:] + s[:-1]) + s[1], 0.5 * (ue[1:] + ue[:-1])
    ds = np.diff(s)
    h = _heat_transfer(s_mid, u, ds, max(roughness, 1e-9))
    recovery = celsius + speed**2 / (2.0 * CP) - (1.0 - 0.85) * u**2 / (2.0 * CP)
    local_p = PRESSURE + 0.5 * RHO * (speed**2 - u**2)
    h_mass = h / CP * (0.0211e-3 * 101325.0 / PRESSURE * RHO * CP / CONDUCTIVITY) ** 0.667
    evaporated = h_mass * 0.622 * (611.0 - saturation(celsius) * local_p / PRESSURE) / local_p
    cooling = (h * (0.0 - recovery) + np.maximum(evaporated, 0.0) * VAPORISATION) * ds
    film, frozen, first = 0.0, 0.0, None
    x = (z.real - z.real.min())[1:]
    for k in range(len(ds)):
        if x[k] > 0.25:
            break
        film += impinging[k]
        able = max(cooling[k] + impinging[k] * (CP_WATER * -celsius - 0.5 * speed**2), 0.0) / FUSION
        part = min(film, able)
        if first is None and s_mid[k] > 0.02 * 2.0 * foil.nose_radius * chord:
            first = able / max(impinging[k], 1e-12)
        film = max(film - part - max(evaporated[k], 0.0) * ds[k], 0.0)
        frozen += part
    return float(impinging.sum()), frozen, float(first or 0.0)


def _heat_transfer(s: np.ndarray, u: np.ndarray, ds: np.ndarray, roughness: float) -> np.ndarray:
    """W/(m^2 K): laminar, then rough turbulent from where the roughness Reynolds number passes 600."""
    laminar = 0.296 * CONDUCTIVITY * u**1.435 / np.sqrt(NU * np.cumsum(u**1.87 * ds))
    theta_l = np.sqrt(0.45 * NU * np.cumsum(u**5 * ds) / u**6)
    shear = 0.225 * u / theta_l
    uk = np.minimum(shear * roughness, u)
    tripped = np.cumsum(uk * roughness / NU > 600.0) > 0
    start = int(np.argmax(tripped)) if tripped.any() else len(s)
    theta = np.maximum(_turbulent_theta(u, ds, tripped, theta_l, start), 1e-6)
    half_cf = 0.1681 / np.log(864.0 * theta / roughness + 2.568) ** 2
    friction = u * np.sqrt(half_cf)
    stanton_k = 1.16 * (friction * roughness / NU) ** -0.2
    turbulent = half_cf / (0.9 + np.sqrt(half_cf) / stanton_k) * RHO * u * CP
    return np.where(tripped, turbulent, laminar)


def _turbulent_theta(u: np.ndarray, ds: np.ndarray, tripped: np.ndarray, laminar: np.ndarray, start: int) -> np.ndarray:
    """Momentum thickness behind the trip: 0.36 nu^0.2 / u^3.29 (integral of u^3.86)^0.8 plus the laminar one there."""
    grown = 0.036 * NU**0.2 / u**3.29 * np.cumsum(np.where(tripped, u**3.86 * ds, 0.0)) ** 0.8
    return grown + (laminar[min(start, len(laminar) - 1)] if tripped.any() else 0.0)


def main() -> None:
    """Whole freezing fraction against the one at the stagnation line."""
    speed, chord, drop = 55.0, 0.85, 20e-6
    foil = catch.Aerofoil(0.15, np.radians(4.0))
    hits = local_catch(foil, drop, speed, chord)
    fine = np.linspace(0.7 * np.pi, 1.6 * np.pi, 4001)
    air, _ = foil.velocity(foil._surface(fine) / foil.chord - foil.left / foil.chord)
    stagnation = float(fine[np.argmin(abs(air))])
    rows = []
    for celsius in (-1.5, -2.5, -4.0, -6.0, -8.0, -11.0):
        for water in (0.15e-3, 0.3e-3, 0.6e-3, 1.2e-3):
            found = [
                [side(foil, sign, speed, chord, stagnation, hits, celsius, water, k) for sign in (1.0, -1.0)]
                for k in ROUGHNESSES
            ]
            n0 = 0.5 * (found[0][0][2] + found[0][1][2])
            whole = [sum(x[1] for x in both) / sum(x[0] for x in both) for both in found]
            rows.append((n0, *whole))
            listed = ", ".join(f"{w:.2f}" for w in whole)
            print(f"{celsius:6.1f} C {1e3 * water:.2f} g/m^3: n0 {n0:.2f}, whole at roughness 0, 0.2, 0.4 mm {listed}")
    table = np.array([row for row in rows if 0.02 < row[0] < 0.6])
    for k, roughness in enumerate(ROUGHNESSES, start=1):
        part = np.minimum(table[:, k] / 0.94, 0.999)  # 6 % evaporate
        rate = -np.mean(np.log(1.0 - part[part < 0.95]) / table[part < 0.95, 0])
        print(f"roughness {1e3 * roughness:.1f} mm: whole = 1 - exp(-{rate:.0f} n0)")


if __name__ == "__main__":
    main()

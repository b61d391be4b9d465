"""How much water a whole section catches, from drop trajectories round an aerofoil.

The flow is exact: potential flow with circulation round a symmetric Joukowski aerofoil. Drops obey
dv/dt = (u - v) (1 + 0.15 Re^0.687) / tau and start with the air six chords upstream. The two trajectories that just
touch give the catch E (water caught over water in the projected height); the spacing of trajectories at the stagnation
line gives beta0, which is compared with the correlation of NASA/CR-2004-212875.

Run: python design/0004-ice-catch.py   (about a minute)
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import least_squares

RHO_AIR, VISCOSITY, RHO_WATER = 0.93, 1.668e-5, 1000.0


class Aerofoil:
    """A symmetric Joukowski aerofoil of unit chord in a unit stream at an angle of attack."""

    def __init__(self, thickness: float, alpha: float) -> None:
        self.alpha = alpha
        self.offset = self._offset(thickness)
        self.radius = 1.0 + self.offset
        z = self._surface(np.linspace(0.0, 2.0 * np.pi, 4001))
        self.left, self.chord = z.real.min(), z.real.max() - z.real.min()
        across = (z * np.exp(-1j * alpha)).imag / self.chord
        self.height = across.max() - across.min()
        self.nose_radius = self._nose_radius()

    def _surface(self, angle: np.ndarray) -> np.ndarray:
        zeta = -self.offset + (1.0 + self.offset) * np.exp(1j * angle)
        return zeta + 1.0 / zeta

    def _offset(self, thickness: float) -> float:
        low, high = 0.01, 0.4
        for _ in range(50):
            self.offset = 0.5 * (low + high)
            z = self._surface(np.linspace(0.0, 2.0 * np.pi, 2001))
            ratio = 2.0 * z.imag.max() / (z.real.max() - z.real.min())
            low, high = (self.offset, high) if ratio < thickness else (low, self.offset)
        return self.offset

    def _nose_radius(self) -> float:
        z = self._surface(np.pi + np.array([-1e-3, 0.0, 1e-3]))
        return float(abs(z[0].imag) ** 2 / (2.0 * (z[0].real - z[1].real)) / self.chord)

    def zeta(self, place: np.ndarray) -> np.ndarray:
        """Circle plane of a place in chords from the nose, axes along the chord: the root outside the circle."""
        z = place * self.chord + self.left
        root = np.sqrt(z * z - 4.0)
        a, b = 0.5 * (z + root), 0.5 * (z - root)
        return np.where(abs(a + self.offset) >= abs(b + self.offset), a, b)

    def velocity(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Velocity of the air (complex), and the distance outside the circle (negative inside)."""
        zeta = self.zeta(place)
        centred = zeta + self.offset
        turn, gamma = np.exp(1j * self.alpha), 4.0 * np.pi * self.radius * np.sin(self.alpha)
        w = 1.0 / turn - self.radius**2 * turn / centred**2 + 1j * gamma / (2.0 * np.pi * centred)
        slope = 1.0 - 1.0 / zeta**2
        return np.conj(w / slope), abs(centred) - self.radius


def impacts(foil: Aerofoil, y0: np.ndarray, inertia: float, reynolds: float) -> np.ndarray:
    """Where drops that start at heights y0 (chords, across the stream) hit: angle on the circle, or NaN."""
    turn = np.exp(1j * foil.alpha)
    place = (-6.0 + 1j * y0) * turn
    velocity, gap = foil.velocity(place)
    hit = np.full(y0.shape, np.nan)
    alive = np.ones(y0.shape, dtype=bool)

    def rate(p: np.ndarray, v: np.ndarray) -> np.ndarray:
        air, _ = foil.velocity(p)
        slip = abs(air - v) * reynolds
        return (air - v) * (1.0 + 0.15 * slip**0.687) / inertia

    while alive.any():
        p, v = place[alive], velocity[alive]
        near = np.maximum(np.min(abs(p)), 0.0)
        dt = np.clip(0.05 * near, min(0.0015, 0.4 * inertia), 0.1)
        dt = min(dt, 0.8 * inertia)
        a1 = rate(p, v)
        a2 = rate(p + 0.5 * dt * v, v + 0.5 * dt * a1)
        a3 = rate(p + 0.5 * dt * v + 0.25 * dt * dt * a1, v + 0.5 * dt * a2)
        a4 = rate(p + dt * v + 0.5 * dt * dt * a2, v + dt * a3)
        p = p + dt * v + dt * dt / 6.0 * (a1 + a2 + a3)
        v = v + dt / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        _, outside = foil.velocity(p)
        touched, before, index = outside <= 0.0, place[alive], np.flatnonzero(alive)
        part = gap[alive][touched] / (gap[alive][touched] - outside[touched])
        crossing = before[touched] + part * (p[touched] - before[touched])
        hit[index[touched]] = np.angle(foil.zeta(crossing) + foil.offset)
        place[alive], velocity[alive], gap[alive] = p, v, outside
        alive[index[touched | ((p / turn).real > 0.6)]] = False
    return hit


def catch(foil: Aerofoil, inertia: float, reynolds: float) -> tuple[float, float]:
    """E and beta0 of an aerofoil for drops of an inertia (chord as length) and a free-stream Reynolds number."""
    low, high = -1.5, 1.5
    y0 = np.linspace(low, high, 601)
    for _ in range(3):
        hit = impacts(foil, y0, inertia, reynolds)
        struck = np.flatnonzero(np.isfinite(hit))
        step = y0[1] - y0[0]
        first, last = y0[struck[0]] - step, y0[struck[-1]] + step
        y0 = np.linspace(first, last, 161)
    hit = impacts(foil, y0, inertia, reynolds)
    struck = np.flatnonzero(np.isfinite(hit))
    width = y0[struck[-1]] - y0[struck[0]] + (y0[1] - y0[0])
    return float(width / foil.height), _stagnation(foil, y0[struck], np.unwrap(hit[struck]))


def _stagnation(foil: Aerofoil, y0: np.ndarray, angle: np.ndarray) -> float:
    """Largest dy0/ds over the middle of the hits, from a polynomial y0 -> arc length."""
    fine = np.linspace(angle.min(), angle.max(), 2001)
    arc = np.concatenate(([0.0], np.cumsum(abs(np.diff(foil._surface(fine) / foil.chord)))))
    s = np.interp(angle, fine, arc)
    inner = slice(len(y0) // 8, -(len(y0) // 8))
    scaled = (y0[inner] - y0.mean()) / np.ptp(y0)
    fit = np.polynomial.Polynomial.fit(scaled, s[inner], 6)
    spread = abs(fit.deriv()(np.linspace(scaled.min(), scaled.max(), 201)))
    return float(np.ptp(y0) / spread.min())


def main() -> None:
    """Print a table of cases and the fits."""
    rows = []
    for thickness, alpha in ((0.12, 0.0), (0.15, 0.0), (0.15, 4.0), (0.15, 8.0), (0.18, 4.0)):
        foil = Aerofoil(thickness, np.radians(alpha))
        for drop, speed, chord in ((10e-6, 55.0, 0.8), (15e-6, 55.0, 0.8), (20e-6, 55.0, 0.8), (30e-6, 55.0, 0.8),
                                   (40e-6, 55.0, 0.8), (20e-6, 40.0, 1.2), (20e-6, 80.0, 0.5)):  # fmt: skip
            reynolds = RHO_AIR * speed * drop / VISCOSITY
            inertia = RHO_WATER * drop**2 * speed / (18.0 * VISCOSITY * chord)
            K = inertia / (2.0 * foil.nose_radius)
            K0 = 0.125 + max(K - 0.125, 0.0) / (0.8388 + 0.001483 * reynolds + 0.1847 * np.sqrt(reynolds))
            x = 1.40 * (K0 - 0.125) ** 0.84
            E, beta0 = catch(foil, inertia, reynolds)
            rows.append((thickness, alpha, foil.nose_radius, foil.height, K0, x / (1.0 + x), beta0, E))
            _print_case(*rows[-1])
    _report(np.array(rows))


def _print_case(t: float, alpha: float, r: float, h: float, K0: float, fit: float, traced: float, E: float) -> None:
    print(f"t/c {t:.2f} alpha {alpha:.0f} r/c {r:.4f} h/c {h:.3f} K0 {K0:.3f}", end="  ")
    print(f"beta0 correlation {fit:.3f} traced {traced:.3f}  E {E:.3f}", flush=True)


def _report(table: np.ndarray) -> None:
    """Errors of beta0, and the fit of E over the cases up to 4 degrees."""
    thickness, alpha, radius, _, K0, correlation, traced, E = table.T
    miss = correlation - traced
    print(f"beta0 correlation less traced: mean {miss.mean():.3f}, worst {abs(miss).max():.3f}")
    x = (K0 - 0.125) * 2.0 * radius / thickness
    low = alpha < 5.0

    def model(p: np.ndarray) -> np.ndarray:
        y = p[0] * np.maximum(x - p[1], 1e-9) ** p[2]
        return y / (1.0 + y)

    a, b, c = least_squares(lambda p: ((model(p) - E) / np.maximum(E, 0.04))[low], (1.0, 0.0, 1.0)).x
    error = 100.0 * (model(np.array([a, b, c])) / E - 1.0)
    print(f"E = y/(1 + y), y = {a:.4f} (x - {b:.4f})^{c:.4f}, x = (K0 - 1/8) 2 r/t")
    print(f"error up to 4 degrees: mean {abs(error[low]).mean():.1f} %, worst {abs(error[low]).max():.1f} %")
    steep = ", ".join(f"{e:.0f} % (K0 {k:.2f})" for e, k in zip(error[~low], K0[~low], strict=True))
    print(f"error at 8 degrees: {steep}")


if __name__ == "__main__":
    main()

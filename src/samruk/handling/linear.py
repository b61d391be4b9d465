"""Linear models of the aircraft about a certified steady flight: A, B, C, D by exact differentiation of the whole
nonlinear derivative (`samruk.handling.derivative`).

Reference: Stevens, Lewis & Johnson, Aircraft Control and Simulation (3rd ed.), section 3.7.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samruk.aircraft import Aircraft
from samruk.errors import InputError
from samruk.handling import derivative, kept
from samruk.handling.certificate import Certificate
from samruk.handling.condition import Condition
from samruk.handling.derivative import INPUTS, OUTPUTS, STATES
from samruk.handling.trim import fill, leaves, rebuilt, rows_of, trim
from samruk.lazy import jax, jnp

Matrix = NDArray[np.float64]
BLOCK = 32
"""Flights that are differentiated at once."""
LONGITUDINAL = ("u", "w", "q", "theta", "h", "power", "speed")
LATERAL = ("v", "p", "r", "phi", "psi")
LONGITUDINAL_INPUTS, LATERAL_INPUTS = ("delta_e", "delta_t"), ("delta_a", "delta_r")


@dataclass(frozen=True)
class Linear:
    """dx' = A dx + B du, dy = C dx + D du about a steady flight; SI and radians."""

    A: Matrix
    """(states, states)."""
    B: Matrix
    """(states, inputs)."""
    C: Matrix
    """(outputs, states)."""
    D: Matrix
    """(outputs, inputs)."""
    x: Matrix
    """State of the steady flight."""
    u: Matrix
    """Its inputs."""
    y: Matrix
    """Its outputs."""
    states: tuple[str, ...] = STATES
    inputs: tuple[str, ...] = INPUTS
    outputs: tuple[str, ...] = OUTPUTS

    def part(self, states: tuple[str, ...], inputs: tuple[str, ...]) -> Linear:
        """The model of some states and inputs alone, all others held."""
        s, i = [self.states.index(name) for name in states], [self.inputs.index(name) for name in inputs]
        return Linear(
            self.A[np.ix_(s, s)], self.B[np.ix_(s, i)], self.C[:, s], self.D[:, i], self.x[s], self.u[i], self.y,
            states, inputs, self.outputs,
        )  # fmt: skip

    @property
    def longitudinal(self) -> Linear:
        """u w q theta h power speed by elevator and power lever."""
        return self.part(LONGITUDINAL, LONGITUDINAL_INPUTS)

    @property
    def lateral(self) -> Linear:
        """v p r phi psi by aileron and rudder."""
        return self.part(LATERAL, LATERAL_INPUTS)

    @property
    def coupling(self) -> float:
        """Largest coupling between the two parts over the largest entry of A, states scaled by `scales`."""
        scale = scales(self)
        A = np.abs(self.A * scale[None, :] / scale[:, None])
        s, i = ([self.states.index(name) for name in part] for part in (LONGITUDINAL, LATERAL))
        return float(max(A[np.ix_(s, i)].max(), A[np.ix_(i, s)].max()) / A.max())


def scales(linear: Linear) -> Matrix:
    """Sizes of the states that count as alike: a hundredth of the airspeed, of a radian, and what belongs to them."""
    V = float(np.linalg.norm(linear.x[:3]))
    by_name = {
        **dict.fromkeys("uvw", V), **dict.fromkeys("pqr", 1.0), "phi": 1.0, "theta": 1.0, "psi": 1.0, "h": V * V / 9.8,
        "power": 1e5, "speed": 100.0,
    }  # fmt: skip
    return 0.01 * np.asarray([by_name[name] for name in linear.states])


def linearise(aircraft: Aircraft, condition: Condition, found: Certificate | None = None) -> list[Linear]:
    """Linear models about steady flights.

    Args:
        aircraft: the aircraft.
        condition: what is asked for, as for `trim`.
        found: its certificates, where they are known already.

    Returns:
        One model to a flight of the batch.

    Raises:
        InputError: a flight is not in balance; its limit is named. A flight in balance beyond a limit is taken.
    """
    found = trim(aircraft, condition) if found is None else found
    if not found.converged.all():
        lost = int(np.argmin(found.converged))
        raise InputError(f"flight {lost} has no steady state to linearise about: {found.limit[lost]}.")
    rows = rows_of(condition)
    with jax.enable_x64(True):
        x, u = (np.asarray(part) for part in derivative.state_of(found, np.asarray(condition.height)))
        flat = np.asarray(leaves(aircraft), dtype=np.float64)
        lanes = _lanes(flat.size, rows.shape[0])
        parts = [_block(lanes, flat, rows, x, u, at) for at in range(0, rows.shape[1], BLOCK)]
    A, B, C, D, y = (np.concatenate([part[k] for part in parts]) for k in range(5))
    return [Linear(A[k], B[k], C[k], D[k], x[k], u[k], y[k]) for k in range(rows.shape[1])]


def _block(lanes: Any, flat: Any, rows: Any, x: Any, u: Any, at: int) -> list[Any]:
    part = slice(at, at + BLOCK)
    short = rows[:, part].shape[1]
    answers = lanes(flat, fill(rows[:, part], BLOCK), fill(x[part].T, BLOCK), fill(u[part].T, BLOCK))
    return [np.asarray(answer)[:short] for answer in answers]


@functools.cache
def _lanes(numbers: int, asked: int) -> Any:
    """The compiled block: the same for every aircraft and condition."""

    def one(flat: Any, row: Any, x: Any, u: Any) -> tuple[Any, ...]:
        aircraft = rebuilt(Aircraft, iter([flat[i] for i in range(numbers)]))
        condition = rebuilt(Condition, iter([row[i] for i in range(asked)]))
        split = len(STATES)

        def both(z: Any) -> Any:
            rates = derivative.derivative(z[:split], z[split:], condition, aircraft)
            return jnp.concatenate([rates, derivative.outputs(z[:split], z[split:], condition, aircraft)])

        z = jnp.concatenate([x, u])
        J, y = jax.jacfwd(both)(z), both(z)[split:]
        return J[:split, :split], J[:split, split:], J[split:, :split], J[split:, split:], y

    shapes = np.zeros(numbers), np.zeros((asked, BLOCK)), np.zeros((len(STATES), BLOCK)), np.zeros((len(INPUTS), BLOCK))
    return kept.compiled("linear", jax.vmap(one, in_axes=(None, 1, 1, 1)), (0.0,) * 5, *shapes)


def rates(aircraft: Aircraft, condition: Condition, x: Any, u: Any) -> Any:
    """Rates of the twelve states of one flight: the nonlinear derivative itself, not compiled."""
    with jax.enable_x64(True):
        return np.asarray(derivative.derivative(jnp.asarray(x), jnp.asarray(u), condition, aircraft))

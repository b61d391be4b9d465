"""Aircraft of JSBSim, read from its own files and flown beside it."""

from __future__ import annotations

import importlib.util
import math
from dataclasses import dataclass, field, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from samruk import engine, jsbsim_file
from samruk.frames import Scalar, Vec3
from samruk.peer import jsbsim_flight

if importlib.util.find_spec("jsbsim") is None:
    pytest.skip("the package jsbsim is not installed: pip install jsbsim==1.3.3", allow_module_level=True)

from samruk.peer import beside

READABLE = ("c172p", "c172x", "f16", "f15", "737", "pa28", "Boeing314", "B747", "X15", "SGS")


@pytest.mark.parametrize("glide", beside.GLIDES, ids=lambda glide: glide.aircraft)
def test_a_glide_with_doublets_is_jsbsims(glide: jsbsim_flight.Glide) -> None:
    """Limit 0.1 % of the change; found 2e-6 to 2e-5: its air's pressure is 5e-6 high, the rest is the step."""
    found = beside.difference(glide)
    assert found.way > 1000.0
    for part in (found.position, found.velocity, found.attitude):
        assert 0.0 < part < beside.LIMIT


def test_a_wrong_sign_of_one_product_of_inertia_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: J_xz negated moves the flight tenfold and more beyond what is found."""
    glide = beside.GLIDES[0]
    right = beside.inertia

    def wrong(mass: jsbsim_file.MassProperties) -> object:
        return right(jsbsim_file.MassProperties(mass.mass, mass.centre, mass.J_xx, mass.J_yy, mass.J_zz, mass.J_xy,
                                                -mass.J_xz, mass.J_yz))  # fmt: skip

    honest = beside.difference(glide, 100)
    monkeypatch.setattr(beside, "inertia", wrong)
    assert beside.difference(glide, 100).attitude > 10.0 * honest.attitude


@pytest.mark.parametrize("name", READABLE)
def test_mass_properties_are_jsbsims(name: str) -> None:
    """JSBSim tells products of inertia as its files do: ixz is minus the integral. 1e-7: its pound to a slug."""
    mass = jsbsim_file.read(jsbsim_flight.file_of(name).read_bytes(), name).mass
    fdm = jsbsim_flight.loaded(name, 100)
    fdm["simulation/models/FGPropulsion/enabled"] = 0.0
    with jsbsim_flight.silent():
        fdm.run_ic()
    slug, foot = 0.45359237 * 9.80665 / 0.3048, 0.3048
    assert mass.mass / slug == pytest.approx(fdm["inertia/mass-slugs"], rel=1e-7)
    for place, axis in zip(mass.centre, "xyz", strict=True):
        assert place / 0.0254 == pytest.approx(fdm[f"inertia/cg-{axis}-in"], rel=1e-7, abs=1e-9)
    told = {"xx": mass.J_xx, "yy": mass.J_yy, "zz": mass.J_zz, "xy": mass.J_xy, "xz": -mass.J_xz, "yz": mass.J_yz}
    for name_of, value in told.items():
        assert value / (slug * foot**2) == pytest.approx(fdm[f"inertia/i{name_of}-slugs_ft2"], rel=1e-7, abs=1e-6)


@dataclass(frozen=True)
class Met:
    """A motion, and what the air does."""

    v_b: Vec3
    omega_b: Vec3
    surface: Scalar
    F_b: Vec3 = field(default_factory=Vec3)
    M_b: Vec3 = field(default_factory=Vec3)


@dataclass(frozen=True)
class Numbers:
    """Tables of an aircraft."""

    data: np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Nothing:
    """No parameters."""

    unused: float = 0.0


def met(aircraft: jsbsim_file.JsbsimAircraft, now: Met, data: Any) -> Met:
    """The loads of a motion, all surfaces alike."""
    flow = jsbsim_file.Flow(now.v_b, now.omega_b, now.omega_b, 0.9, 330.0, 2e-5, 3000.0, 3000.0, 1e4)
    known = {**jsbsim_file.properties(flow, aircraft.metrics), **dict.fromkeys(aircraft.needed, now.surface)}
    found = jsbsim_file.loads(aircraft.aerodynamics, aircraft.metrics, aircraft.mass.centre, known, data)
    return replace(now, F_b=found.F_b, M_b=found.M_b)


def _arrays(v: Vec3) -> Vec3:
    return Vec3(*(jnp.asarray(part, jnp.float64) for part in (v.x, v.y, v.z)))


@pytest.mark.parametrize("name", [pytest.param("c172x", marks=pytest.mark.slow), "f16"])
def test_the_native_engine_flies_the_functions_of_a_file(name: str) -> None:
    """Compiled vector code against JAX: 1e-12, for sums of tens of terms fuse products otherwise."""
    aircraft = jsbsim_file.read(jsbsim_flight.file_of(name).read_bytes(), name)
    motions = [Met(Vec3(80.0 + k, 3.0 - k, 2.0 * k - 4.0), Vec3(0.1 * k, -0.2, 0.05), 0.02 * k) for k in range(5)]
    tables = Numbers(np.array(aircraft.aerodynamics.data))
    program = engine.Program(
        lambda c, p: c, lambda c, p, t: met(aircraft, c, t.data), lambda c, p, t: c, lambda c, p: c, motions[0],
        Nothing(), tables, 1, 1,
    )  # fmt: skip
    batch = engine.open(program, "native", 1).start(motions, [Nothing()] * 5, [tables] * 5)
    batch.advance(1, 0)
    for lane, motion in enumerate(motions):
        given = Met(_arrays(motion.v_b), _arrays(motion.omega_b), jnp.asarray(motion.surface))
        want, got = met(aircraft, given, jnp.asarray(tables.data)), batch.carry(lane)
        for a, b in ((want.F_b, got.F_b), (want.M_b, got.M_b)):
            scale = max(abs(float(part)) for part in (a.x, a.y, a.z))
            for one, other in zip((a.x, a.y, a.z), (b.x, b.y, b.z), strict=True):
                assert float(other) == pytest.approx(float(one), rel=1e-12, abs=1e-12 * scale)


def test_the_angle_of_half_a_turn_is_pi() -> None:
    upright = np.array([[0.0] * 6 + [1, 0, 0, 0, 1, 0, 0, 0, 1]])
    turned = np.array([[0.0] * 6 + [-1, 0, 0, 0, -1, 0, 0, 0, 1]])
    assert beside._angle(upright, turned)[0] == pytest.approx(math.pi)

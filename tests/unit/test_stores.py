"""What hangs outside: read, summed, and felt by the plant, against hand formulas and independent tensor algebra."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from samruk import handling, load
from samruk.aircraft import Store, with_stores
from samruk.aircraft.stores import KINDS, summed
from samruk.errors import AircraftError, InputError
from samruk.frames import Vec3
from samruk.lazy import jnp
from samruk.plant import aerodynamics, ice, motion
from samruk.plant.ice import IceEffects
from samruk.plant.state import Surfaces
from samruk.plant.trim import Setting, trim
from samruk.weather.air import Air

ANKA = load.aircraft("anka")
POD = Store("left pod", "sensor-pod", "test", 80.0, 0.2, -4.0, 0.4, 1.8, 0.45, 0.03)
TEXT = (load.DATA / "aircraft" / "anka-a.toml").read_text(encoding="utf-8")
TABLE = """
[[store]]
name = "left pod"
kind = "sensor-pod"
source = "test"
mass_kg = 80
x_m = 0.2
y_m = -4.0
z_m = 0.4
length_m = 1.8
diameter_m = 0.45
drag_area_m2 = 0.03
"""


Array = np.ndarray[Any, np.dtype[np.float64]]


def tensor(j: object) -> Array:
    """The inertia tensor of anything that holds moments and products (positive by the book)."""
    xx, yy, zz, xy, xz, yz = (float(getattr(j, f"J_{name}")) for name in ("xx", "yy", "zz", "xy", "xz", "yz"))
    return np.array([[xx, -xy, -xz], [-xy, yy, -yz], [-xz, -yz, zz]])


def test_a_file_hangs_stores_and_keeps_them_apart() -> None:
    definition = load.definition(TEXT + TABLE + TABLE.replace("left pod", "right pod").replace("-4.0", "4.0"), "a.toml")
    assert [store.name for store in definition.stores] == ["left pod", "right pod"]
    carried = definition.aircraft.stores
    assert carried.mass == 160.0
    assert carried.moment_y == 0.0
    area = definition.aircraft.geometry.wing_area
    assert float(carried.C_D) == pytest.approx(0.06 / area, rel=1e-12)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "sensor-pod"', 'kind = "rocket"',
         "store.kind 'rocket' does not exist. Allowed: cargo-pod, fuel-tank-empty, relay-pod, sensor-pod."),
        ("mass_kg = 80", "mass_kg = 8000", "store.mass_kg of 'left pod' is 8000. Allowed: 0.5 to 600."),
        ("mass_kg = 80\n", "", "store.mass_kg of 'left pod' is missing or no finite number. Allowed: 0.5 to 600."),
        ("drag_area_m2", "drag", "store.drag is an unknown key."),
        ("[[store]]", "[store]", "store is no list of tables. Write [[store]] above each."),
        ('source = "test"\n', "", "store.source is missing or no text."),
    ],
)  # fmt: skip
def test_what_is_no_store_is_refused_in_one_line(old: str, new: str, told: str) -> None:
    assert old in TABLE
    with pytest.raises(AircraftError) as caught:
        load.definition(TEXT + TABLE.replace(old, new), "a.toml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mission_adds_stores_and_takes_the_aircrafts_own_away(tmp_path: Path) -> None:
    text = (load.DATA / "missions" / "circuit" / "mission.toml").read_text(encoding="utf-8")
    head, rest = text.split("[home]", 1)
    own = tmp_path / "mission.toml"
    own.write_text(head.replace('"anka"', '"anka-s"') + "[home]" + rest + TABLE, encoding="utf-8")
    first = load.mission(str(own)).flights[0]
    assert [store.name for store in first.definition.stores] == ["sensor pod", "relay pod", "left pod"]
    assert first.aircraft.stores.mass == 75.0 + 35.0 + 80.0
    bare = load.mission(str(own), ["keep_stores=false"]).flights[0]
    assert [store.name for store in bare.definition.stores] == ["left pod"]
    own.write_text(text + TABLE.replace("sensor-pod", "glider"), encoding="utf-8")
    with pytest.raises(InputError, match=r"'glider' does not exist\. Allowed: cargo-pod, fuel-tank-empty") as caught:
        load.mission(str(own))
    assert "\n" not in str(caught.value)


def test_two_stores_of_one_name_are_refused() -> None:
    with pytest.raises(AircraftError, match="'left pod' stands twice"):
        load.definition(TEXT + TABLE + TABLE, "a.toml")


def test_the_kinds_are_inert_loads_alone() -> None:
    assert KINDS == ("cargo-pod", "fuel-tank-empty", "relay-pod", "sensor-pod")
    assert {field.name for field in fields(Store)} == {
        "name", "kind", "source", "mass", "x", "y", "z", "length", "diameter", "drag_area",
    }  # fmt: skip


def test_moments_and_products_are_those_of_the_parallel_axis_theorem() -> None:
    carried = summed([POD], 14.5)
    r = np.array([POD.x, POD.y, POD.z])
    radius2, length2 = (0.5 * POD.diameter) ** 2, POD.length**2
    own = POD.mass * np.diag([radius2 / 2.0, radius2 / 4.0 + length2 / 12.0, radius2 / 4.0 + length2 / 12.0])
    wanted = own + POD.mass * (r @ r * np.eye(3) - np.outer(r, r))
    np.testing.assert_allclose(tensor(carried), wanted, rtol=1e-12)  # rounding only


def test_the_whole_turns_about_the_common_centre() -> None:
    a = with_stores(ANKA, (POD,)).aircraft
    mass = 1400.0
    found = motion.inertia(jnp.asarray(mass), a)
    m, body = a.mass, mass - POD.mass
    bare = np.array([[m.J_xx, 0, -m.J_xz], [0, m.J_yy, 0], [-m.J_xz, 0, m.J_zz]]) * body / m.inertia_mass
    shift = POD.mass * np.array([POD.x, POD.y, POD.z]) / mass

    def moved(J: Array, mass: float, d: Array) -> Array:
        there: Array = J + mass * (d @ d * np.eye(3) - np.outer(d, d))
        return there

    radius2, length2 = (0.5 * POD.diameter) ** 2, POD.length**2
    own = POD.mass * np.diag([radius2 / 2.0, radius2 / 4.0 + length2 / 12.0, radius2 / 4.0 + length2 / 12.0])
    wanted = moved(bare, body, shift) + moved(own, POD.mass, np.array([POD.x, POD.y, POD.z]) - shift)
    np.testing.assert_allclose(tensor(found), wanted, rtol=1e-12)
    assert np.array([found.shift_b.x, found.shift_b.y, found.shift_b.z]) == pytest.approx(shift, rel=1e-12)


def test_turning_obeys_the_inverse_tensor() -> None:
    found = motion.inertia(jnp.asarray(1400.0), with_stores(ANKA, (POD,)).aircraft)
    M = np.array([300.0, -200.0, 150.0])
    alpha = motion.angular(Vec3(*map(jnp.asarray, M)), found)
    back = motion.momentum(alpha, found)
    np.testing.assert_allclose([back.x, back.y, back.z], M, rtol=1e-12)
    np.testing.assert_allclose([alpha.x, alpha.y, alpha.z], np.linalg.solve(tensor(found), M), rtol=1e-12)


def test_without_stores_nothing_changes() -> None:
    found = motion.inertia(jnp.asarray(1400.0), ANKA.aircraft)
    scale = 1400.0 / ANKA.aircraft.mass.inertia_mass
    assert float(found.J_xx) == pytest.approx(scale * ANKA.aircraft.mass.J_xx, rel=1e-12)
    assert (float(found.J_xy), float(found.J_yz), float(found.i_xy), float(found.shift_b.y)) == (0.0, 0.0, 0.0, 0.0)


def air_loads(a: object, V: float, rho: float) -> aerodynamics.AirLoads:
    zero = jnp.asarray(0.0)
    still = Vec3(zero, zero, zero)
    at = aerodynamics.stall(zero, jnp.asarray(1.6e6), jnp.asarray(1400.0), IceEffects(), ANKA.aircraft)
    flow = aerodynamics.flow(Vec3(jnp.asarray(V), zero, zero))
    return aerodynamics.airloads(
        flow, still, zero, jnp.asarray(rho), jnp.asarray(500.0), Surfaces(gear=0.0), at, jnp.asarray(1.0), IceEffects(),
        zero, a,  # type: ignore[arg-type]
    )  # fmt: skip


def test_its_drag_acts_where_it_hangs() -> None:
    V, rho = 50.0, 0.9
    bare, loaded = air_loads(ANKA.aircraft, V, rho), air_loads(with_stores(ANKA, (POD,)).aircraft, V, rho)
    drag = 0.5 * rho * V**2 * POD.drag_area
    assert float(loaded.F_b.x - bare.F_b.x) == pytest.approx(-drag, rel=1e-9)  # differences of 2,000 N in doubles
    moment = np.cross([POD.x, POD.y, POD.z], [-drag, 0.0, 0.0])
    found = loaded.M_b - bare.M_b
    np.testing.assert_allclose([found.x, found.y, found.z], moment, atol=1e-8)
    assert moment[2] < 0.0  # a pod on the left drags the nose left


def test_a_one_sided_load_is_trimmed_by_aileron() -> None:
    a = with_stores(ANKA, (POD,)).aircraft
    mass, V, rho = 1400.0, 50.0, 1.225
    found = trim(a, Setting(V, mass))
    assert found.residual < 1e-9
    # hand: weight at 4 m against the aileron's moment; sideslip that balances the pod's yaw and the propeller's torque
    # take part of it, so 15 %
    bare = trim(ANKA.aircraft, Setting(V, mass))
    g = a.geometry
    wanted = POD.mass * 9.80665 * -POD.y / (0.5 * rho * V**2 * g.wing_area * g.span * a.aero.C_l_delta_a)
    assert float(found.delta_a - bare.delta_a) == pytest.approx(wanted, rel=0.15)
    assert float(found.shaft_power) > float(bare.shaft_power)


def test_a_pair_of_pods_needs_no_aileron() -> None:
    pair = (POD, replace(POD, name="right pod", y=-POD.y))
    found, bare = (trim(d.aircraft, Setting(50.0, 1400.0)) for d in (with_stores(ANKA, pair), ANKA))
    assert float(found.delta_a) == pytest.approx(float(bare.delta_a), abs=3e-4)  # the torque of a little more power


@pytest.mark.parametrize(("drop", "least", "most"), [(20e-6, 0.0, 0.05), (45e-6, 0.05, 0.45)])
def test_ice_gathers_on_its_nose_when_drops_are_large(drop: float, least: float, most: float) -> None:
    cloud = Air(temperature=jnp.asarray(263.15), cloud_water=jnp.asarray(0.3e-3), cloud_drop=jnp.asarray(drop),
                humidity=jnp.asarray(1.0))  # fmt: skip
    one = jnp.asarray(1.0)

    def after(a: object) -> ice.Ice:
        return ice.slow(ice.initial(), cloud, 50.0 * one, 0.9 * one, 0.05 * one, ice.Protection(pitot=one), 200.0 * one,
                        a, one)  # type: ignore[arg-type]  # fmt: skip

    bare, loaded = after(ANKA.aircraft), after(with_stores(ANKA, (POD,)).aircraft)
    gained = float(loaded.books.collected - bare.books.collected)
    assert float(bare.stores.mass) == 0.0
    assert float(loaded.stores.mass) == pytest.approx(gained, rel=1e-9, abs=1e-15)
    swept = 0.25 * math.pi * POD.diameter**2 * 50.0 * 0.3e-3
    # so blunt a body parts the air early: Langmuir & Blodgett's cylinder of 0.45 m catches next to nothing of 20 um
    # drops (inertia parameter 0.3, limit 1/8) and a fifth to a third of 45 um ones; of a cloud of 20 um a twentieth of
    # the water is in drops of 44 um (Langmuir D), a third of it in those of 27 um and more
    assert least <= gained / swept < most


def test_the_batched_trim_finds_the_same_balance_with_a_load_on_one_side() -> None:
    a = with_stores(ANKA, (POD,)).aircraft
    masses, speeds = np.array([1300.0, 1400.0, 1550.0]), np.array([46.0, 50.0, 60.0])
    batch = handling.trim(a, handling.Condition(speeds, masses))
    assert batch.converged.all()
    for k in range(3):
        one = trim(a, Setting(float(speeds[k]), float(masses[k])))
        # wings level here, ball in the middle there: bank and slip of a tenth of a degree trade places
        assert float(batch.delta_a[k]) == pytest.approx(float(one.delta_a), rel=0.05)
        assert float(batch.delta_e[k]) == pytest.approx(float(one.delta_e), abs=2e-3)

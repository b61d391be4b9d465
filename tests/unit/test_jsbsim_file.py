"""What is read of a JSBSim file, and what is refused."""

from __future__ import annotations

import jax.numpy as jnp
import pytest

from samruk import jsbsim_file
from samruk.errors import AircraftError
from samruk.jsbsim_file import expression

FILE = """<?xml version="1.0"?>
<fdm_config name="box">
 <metrics>
  <wingarea unit="M2"> 10 </wingarea><wingspan unit="M"> 8 </wingspan><chord unit="M"> 1.25 </chord>
  <location name="AERORP" unit="M"><x>1.0</x><y>0</y><z>0.5</z></location>
 </metrics>
 <mass_balance>
  <ixx unit="KG*M2">100</ixx><iyy unit="KG*M2">200</iyy><izz unit="KG*M2">300</izz><ixz unit="KG*M2">7</ixz>
  <emptywt unit="KG">400</emptywt>
  <location name="CG" unit="M"><x>1</x><y>0</y><z>0</z></location>
  <pointmass name="case">
   <weight unit="KG">100</weight><location unit="M"><x>2</x><y>0</y><z>1</z></location>
  </pointmass>
 </mass_balance>
 <aerodynamics>
  <function name="aero/gain"><value>2</value></function>
  <axis name="LIFT"><function name="lift"><product><property>aero/gain</property>EXPRESSION</product></function></axis>
 </aerodynamics>
</fdm_config>
"""
TWO = """<table><independentVar lookup="row">x</independentVar><independentVar lookup="column">y</independentVar>
<tableData>     0   10
             0  1    2
             1  3    8
             3  5   14 </tableData></table>"""
THREE = """<table><independentVar lookup="row">x</independentVar><independentVar lookup="column">y</independentVar>
<independentVar lookup="table">z</independentVar>
<tableData breakPoint="0"> 0 1
 0 0 1
 1 1 2 </tableData><tableData breakPoint="2"> 0 1
 0 4 5
 1 5 6 </tableData></table>"""


def aircraft(inside: str = "<value>1</value>") -> jsbsim_file.JsbsimAircraft:
    """The file with an expression in its only axis."""
    return jsbsim_file.read(FILE.replace("EXPRESSION", inside).encode(), "box.xml")


def value(inside: str, **known: float) -> float:
    """An expression's value."""
    air = aircraft(inside).aerodynamics
    tree = air.axes["LIFT"][0][1]
    assert isinstance(tree, expression.Operation)
    given = {name: jnp.asarray(number) for name, number in known.items()}
    return float(expression.evaluate(tree.arguments[1], given, jnp.asarray(air.data)))


def test_masses_add_up_about_their_common_centre() -> None:
    mass = aircraft().mass
    assert mass.mass == 500.0
    assert mass.centre == pytest.approx((1.2, 0.0, 0.2))
    reduced = 400.0 * 100.0 / 500.0  # two masses 1 m apart along x and 1 m along z, about their centre
    assert mass.J_xx == pytest.approx(100.0 + reduced)
    assert mass.J_yy == pytest.approx(200.0 + 2.0 * reduced)
    assert mass.J_zz == pytest.approx(300.0 + reduced)
    assert mass.J_xz == pytest.approx(-7.0 + reduced)


def test_products_of_inertia_may_be_given_as_integrals() -> None:
    text = FILE.replace("<mass_balance>", '<mass_balance negated_crossproduct_inertia="false">')
    mass = jsbsim_file.read(text.replace("EXPRESSION", "<value>1</value>").encode()).mass
    assert mass.J_xz == pytest.approx(7.0 + 80.0)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<sum><v>1</v><v>2</v><v>3.5</v></sum>", 6.5),
        ("<difference><v>1</v><v>2</v><v>3</v></difference>", -4.0),
        ("<quotient><v>1</v><v>4</v></quotient>", 0.25),
        ("<pow><p>x</p><v>3</v></pow>", 0.125),
        ("<abs><p>-x</p></abs>", 0.5),
        ("<asin><p>x</p></asin>", 0.5235987755982989),
        ("<acos><p>x</p></acos>", 1.0471975511965979),
        ("<ifthen><gt><p>x</p><v>0</v></gt><v>5</v><v>6</v></ifthen>", 5.0),
        ("<ifthen><or><lt><p>x</p><v>0</v></lt><eq><p>x</p><v>1</v></eq></or><v>5</v><v>6</v></ifthen>", 6.0),
        ("<integer><v>-2.5</v></integer>", -2.0),
        ("<todegrees><v>3.141592653589793</v></todegrees>", 180.0),
    ],
)
def test_operations(inside: str, expected: float) -> None:
    assert value(inside, x=0.5) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(0.0, 0.0, 1.0), (1.0, 10.0, 8.0), (0.5, 5.0, 3.5), (2.0, 0.0, 4.0), (9.0, 99.0, 14.0), (-1.0, -1.0, 1.0)],
)
def test_a_table_in_two_variables_is_linear_and_held_outside(x: float, y: float, expected: float) -> None:
    assert value(TWO, x=x, y=y) == pytest.approx(expected)


@pytest.mark.parametrize(("z", "expected"), [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (5.0, 5.0), (-5.0, 1.0)])
def test_a_table_in_three_variables(z: float, expected: float) -> None:
    assert value(THREE, x=0.5, y=0.5, z=z) == pytest.approx(expected)


def test_lift_points_up_and_its_moment_is_about_the_centre_of_gravity() -> None:
    made = aircraft("<v>50</v>")
    known = {"aero/alpha-rad": jnp.asarray(0.0), "aero/beta-rad": jnp.asarray(0.0)}
    air = made.aerodynamics
    loads = jsbsim_file.loads(air, made.metrics, made.mass.centre, known, jnp.asarray(air.data))
    newton = 100.0 * 4.4482216152605
    assert float(loads.F_b.z) == pytest.approx(-newton)
    assert float(loads.M_b.y) == pytest.approx(0.2 * newton)  # the lift acts 0.2 m ahead of the centre of gravity


def test_what_a_function_needs_is_told() -> None:
    assert aircraft("<p>fcs/elevator-pos-rad</p>").needed == ("fcs/elevator-pos-rad",)
    assert aircraft("<p>aero/qbar-psf</p>").needed == ()


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("<urandom/>", "'urandom' is not read"),
        ("<quotient><v>1</v></quotient>", "'quotient' with 1 arguments"),
        ("<v>many</v>", "'many' is no number"),
        (TWO.replace("3  5", "1  5"), "do not increase"),
        (TWO.replace("14", ""), "must hold 3 numbers"),
        (TWO.replace('"column"', '"depth"'), "row, depth"),
    ],
)
def test_what_is_not_known_is_refused_by_name_in_one_line(inside: str, told: str) -> None:
    with pytest.raises(AircraftError) as refused:
        aircraft(inside)
    assert told in str(refused.value)
    assert "line" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FILE.replace("<fdm_config", '<!DOCTYPE x [<!ENTITY e "1">]><fdm_config', 1), "entities are not read"),
        (FILE[:200], "not XML"),
        ("<mission/>", "fdm_config"),
        (FILE.replace("<metrics>", '<metrics file="other.xml">'), "another file"),
        (FILE.replace('unit="M2"', 'unit="ACRE"'), "'ACRE' is not known"),
        (FILE.replace('name="LIFT"', 'name="UP"'), "'UP'"),
        (FILE.replace("<aerodynamics>", "<aerodynamics><aero_ref_pt_shift_x/>"), "aero_ref_pt_shift_x"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(AircraftError) as refused:
        jsbsim_file.read(text.replace("EXPRESSION", "<value>1</value>").encode(), "box.xml")
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)

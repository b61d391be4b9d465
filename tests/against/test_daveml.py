"""DAVE-ML models: NASA's own check points, the same function in the engine, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk import daveml, engine
from samruk.errors import InputError
from samruk.verify.nesc.compare import packaged

MODELS = sorted(file.name for file in (packaged() / "models").glob("*.dml"))


@lru_cache
def model(name: str) -> daveml.Model:
    return daveml.read((packaged() / "models" / name).read_bytes(), name)


@pytest.mark.parametrize(("name", "cases"), [("F16_aero.dml", 16), ("F16_prop.dml", 9)])
def test_every_check_point_of_the_file_holds(name: str, cases: int) -> None:
    found = model(name).check()
    assert len(model(name).cases) == cases
    assert len(found) > 5 * cases
    for case, variable, miss, tolerance in found:
        assert miss <= tolerance, f"{case}: {variable} is {miss} off"


@pytest.mark.parametrize("name", MODELS)
def test_every_model_reads(name: str) -> None:
    assert model(name).outputs


@dataclass(frozen=True)
class Inputs:
    """Inputs of the F-16's aerodynamics."""

    alpha: float
    beta: float
    p: float
    q: float
    r: float
    el: float
    ail: float
    rdr: float
    cx: float = 0.0
    cm: float = 0.0


def step(c: Inputs, p: Any) -> Inputs:
    names = ("angleOfAttack", "angleOfSideslip", "bodyAngularRate_Roll", "bodyAngularRate_Pitch", "bodyAngularRate_Yaw",
             "elevatorDeflection", "aileronDeflection", "rudderDeflection")  # fmt: skip
    values = (c.alpha, c.beta, c.p, c.q, c.r, c.el, c.ail, c.rdr)
    out = model("F16_aero.dml").evaluate({**dict(zip(names, values, strict=True)), "trueAirspeed": 300.0 + 0.0 * c.p})
    coefficients = (out["aeroBodyForceCoefficient_X"], out["aeroBodyMomentCoefficient_Pitch"])
    return Inputs(*values, *(jnp.asarray(x, jnp.float64) for x in coefficients))


def test_a_model_runs_in_the_engine_as_it_does_outside() -> None:
    """Given to a step as a static argument: lanes of native code against the same function by JAX."""
    draw = np.random.default_rng(4)
    rows = draw.uniform((-10, -30, -1, -1, -1, -25, -21, -30), (45, 30, 1, 1, 1, 25, 21, 30), (16, 8))
    carries = [Inputs(*map(float, row)) for row in rows]
    program = engine.Program(step, lambda c, p, t: c, lambda c, p, t: c, lambda c, p: Inputs(*[c.cx] * 10),
                             carries[0], Inputs(*[0.0] * 8), None, 1, 1)  # fmt: skip
    batch = engine.open(program, "native", 1).start(carries, [Inputs(*[0.0] * 8)] * 16, [None] * 16)
    batch.advance(1, 0)
    for lane, carry in enumerate(carries):
        outside = step(carry, None)
        flown = batch.carry(lane)
        assert flown.cx == pytest.approx(float(outside.cx), abs=1e-14)
        assert flown.cm == pytest.approx(float(outside.cm), abs=1e-14)


HEAD = '<?xml version="1.0"?><DAVEfunc xmlns="http://daveml.org/2010/DAVEML"><fileHeader name="t"/>'
X = '<variableDef name="x" varID="x" units="nd"><isInput/></variableDef>'


def calculated(inner: str) -> bytes:
    math = f'<calculation><math xmlns="http://www.w3.org/1998/Math/MathML">{inner}</math></calculation>'
    y = f'<variableDef name="y" varID="y" units="nd">{math}<isOutput/></variableDef>'
    return f"{HEAD}{X}{y}</DAVEfunc>".encode()


def apply(operator: str, *operands: str) -> str:
    return f"<apply><{operator}/>{''.join(operands)}</apply>"


@settings(max_examples=60, deadline=None)
@given(x=st.floats(-3.0, 3.0, allow_subnormal=False))
def test_operators_are_those_of_numpy(x: float) -> None:
    ci, two = "<ci>x</ci>", "<cn>2.5</cn>"
    for operator, wanted in (("sin", np.sin), ("cos", np.cos), ("tan", np.tan), ("exp", np.exp), ("abs", np.abs),
                             ("floor", np.floor), ("ceiling", np.ceil), ("tanh", np.tanh), ("sinh", np.sinh),
                             ("cosh", np.cosh), ("arctan", np.arctan), ("minus", np.negative)):  # fmt: skip
        found = daveml.read(calculated(apply(operator, ci))).evaluate({"x": x})["y"]
        assert float(found) == pytest.approx(float(wanted(x)), rel=1e-12, abs=1e-12), operator
    for operator, value in (("plus", x + 2.5), ("times", x * 2.5), ("divide", x / 2.5), ("max", max(x, 2.5)),
                            ("min", min(x, 2.5)), ("minus", x - 2.5)):  # fmt: skip
        assert float(daveml.read(calculated(apply(operator, ci, two))).evaluate({"x": x})["y"]) == pytest.approx(value)
    above = f"<piece><cn>1</cn>{apply('gt', ci, '<cn>0</cn>')}</piece>"
    pieces = f"<piecewise>{above}<otherwise>{ci}</otherwise></piecewise>"
    assert float(daveml.read(calculated(pieces)).evaluate({"x": x})["y"]) == (1.0 if x > 0.0 else x)


def table(values: str, rule: str = "neither", points: str = "0, 1, 3") -> bytes:
    body = (
        f'{HEAD}{X}<variableDef name="y" varID="y" units="nd"><isOutput/></variableDef>'
        f'<breakpointDef bpID="b"><bpVals>{points}</bpVals></breakpointDef><function name="f">'
        f'<independentVarRef varID="x" extrapolate="{rule}"/><dependentVarRef varID="y"/>'
        '<functionDefn><griddedTableDef><breakpointRefs><bpRef bpID="b"/></breakpointRefs>'
        f"<dataTable>{values}</dataTable></griddedTableDef>"
        "</functionDefn></function></DAVEfunc>"
    )
    return body.encode()


@settings(max_examples=60, deadline=None)
@given(x=st.floats(-2.0, 5.0, allow_subnormal=False))
def test_a_table_is_linear_and_ends_as_its_rule_says(x: float) -> None:
    held = float(daveml.read(table("1, 2, -2")).evaluate({"x": x})["y"])
    assert held == pytest.approx(float(np.interp(x, [0, 1, 3], [1, 2, -2])), abs=1e-12)
    goes_on = float(daveml.read(table("1, 2, -2", "both")).evaluate({"x": x})["y"])
    line = 1.0 + x if x < 1.0 else 2.0 - 2.0 * (x - 1.0)
    assert goes_on == pytest.approx(line, abs=1e-12)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is no XML"),
        (b"<a/>", "not <DAVEfunc>"),
        (b'<!DOCTYPE d [<!ENTITY a "b">]><DAVEfunc/>', "defines entities"),
        (calculated("<apply><frobnicate/><ci>x</ci></apply>"), "'frobnicate' is not known"),
        (calculated("<ci>z</ci>"), "needs 'z', which is no variable"),
        (calculated("<ci>y</ci>"), "in a ring: y"),
        (calculated("<cn>one</cn>"), "not a number"),
        (table("1, 2"), "holds 2 values; its breakpoints want 3"),
        (table("1, 2, nan"), "no finite number"),
        (calculated("<apply><minus/>" * 3000 + "<ci>x</ci>" + "</apply>" * 3000), "nested too deep"),
        (table("1, 2, 3", "sideways"), "extrapolate='sideways'"),
        (table("1, 2, 3", points="0, 0, 1"), "do not increase"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told.replace("(", r"\(")) as caught:
        daveml.read(data, "m.dml")
    assert "\n" not in str(caught.value)
    assert "m.dml" in str(caught.value)


def test_a_missing_input_is_named() -> None:
    read = daveml.read(calculated("<ci>x</ci>"), "m.dml")
    with pytest.raises(InputError, match=r"the input x \(nd\) is missing"):
        read.evaluate({})
    with pytest.raises(InputError, match="speed is no input"):
        read.evaluate({"x": 1.0, "speed": 2.0})

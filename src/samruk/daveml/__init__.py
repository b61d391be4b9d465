"""Models in DAVE-ML (ANSI/AIAA S-119, DAVEfunc 2.0): tables and MathML as functions that a step can hold.

`read(data, place)` gives a `Model`; `Model.evaluate(inputs)` is a pure function of scalars made of elementwise
operations and table look-ups, so the engine prints it like any other part of a step.
"""

from samruk.daveml.model import CheckCase, Model, Variable
from samruk.daveml.reader import read

__all__ = ["CheckCase", "Model", "Variable", "read"]

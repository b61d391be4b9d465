"""Handling: steady flight with a certificate, the linear model about it, its modes, and the envelope.

    trim(aircraft, Condition(airspeed, mass, height, ...)) -> Certificate
    linearise(aircraft, condition) -> [Linear]
    modes(linear) -> [Mode]
"""

from samruk.handling.certificate import LIMITS, Certificate
from samruk.handling.condition import Condition
from samruk.handling.linear import Linear, linearise
from samruk.handling.modes import Mode, modes
from samruk.handling.trim import trim

__all__ = ["LIMITS", "Certificate", "Condition", "Linear", "Mode", "linearise", "modes", "trim"]

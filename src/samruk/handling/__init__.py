"""Handling: steady flight with a certificate, the linear model about it, its modes, and the envelope."""

from samruk.handling.certificate import LIMITS, Certificate
from samruk.handling.condition import Condition, SideLoad
from samruk.handling.trim import trim

__all__ = ["LIMITS", "Certificate", "Condition", "SideLoad", "trim"]

"""What the aircraft carries to see with: the turret's motion, and where it looks."""

from samruk.payload.turret import BODY, EARTH, PLACE, STOWED, Aim, Turret, step

__all__ = ["BODY", "EARTH", "PLACE", "STOWED", "Aim", "Turret", "step"]

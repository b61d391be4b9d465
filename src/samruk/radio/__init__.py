"""The links between an aircraft and its station, as numbers inside the step.

    propagation.py  distance, bent Earth, ground, gas, rain, edges
    masking.py      the edge of the terrain in the way
    satellite.py    elevation, hiding, fades, outages, delay
    link.py         margins, bearer, frames on their way
"""

from samruk.radio.link import LINE_OF_SIGHT, NONE, SATELLITE, RadioState, initial, slow, step

__all__ = ["LINE_OF_SIGHT", "NONE", "SATELLITE", "RadioState", "initial", "slow", "step"]

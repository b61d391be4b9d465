"""Ways for frames: lossy paths in simulated time, and the two bearers between an aircraft and a station.

    path.py      one way: loss, delay, jitter, reordering, duplication, bandwidth; seeded
    bearers.py   line of sight and satellite, both ways, and which of them carries
"""

from samruk.link.transport.bearers import LINE_OF_SIGHT, NONE, SATELLITE, Bearers, Spoiled, State
from samruk.link.transport.path import Manner, Path

__all__ = ["LINE_OF_SIGHT", "NONE", "SATELLITE", "Bearers", "Manner", "Path", "Spoiled", "State"]

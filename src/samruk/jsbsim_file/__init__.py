"""Aircraft of JSBSim: mass properties, reference lengths and aerodynamics from its XML files.

Read are `<metrics>`, `<mass_balance>` with point masses and tanks, and `<aerodynamics>` with its functions and tables;
flight control, engines and wheels are not: whoever flies such an aircraft gives the properties that its functions ask
for (`needed`). What is not known is refused by name and line.

Reference: Berndt, JSBSim: An Open Source Flight Dynamics Model in C++, AIAA 2004-4923; the JSBSim Reference Manual.
"""

from __future__ import annotations

from dataclasses import dataclass

from samruk.jsbsim_file import aerodynamics, masses
from samruk.jsbsim_file.aerodynamics import Aerodynamics, Flow, Loads, Metrics, loads, properties
from samruk.jsbsim_file.masses import MassProperties
from samruk.jsbsim_file.text import root

__all__ = [
    "Aerodynamics", "Flow", "JsbsimAircraft", "Loads", "MassProperties", "Metrics", "loads", "properties", "read",
]  # fmt: skip


@dataclass(frozen=True)
class JsbsimAircraft:
    """What is read of a file."""

    name: str
    metrics: Metrics
    mass: MassProperties
    aerodynamics: Aerodynamics

    @property
    def needed(self) -> tuple[str, ...]:
        """Properties that must be given besides those of air and motion."""
        return aerodynamics.needed(self.aerodynamics, self.metrics)


def read(data: bytes, place: str = "JSBSim file") -> JsbsimAircraft:
    """An aircraft from the bytes of its file.

    Args:
        data: the file.
        place: its name, for complaints.

    Raises:
        AircraftError: in one line, what cannot be read and in which line of the file it stands.
    """
    found = root(data, place)
    metrics = aerodynamics.read_metrics(found)
    return JsbsimAircraft(found.get("name", place), metrics, masses.read(found), aerodynamics.read(found))

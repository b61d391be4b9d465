"""An aircraft as data.

Each leaf is one number in SI units and radians (`parts`); where it comes from, how good it is and how far it may be off
stand beside it in the definition file (`data/aircraft/*.toml`), whose text `parse` turns into an `AircraftDefinition`
(`definition`). Performance is nowhere an input: endurance, ceiling and take-off run come out of the physics.
"""

from samruk.aircraft import stores
from samruk.aircraft.definition import (
    GRADES,
    SET_BY_USER,
    Fetch,
    key_of,
    override,
    parse,
    with_engine,
    with_fuel,
    with_stores,
)
from samruk.aircraft.fuels import GRADES as FUELS
from samruk.aircraft.parts import (
    Actuators,
    Aerodynamics,
    Aircraft,
    AircraftDefinition,
    Allowed,
    Electric,
    Engine,
    Gear,
    Geometry,
    IceProtection,
    MassProperties,
    Propeller,
    Radio,
    Scalar,
    Sensors,
    Source,
    Stores,
    Structure,
    Thermal,
    leaves,
)
from samruk.aircraft.stores import Store

__all__ = [
    "FUELS",
    "GRADES",
    "SET_BY_USER",
    "Actuators",
    "Aerodynamics",
    "Aircraft",
    "AircraftDefinition",
    "Allowed",
    "Electric",
    "Engine",
    "Fetch",
    "Gear",
    "Geometry",
    "IceProtection",
    "MassProperties",
    "Propeller",
    "Radio",
    "Scalar",
    "Sensors",
    "Source",
    "Store",
    "Stores",
    "Structure",
    "Thermal",
    "key_of",
    "leaves",
    "override",
    "parse",
    "stores",
    "with_engine",
    "with_fuel",
    "with_stores",
]

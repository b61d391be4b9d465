"""Other simulators flown beside this one: the same aircraft, the same flight, the differences."""

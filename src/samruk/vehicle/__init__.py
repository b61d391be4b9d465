"""The live aircraft: a lane of the step as a MAVLink 2 system."""

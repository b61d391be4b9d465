"""The checks against the outside world: published flights, standards and measurements."""

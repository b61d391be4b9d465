"""Boots and bare wings against the bands of NACA TN-3564."""

from __future__ import annotations

import pytest

from samruk.plant.ice import Ice
from samruk.verify import boots


@pytest.mark.parametrize("name", list(boots.BANDS))
def test_the_model_lies_in_the_tunnel_s_band(name: str) -> None:
    """A glaze ridge on an unprotected wing is known to come out too small: see `boots.GLAZE_SHORT`."""
    low, high = boots.BANDS[name]
    figure = boots.found()[name]
    allowed = boots.GLAZE_SHORT if name == "glaze ridge of 0.5 lb/ft, drag" else boots.READING
    assert low - allowed <= figure <= high + allowed


def test_more_ice_costs_more_on_that_wing() -> None:
    cloud = (-8.0, 0.5, 20.0, 90.0)
    craft = boots.section()
    rises = [boots.rise(boots._flight()(Ice(), craft, cloud, seconds), craft) for seconds in (60, 300, 900)]
    assert rises[0] < rises[1] < rises[2]

"""Whole flights have the bits that they had, whatever the vector width and the version of JAX."""

from __future__ import annotations

import json

import pytest
from tests.system.golden import KEPT, NAMES, digest
from tests.system.whole import days


@pytest.mark.parametrize("name", NAMES)
def test_a_flight_has_its_golden_bits(name: str) -> None:
    kept = json.loads(KEPT.read_text())[name]
    assert digest(days()[NAMES.index(name)]) == kept, "flights changed; if meant: python -m tests.system.golden"

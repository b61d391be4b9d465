"""Strict numbers for every test: float64, no silent promotion of rank or type."""

import os
from pathlib import Path

import jax
import pytest

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_numpy_rank_promotion", "raise")
jax.config.update("jax_numpy_dtype_promotion", "strict")

LONGEST = (
    "browser/test_person.py", "against/test_nesc.py", "system/test_reference.py", "clients/test_whole_flights.py",
    "against/test_nesc_cases.py", "system/test_device.py", "clients/test_lossy_flight.py", "system/test_precision.py",
    "against/test_jsbsim.py", "clients/test_plans.py", "unit/test_performance.py", "unit/test_handling_envelope.py",
    "unit/test_qualify.py", "unit/station/test_server.py", "system/test_examples.py",
)  # fmt: skip
"""Files that take longest, begun first, so that no process ends long after the others; those that wait among those that
reckon."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: the live tests mostly wait."""
    return len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files."""
    here = Path(__file__).parent
    place = {here / name: k for k, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(LONGEST)))

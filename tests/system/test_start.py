"""How a second start goes: the compiled step is found, and JAX is not needed."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from tests.system.whole import lanes
from samruk.verdict.flights import Engines
lane = lanes(1)[0]
batch = Engines(lane, "native", 1).start([lane])
batch.advance(1)
print(batch.ticks, "jax.numpy" in sys.modules)
"""


def test_a_kept_step_flies_without_jax() -> None:
    first, second = (
        subprocess.run([sys.executable, "-W", "error", "-c", SCRIPT], capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    assert first.stdout.split()[0] == second.stdout.split()[0] == "10"
    assert second.stdout.split()[1] == "False"

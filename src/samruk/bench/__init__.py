"""How fast the model flies, beside JSBSim on the same core: rates, starts, operations, the processor's peak.

Method and decisions: `design/0010-bench.md`.
"""

"""Check cases from a folder: a description and DAVE-ML models in, a flight beside published trajectories out.

`run(folder)` flies every case that `case_*.toml` files describe; without a folder, those that come with samruk.
"""

from samruk.verify.nesc.compare import Comparison, answer, checks, run, show
from samruk.verify.nesc.page import write

__all__ = ["Comparison", "answer", "checks", "run", "show", "write"]

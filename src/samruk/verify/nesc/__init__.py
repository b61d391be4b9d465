"""Check cases from a folder: a description and DAVE-ML models in, a flight beside published trajectories out.

`run(folder)` flies every case that `case_*.toml` files describe; without a folder, those that come with samruk.
"""

from samruk.verify.nesc.compare import Comparison, run, show

__all__ = ["Comparison", "run", "show"]

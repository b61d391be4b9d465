"""Performance that comes out of an aircraft's numbers, with its interval, beside what is published.

`performance(definition, published)` gives a `Sheet`: figures, intervals, misses, drivers. Nothing here is an input of
the model: a published figure is only set beside the one that came out.
"""

from samruk.performance.picture import write
from samruk.performance.sheet import Row, Sheet, as_json, performance, show

__all__ = ["Row", "Sheet", "as_json", "performance", "show", "write"]

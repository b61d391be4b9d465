"""The coefficients of exp in `samruk.engine.elementary`, and the error of the fit. Needs mpmath.

python design/0002-engine-coefficients.py
"""

import mpmath

mpmath.mp.dps = 50
HALF = mpmath.log(2) / 2 * mpmath.mpf("1.0005")  # the reduced argument, with room for the rounding of x / ln 2


def bend(r: mpmath.mpf) -> mpmath.mpf:
    """(exp(r) - 1 - r) / r**2, by its series near zero."""
    return mpmath.mpf(1) / 2 + r / 6 + r * r / 24 if abs(r) < 1e-12 else (mpmath.exp(r) - 1 - r) / r**2


for terms in (9, 10, 11):
    coefficients, error = mpmath.chebyfit(bend, [-HALF, HALF], terms, error=True)
    print(terms, "terms: error", mpmath.nstr(error, 3), "relative error of exp", mpmath.nstr(error * HALF**2, 3))
    if terms == 10:
        print([float(c) for c in coefficients])

"""What a split or consolidation looks like in a holding; knows of no announcement."""

import polars as pl

LEAST_FACTOR = 2
"""Into or out of how many shares one becomes, at least: smaller splits look like trading."""

RATIO_TOLERANCE = 0.02
"""How far, as a part of it, a ratio may be from a whole number: what one session's trading adds."""

PERCENT_TOLERANCE = 0.05
"""How far, as a part of it, the percent of issued may move and still have hardly moved."""

PERCENT_ROUNDING = 0.0101
"""Percentage points that two percents of two decimals differ by through rounding alone."""


def looks_split(
    shares: pl.Expr, before: pl.Expr, percent: pl.Expr, percent_before: pl.Expr
) -> pl.Expr:
    """Whether the holding became a whole multiple or part of itself while its percent stood.

    The ratio counts either way. Where a percent is not stated the ratio alone is enough: a
    suspicion that holds a stock out of the movers costs less than a gain of 400 % that was none.
    """
    ratio = shares / before
    factor = pl.when(ratio >= 1).then(ratio).otherwise(1 / ratio)
    whole = factor.round()
    near = (whole >= LEAST_FACTOR) & ((factor - whole).abs() <= whole * RATIO_TOLERANCE)
    moved = (percent - percent_before).abs()
    stood = moved <= PERCENT_ROUNDING + percent_before * PERCENT_TOLERANCE
    possible = (shares > 0) & (before > 0)
    return (possible & near & stood.fill_null(value=True)).fill_null(value=False)

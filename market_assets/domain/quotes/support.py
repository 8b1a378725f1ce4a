"""``domain.support`` for quotes: what names a row, and how far two statements may differ."""

import polars as pl

from market_assets.domain import support
from market_assets.domain.quotes.screening import TURNOVER_ROUNDING

ROW = ["ticker", "session"]
TOLERANCE = {"close": 0.005, "volume": 0.0, "turnover": TURNOVER_ROUNDING}
"""How far two statements may differ and still agree: half a cent, no share, half a dirham."""


def weighed(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """Each statement of ``field`` in ``rows`` with its ``support`` and ``<field>_confidence``."""
    return support.weighed(rows, field, row=ROW, tolerance=TOLERANCE[field])


def best_supported(statements: pl.DataFrame, field: str) -> pl.DataFrame:
    """Per line and session the value with the most support, and its confidence."""
    return support.best_supported(statements, field, row=ROW)


def agrees_with(field: str, other: str) -> pl.Expr:
    """Whether ``field`` is what the column ``other`` says, as far as such a number is exact."""
    return support.agrees_with(field, other, tolerance=TOLERANCE[field])

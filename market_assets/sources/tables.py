"""What a page says besides quotes: the master of listings, the history of an index."""

import polars as pl

from market_assets.domain.quotes.rows import QUOTES

STAMPS = {name: QUOTES[name] for name in ("source", "capture_id", "known_at")}
"""The capture that a row came from, as the rows of QUOTES have it."""

LISTINGS = pl.Schema(
    {
        "ticker": pl.String,
        "isin": pl.String,
        "name": pl.String,
        "sector": pl.String,
        "compartment": pl.String,
        "shares": pl.Int64,
        "status": pl.String,
        **STAMPS,
    }
)
"""What a line is, as its publisher states it on the day of the capture; null is not stated."""

INDEX_HISTORY = pl.Schema(
    {
        "index": pl.String,
        "session": pl.Date,
        "close": pl.Float64,
        "volume_stated": pl.Float64,
        **STAMPS,
    }
)
"""The level of an index. ``volume_stated`` is what the page calls volume, its unit not known."""

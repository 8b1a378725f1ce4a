"""What a page says besides quotes: the master of listings, the history of an index."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from market_assets.web.messages import Capture

STAMPS = {
    "source": pl.String(),
    "capture_id": pl.String(),
    "known_at": pl.Datetime("us", "UTC"),
}

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


def stamped(rows: Iterable[Mapping[str, Any]], schema: pl.Schema, capture: Capture) -> pl.DataFrame:
    """``rows`` in ``schema``, each with the capture it came from; what is missing is null."""
    stamps = {
        "source": capture.source,
        "capture_id": capture.capture_id,
        "known_at": capture.fetched_at,
    }
    return pl.DataFrame([{**row, **stamps} for row in rows], schema=schema)

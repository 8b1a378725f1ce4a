"""From parsed rows to a frame in the schema QUOTES."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from market_assets.domain.quotes import QUOTES
from market_assets.web.messages import Capture


def quotes_frame(rows: Iterable[Mapping[str, Any]], capture: Capture) -> pl.DataFrame:
    """``rows`` (dicts of QUOTES columns; what is missing is null), stamped with their capture."""
    stamps = {
        "source": capture.source,
        "capture_id": capture.capture_id,
        "known_at": capture.fetched_at,
    }
    return pl.DataFrame([{**row, **stamps} for row in rows], schema=QUOTES)

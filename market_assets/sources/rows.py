"""From parsed rows to a frame in the schema QUOTES."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from market_assets.domain.quotes import QUOTES
from market_assets.web.messages import Capture


def quotes_frame(rows: Iterable[Mapping[str, Any]], capture: Capture) -> pl.DataFrame:
    """``rows`` (dicts of QUOTES columns; what is missing is null), stamped with their capture."""
    frame = pl.DataFrame(list(rows), schema={c: t for c, t in QUOTES.items() if c not in STAMPS})
    return frame.with_columns(
        source=pl.lit(capture.source),
        capture_id=pl.lit(capture.capture_id),
        known_at=pl.lit(capture.fetched_at).cast(QUOTES["known_at"]),
    ).select(QUOTES.names())


STAMPS = ("source", "capture_id", "known_at")

"""Rules that no agreed holding may break, and what a person should look at; repairs nothing."""

from collections.abc import Sequence
from datetime import date

import polars as pl

SMALLEST_SESSION = 500
"""Fewest holdings of a whole session: 564 were held in January 2019, more since."""
DOUBTFUL = 0.5
ALL_ISSUED = 100.0


def structural_faults(holdings: pl.DataFrame, *, sessions: Sequence[date]) -> dict[str, int]:
    """How many rows of SOUTHBOUND_HOLDINGS break each rule."""
    known = pl.Series(sessions, dtype=pl.Date).implode()
    channels = pl.col("shanghai_shares") + pl.col("shenzhen_shares")
    from_channels = pl.col("source").str.contains("+", literal=True)
    faults = {
        "duplicate_row": pl.struct("code", "session").is_duplicated(),
        "not_a_session": ~pl.col("session").is_in(known),
        "malformed_code": ~pl.col("code").str.contains(r"^\d{5}$"),
        "negative_number": (pl.col("shares") < 0) | (pl.col("percent") < 0),
        "broken_sum": from_channels & (channels != pl.col("shares")),
        "confidence_out_of_range": ~pl.col("confidence").is_between(0, 1),
        "number_without_capture": pl.col("capture_id").is_null(),
        "settled_after_session": pl.col("settlement_date") > pl.col("session"),
        "traded_after_settlement": pl.col("implied_trade_date") >= pl.col("settlement_date"),
    }
    return holdings.select(
        rows.fill_null(value=False).sum().alias(name) for name, rows in faults.items()
    ).row(0, named=True)


def plausibility_faults(holdings: pl.DataFrame, *, sessions: Sequence[date]) -> dict[str, int]:
    """How many sessions or rows a person should look at before relying on them.

    ``missing_session`` and ``short_session`` count sessions, the others rows.
    """
    sizes = holdings.group_by("session").len("rows")
    return {
        "missing_session": len(set(sessions) - set(sizes["session"])),
        "short_session": sizes.filter(pl.col("rows") < SMALLEST_SESSION).height,
        "over_all_issued": holdings.filter(pl.col("percent") > ALL_ISSUED).height,
        "percent_not_stated": holdings.filter(pl.col("percent").is_null()).height,
        "low_confidence": holdings.filter(pl.col("confidence") < DOUBTFUL).height,
        "trade_date_unknown": holdings.filter(pl.col("implied_trade_date").is_null()).height,
    }

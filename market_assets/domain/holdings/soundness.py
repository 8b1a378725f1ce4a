"""What can be wrong with the agreed holdings and their changes: counts the rows; judges nothing."""

from collections.abc import Collection
from datetime import date

import polars as pl

from market_assets.domain.faults import counted

LOW_CONFIDENCE = 0.5
PERCENT_CEILING = 110.0
"""More than all issued shares: HKEX's number of them lags new ones, but hardly by a tenth."""


def structural_faults(holdings: pl.DataFrame, *, sessions: Collection[date]) -> dict[str, int]:
    """Rows that no table of holdings may hold, by the name of the fault."""
    parts = pl.col("shanghai_shares") + pl.col("shenzhen_shares")
    channels = ("shares", "shanghai_shares", "shenzhen_shares")
    faults = {
        "duplicate_row": pl.struct("code", "session").is_duplicated(),
        "not_a_session": ~pl.col("session").is_in(sorted(sessions)),
        "malformed_code": ~pl.col("code").str.contains(r"^\d{5}$").fill_null(value=False),
        "negative_shares": pl.any_horizontal((pl.col(c) < 0) for c in channels),
        "percent_out_of_range": ~pl.col("percent").is_between(0, PERCENT_CEILING),
        "broken_sum": parts != pl.col("shares"),
        "confidence_out_of_range": ~pl.col("confidence").is_between(0, 1).fill_null(value=False),
        "number_without_capture": pl.col("capture_id").is_null(),
    }
    return counted(holdings, **faults)


def plausibility_faults(holdings: pl.DataFrame, *, sessions: Collection[date]) -> dict[str, int]:
    """Rows or sessions that a person should look at, by the name of the fault."""
    faults = {
        "unknown_total": pl.col("shares").is_null(),
        "low_confidence": pl.col("confidence") < LOW_CONFIDENCE,
        "uncorroborated": ~pl.col("sources").str.contains("+", literal=True),
        "missing_percent": pl.col("percent").is_null(),
    }
    missing = len(set(sessions) - set(holdings["session"]))
    return {"missing_session": missing} | counted(holdings, **faults)


def deltas_faults(deltas: pl.DataFrame) -> dict[str, int]:
    """Rows that break a rule the changes keep, by the name of the fault."""
    status, base = pl.col("status"), pl.col("base_session")
    change = pl.col("shares") - pl.col("base_shares")
    faults = {
        "duplicate_row": pl.struct("code", "session", "horizon").is_duplicated(),
        "base_not_before": base >= pl.col("session"),
        "ok_without_base": (status == "ok") & base.is_null(),
        "change_without_base": pl.col("change_shares").is_not_null() & base.is_null(),
        "change_is_not_the_difference": change != pl.col("change_shares"),
        "exit_with_shares": (status == "exited") & (pl.col("shares") != 0),
    }
    return counted(deltas, **faults)


def suspects(deltas: pl.DataFrame) -> dict[str, int]:
    """How many changes over one session a person should look at, by their status."""
    one = deltas.filter(pl.col("horizon") == 1)
    words = ("base_missing", "split_suspect", "code_change_suspect", "recycled_code_suspect")
    return counted(one, **{word: pl.col("status") == word for word in words})

"""What can be wrong with the reconciled table: how many rows break each rule; judges nothing."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from market_assets.domain.quotes.limits import price_moves
from market_assets.domain.quotes.screening import breaks_unit_rule

LOW_CONFIDENCE = 0.5


def structural_faults(
    quotes: pl.DataFrame, *, sessions: Sequence[date], tickers: Sequence[str]
) -> dict[str, int]:
    """Rows that no reconciled table may hold, by the name of the fault."""
    negative = ((pl.col(c) < 0).fill_null(value=False) for c in ("volume", "turnover"))
    faults = {
        "duplicate_row": pl.struct("ticker", "session").is_duplicated(),
        "not_a_session": ~pl.col("session").is_in(list(sessions)),
        "unknown_line": ~pl.col("ticker").is_in(list(tickers)).fill_null(value=False),
        "negative_number": pl.any_horizontal(negative),
        "broken_unit_rule": breaks_unit_rule(),
        "confidence_out_of_range": ~pl.col("confidence").is_between(0, 1).fill_null(value=False),
        "number_without_capture": pl.col("capture_id").is_null(),
    }
    return {name: quotes.filter(rows).height for name, rows in faults.items()}


def plausibility_faults(
    quotes: pl.DataFrame, *, sessions: Sequence[date], tickers: Sequence[str]
) -> dict[str, int]:
    """Rows, lines or sessions that a person should look at, by the name of the fault.

    ``quotes`` may reach one session further back than ``sessions``, so that moves are seen.
    """
    asked = quotes.filter(pl.col("session").is_in(list(sessions)))
    moves = price_moves(quotes).filter(pl.col("session").is_in(list(sessions)))
    stated = asked.filter(pl.col("volume").is_not_null() | (pl.col("status") == "S"))
    return {
        "missing_session": len(set(sessions) - set(asked["session"])),
        "missing_volume": len(sessions) * len(tickers) - stated.height,
        "low_confidence": asked.filter(pl.col("confidence") < LOW_CONFIDENCE).height,
        "price_limit_broken": moves.filter("breaks_limit").height,
        "uncorroborated": asked.filter(~pl.col("sources").str.contains("+", literal=True)).height,
    }

"""What the publishers' market really did, beside what ``daily_quotes`` says of it."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from market_assets.sandbox.casablanca.market import Market

KEY = ["ticker", "session"]
FIGURES = ["close", "volume", "turnover"]


def truths(market: Market, days: Iterable[date]) -> pl.DataFrame:
    """A row per line and session, sorted as ``daily_quotes`` are asked for."""
    rows = [
        {
            "mic": "XCAS",
            "ticker": truth.line.ticker,
            "isin": truth.line.isin,
            **{name: getattr(truth, name) for name in ("session", "status", "open", "high", "low")},
            **{name: getattr(truth, name) for name in (*FIGURES, "trades")},
        }
        for day in days
        for truth in market.truths(day)
    ]
    return pl.DataFrame(rows, infer_schema_length=None).sort("session", "ticker")


def untrue(quotes: pl.DataFrame, market: Market) -> pl.DataFrame:
    """The rows of ``quotes`` that state a close, a volume or a turnover that is not so."""
    days = quotes["session"].unique().to_list()
    both = quotes.join(truths(market, days), on=KEY, how="left", suffix="_true")
    differs = (
        ((pl.col(name) - pl.col(f"{name}_true")).abs() > 0.005).fill_null(
            pl.col(name).is_not_null()
        )
        for name in FIGURES
    )
    return both.filter(pl.any_horizontal(*differs, pl.col("close_true").is_null()))

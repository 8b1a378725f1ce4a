"""What may still be shown of a market on a day, and how old it is then."""

from datetime import timedelta

import polars as pl

CARRIED = timedelta(days=10)
"""The longest closure here, with a weekend at either end."""


def carried(rows: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """``rows`` of each market beside each day that they may be shown on."""
    since = pl.col("as_of") - pl.lit(CARRIED)
    together = asked.join(rows, on="mic", maintain_order="left_right")
    return together.filter(pl.col("session").is_between(since, "as_of"))


def newest_market_caps(quotes: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Each line's newest market cap on each day."""
    stated = quotes.filter(pl.col("market_cap") > 0).select(
        "mic", "ticker", "session", "market_cap"
    )
    return carried(stated, asked).filter(
        pl.col("session") == pl.col("session").max().over("as_of", "mic", "ticker")
    )


def ages() -> tuple[pl.Expr, ...]:
    """The newest session of some rows, and the ages of the newest and of the oldest."""
    days = (pl.col("as_of") - pl.col("session")).dt.total_days()
    return (
        pl.col("session").max(),
        days.min().alias("age_days"),
        days.max().alias("oldest_age_days"),
    )

"""How much of each market is in which industry, by market cap."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from market_assets.domain.africa.carrying import ages, newest_market_caps

SECTOR_WEIGHTS = pl.Schema(
    {
        "as_of": pl.Date,
        "mic": pl.String,
        "icb_sector": pl.String,
        "lines": pl.Int64,
        "market_cap": pl.Float64,
        "weight": pl.Float64,
        "session": pl.Date,
        "age_days": pl.Int64,
        "oldest_age_days": pl.Int64,
    }
)
"""``market_cap`` in the market's own money, ``weight`` as a part of the market's. Lines whose
industry nobody states are together under null."""


def sector_weights(
    quotes: pl.DataFrame, listed: pl.DataFrame, *, as_of: Sequence[date]
) -> pl.DataFrame:
    """Each day, market and industry in the schema SECTOR_WEIGHTS.

    ``quotes`` as for ``cross_market``; ``listed`` needs session, mic, ticker and icb_sector.
    """
    days = pl.DataFrame({"as_of": sorted(set(as_of))}, schema={"as_of": pl.Date})
    asked = days.join(quotes.select("mic").unique(), how="cross")
    cap = pl.col("market_cap")
    return (
        newest_market_caps(quotes, asked)
        .join(
            listed.select("mic", "ticker", "icb_sector", as_of="session"),
            on=["as_of", "mic", "ticker"],
            how="left",
            maintain_order="left",
        )
        .group_by("as_of", "mic", "icb_sector")
        .agg(
            pl.len().cast(pl.Int64).alias("lines"),
            cap.sum(),
            *ages(),
        )
        .sort("as_of", "mic", "icb_sector")  # a sum depends on the order it is taken in
        .with_columns(weight=cap / cap.sum().over("as_of", "mic"))
        .select(SECTOR_WEIGHTS.names())
    )

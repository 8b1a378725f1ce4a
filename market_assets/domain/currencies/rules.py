"""The rules that quoted and crossed rates keep: counts the rows that break them."""

import polars as pl

from market_assets.domain.currencies.fx_rates import KEY
from market_assets.domain.faults import counted

EXACT = 1e-9
"""How far a rate times its reverse may be from 1 through floating point."""


def quoted_rates_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of RATES."""
    return counted(
        rows,
        duplicate_row=pl.struct(KEY).is_duplicated(),
        not_positive=~(pl.col("rate") > 0).fill_null(value=False),
        in_itself=pl.col("base") == pl.col("quote"),
    )


def cross_rates_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of CROSS_RATES."""
    reverse = rows.select("as_of", base="quote", quote="base", back="rate")
    both = rows.join(reverse, on=["as_of", "base", "quote"], how="left")
    return counted(
        both,
        duplicate_row=pl.struct("as_of", "base", "quote").is_duplicated(),
        not_positive=(pl.col("rate") <= 0).fill_null(value=False),
        rate_of_the_future=(pl.col("age_days") < 0).fill_null(value=False),
        not_its_reverse=((pl.col("rate") * pl.col("back") - 1).abs() > EXACT).fill_null(
            value=False
        ),
    )

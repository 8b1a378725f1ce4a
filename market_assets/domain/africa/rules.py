"""The rules that the neighbours' tables keep: counts the rows that break them."""

import polars as pl

from market_assets.domain.faults import counted

ROUNDING = 1e-9
"""How far the weights of a market may be from 1 through floating point."""


def daily_quotes_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of DAILY_QUOTES of several exchanges. Cairo's turnover is no money of its dollar prices."""
    numbers = [pl.col(name) for name in ("volume", "turnover", "trades", "market_cap")]
    return counted(
        rows,
        duplicate_row=pl.struct("mic", "ticker", "session").is_duplicated(),
        negative_number=pl.any_horizontal((n < 0).fill_null(value=False) for n in numbers),
        not_positive_close=(pl.col("close") <= 0).fill_null(value=False),
        confidence_out_of_range=~pl.col("confidence").is_between(0, 1).fill_null(value=False),
        number_without_capture=pl.col("capture_id").is_null(),
    )


def listings_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of LISTED by session."""
    return counted(rows, duplicate_row=pl.struct("session", "mic", "ticker").is_duplicated())


def returns_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of MARKET_RETURNS."""
    moved = pl.sum_horizontal("rising", "falling", "unchanged")
    return counted(
        rows,
        duplicate_row=pl.struct("mic", "session").is_duplicated(),
        lost_everything=(pl.col("return_equal") <= -1).fill_null(value=False),
        lines_not_accounted_for=moved != pl.col("lines"),
    )


def cross_market_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of CROSS_MARKET."""
    money = pl.col("measure").is_in(["market_cap", "turnover"])
    return counted(
        rows,
        duplicate_row=pl.struct("as_of", "mic", "measure", "currency").is_duplicated(),
        value_of_the_future=(pl.col("age_days") < 0).fill_null(value=False),
        negative_money=money & (pl.col("local_value") < 0).fill_null(value=False),
        value_without_local_value=pl.col("value").is_not_null() & pl.col("local_value").is_null(),
    )


def sector_weights_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of SECTOR_WEIGHTS; of ``weights_not_whole`` the markets and days."""
    weight = pl.col("weight")
    return counted(
        rows,
        duplicate_row=pl.struct("as_of", "mic", "icb_sector").is_duplicated(),
        no_weight=~(weight > 0).fill_null(value=False),
    ) | counted(
        rows.group_by("as_of", "mic").agg(weight.sum()),
        weights_not_whole=(weight - 1).abs() > ROUNDING,
    )


def correlations_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of CORRELATIONS."""
    return counted(
        rows,
        duplicate_row=pl.struct("as_of", "currency", "mic", "other_mic").is_duplicated(),
        correlation_out_of_range=pl.any_horizontal(
            ~pl.col(c).is_between(-1, 1).fill_null(value=True)
            for c in ("correlation", "correlation_local")
        ),
    )

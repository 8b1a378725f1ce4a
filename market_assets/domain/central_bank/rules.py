"""The rules that the central bank's tables keep: counts the rows that break them."""

import polars as pl

from market_assets.domain.central_bank.currentness import STATUSES
from market_assets.domain.faults import counted


def indicators_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of INDICATORS."""
    return counted(
        rows,
        duplicate_row=pl.struct("indicator_id", "reference_date").is_duplicated(),
        no_value=~pl.col("value").is_finite().fill_null(value=False),
        published_before_its_date=pl.col("publication_date") < pl.col("reference_date"),
        known_before_its_date=pl.col("known_at").dt.date() < pl.col("reference_date"),
        confidence_out_of_range=~pl.col("confidence").is_between(0, 1).fill_null(value=False),
    )


def exchange_rates_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of the agreed EXCHANGE_RATES."""
    sides = [pl.col(side) for side in ("mid", "bid", "ask")]
    return counted(
        rows,
        duplicate_row=pl.struct("currency", "reference_date", "kind").is_duplicated(),
        nothing_stated=pl.all_horizontal(side.is_null() for side in sides),
        not_positive=pl.any_horizontal(side <= 0 for side in [*sides, pl.col("unit_count")]),
        bid_above_ask=pl.col("bid") > pl.col("ask"),
    )


def treasury_curve_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of the agreed TREASURY_CURVE."""
    return counted(
        rows,
        duplicate_row=pl.struct("reference_date", "maturity_date").is_duplicated(),
        matured=pl.col("maturity_date") <= pl.col("reference_date"),
        negative_volume=pl.col("volume") < 0,
    )


def currentness_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of CURRENTNESS."""
    current = pl.col("status") == "current"
    return counted(
        rows,
        duplicate_row=pl.struct("session", "indicator_id").is_duplicated(),
        unknown_status=~pl.col("status").is_in(STATUSES).fill_null(value=False),
        old_value_shown=~current & pl.col("value").is_not_null(),
    )


def banking_metrics_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of BANKING_METRICS."""
    return counted(
        rows,
        duplicate_row=pl.struct("reference_date", "indicator_id").is_duplicated(),
        negative_amount=pl.col("value") < 0,
        share_out_of_range=~pl.col("share").is_between(0, 1),
    )

"""The rules that the central bank's tables keep: counts the rows that break them."""

from collections.abc import Sequence
from itertools import combinations

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


def subject_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of a table with a column for each indicator of a subject."""
    return counted(
        rows,
        duplicate_row=pl.col("reference_date").is_duplicated(),
        confidence_out_of_range=~pl.col("confidence").is_between(0, 1).fill_null(value=False),
    )


def rates_faults(rows: pl.DataFrame, *, rates: Sequence[str]) -> dict[str, int]:
    """Of a table whose columns ``rates`` are in percent."""
    out_of_range = pl.any_horizontal(~pl.col(rate).is_between(0, 100) for rate in rates)
    return subject_faults(rows) | counted(rows, rate_out_of_range=out_of_range)


def monetary_aggregates_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of MONETARY_AGGREGATES: M3 holds M2, which holds M1, which holds the currency."""
    held = [pl.col(name) for name in ("currency", "m1", "m2", "m3")]
    more_than_its_whole = pl.any_horizontal(part > whole for part, whole in combinations(held, 2))
    return subject_faults(rows) | counted(rows, more_than_its_whole=more_than_its_whole)


def banking_metrics_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of BANKING_METRICS."""
    return counted(
        rows,
        duplicate_row=pl.struct("reference_date", "indicator_id").is_duplicated(),
        negative_amount=pl.col("value") < 0,
        share_out_of_range=~pl.col("share").is_between(0, 1),
    )

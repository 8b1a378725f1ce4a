"""Each sector's volume by session, from its lines; weighs no sector against another."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from market_assets.domain.faults import counted
from market_assets.domain.volume.analysis import WINDOW_DAYS
from market_assets.domain.volume.gaps import stretches

AVERAGE_SESSIONS = 20

SECTOR_VOLUME_ANALYSIS = pl.Schema(
    {
        "sector": pl.String,
        "session": pl.Date,
        "lines": pl.Int64,
        "lines_with_volume": pl.Int64,
        "total_volume": pl.Int64,
        "total_turnover": pl.Float64,
        "mean_volume": pl.Float64,
        "volume_weighted_average_price": pl.Float64,
        "average_volume": pl.Float64,
        "volume_ratio": pl.Float64,
        "high_volume_lines": pl.Int64,
        "low_volume_lines": pl.Int64,
    }
)


def sector_volume_analysis(
    quotes: pl.DataFrame, analysis: pl.DataFrame, sessions: Sequence[date]
) -> pl.DataFrame:
    """Each sector and session in the schema SECTOR_VOLUME_ANALYSIS, by session and sector.

    ``quotes`` needs ticker, sector, session, status, volume and turnover; ``analysis`` is the
    volume analysis, of which the high and low flags are counted (0 for a session it lacks);
    ``sessions`` are those of the calendar from the first of ``quotes`` to the last. ``lines`` are
    those not suspended; lines whose sector nobody states are together under null.

    Totals are over the lines that state the figure (``lines_with_volume`` says how many state a
    volume) and null where none does; ``mean_volume`` is the total volume over those lines. The
    volume-weighted average price is turnover over volume of the lines that state both, in money per
    share. ``volume_ratio`` is the total over ``average_volume``, the mean total of the sector's 20
    sessions before, today excluded: null as long as they are not all there with a stated total or
    reach more than ``WINDOW_DAYS`` days back, where a session since the first of them is missing
    for the whole market, where that mean is 0, and where a line's volume is not stated.
    """
    flags = analysis.select("ticker", "session", "high_volume", "low_volume")
    volume, turnover = pl.col("volume"), pl.col("turnover")
    priced = volume.is_not_null() & turnover.is_not_null()
    shares, money = volume.filter(priced).sum(), turnover.filter(priced).sum()
    sectors = (
        quotes.filter(pl.col("status").ne_missing("S"))
        .join(flags, on=["ticker", "session"], how="left")
        .sort("sector", "session", "ticker")
        .group_by("sector", "session", maintain_order=True)
        .agg(
            lines=pl.len().cast(pl.Int64),
            lines_with_volume=volume.count().cast(pl.Int64),
            total_volume=_stated_sum(volume),
            total_turnover=_stated_sum(turnover),
            mean_volume=volume.mean(),
            volume_weighted_average_price=pl.when(shares > 0).then(money / shares),
            high_volume_lines=pl.col("high_volume").sum().cast(pl.Int64),
            low_volume_lines=pl.col("low_volume").sum().cast(pl.Int64),
        )
    )
    sectors = sectors.join(
        stretches(quotes, sessions), on="session", how="left", maintain_order="left"
    )
    stretch = pl.col("stretch")
    unbroken = stretch == stretch.shift(AVERAGE_SESSIONS).over("sector")
    total, session, average = pl.col("total_volume"), pl.col("session"), pl.col("average_volume")
    span = (session - session.shift(AVERAGE_SESSIONS)).dt.total_days().over("sector")
    whole = pl.col("lines_with_volume") == pl.col("lines")
    before = total.rolling_mean(AVERAGE_SESSIONS).shift(1).over("sector")
    return (
        sectors.with_columns(average_volume=pl.when(unbroken, span <= WINDOW_DAYS).then(before))
        .with_columns(volume_ratio=pl.when(average > 0, whole).then(total / average))
        .select(SECTOR_VOLUME_ANALYSIS.names())
        .sort("session", "sector")
    )


def _stated_sum(figure: pl.Expr) -> pl.Expr:
    return pl.when(figure.count() > 0).then(figure.sum())


def sector_volume_faults(sectors: pl.DataFrame) -> dict[str, int]:
    """How many rows break each rule the sector analysis keeps."""
    faults = {
        "missing_sector": pl.col("sector").is_null(),
        "duplicate_row": pl.struct("sector", "session").is_duplicated(),
        "negative_volume": pl.col("total_volume") < 0,
        "negative_turnover": pl.col("total_turnover") < 0,
        "more_lines_flagged_than_listed": pl.col("high_volume_lines") + pl.col("low_volume_lines")
        > pl.col("lines"),
        "ratio_without_average": pl.col("volume_ratio").is_not_null()
        & pl.col("average_volume").is_null(),
    }
    return counted(sectors, **faults)

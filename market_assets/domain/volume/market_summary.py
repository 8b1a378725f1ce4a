"""One row for each session of a market: its volume, its breadth and its most active line."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from market_assets.domain.faults import counted
from market_assets.domain.volume.analysis import WINDOW_DAYS
from market_assets.domain.volume.gaps import with_missing_sessions

MARKET_VOLUME_SUMMARY = pl.Schema(
    {
        "session": pl.Date,
        "total_volume": pl.Int64,
        "total_turnover": pl.Float64,
        "mean_volume": pl.Float64,
        "median_volume": pl.Float64,
        "volume_p10": pl.Float64,
        "volume_p90": pl.Float64,
        "listed": pl.Int64,
        "traded": pl.Int64,
        "untraded": pl.Int64,
        "suspended": pl.Int64,
        "unstated": pl.Int64,
        "rising": pl.Int64,
        "falling": pl.Int64,
        "unchanged": pl.Int64,
        "most_active": pl.String,
        "most_active_turnover": pl.Float64,
    }
)


def market_volume_summary(quotes: pl.DataFrame, sessions: Sequence[date]) -> pl.DataFrame:
    """Each session of one market in the schema MARKET_VOLUME_SUMMARY, by session.

    ``quotes`` needs ticker, session, status, close, volume and turnover; ``sessions`` are those of
    the calendar from the first of ``quotes`` to the last. A line is suspended by its
    status, else traded where its volume is above 0, untraded where it is 0 and unstated where
    nobody gives it; these four make up ``listed``.

    Totals are over the lines that state the figure, null where none does. Mean, median and the 10th
    and 90th percentile of volume are over traded lines; percentiles interpolate linearly between
    the two nearest (numpy's default). ``rising``, ``falling`` and ``unchanged`` compare the closes
    of traded lines with that line's session before (suspended ones stepped over, at most
    ``WINDOW_DAYS`` days ago); a line with either close missing, be it with its whole session, is in
    none of them. ``most_active``
    has the highest turnover of the session, of equals the first by ticker.
    """
    volume, turnover, close = pl.col("volume"), pl.col("turnover"), pl.col("close")
    suspended = pl.col("status").eq_missing("S")
    whole = with_missing_sessions(quotes, sessions)
    active = whole.filter(~suspended).sort("ticker", "session")
    recent = pl.col("session").diff().dt.total_days().over("ticker") <= WINDOW_DAYS
    moves = active.select(
        "ticker",
        "session",
        move=pl.when(recent & (volume > 0)).then((close - close.shift().over("ticker")).sign()),
    )
    rows = quotes.join(moves, on=["ticker", "session"], how="left").sort("session", "ticker")
    open_volume = volume.filter(~suspended)
    traded = open_volume.filter(open_volume > 0)
    most = turnover.filter(~suspended & turnover.is_not_null()).arg_max()
    counts = {
        "listed": pl.len(),
        "traded": (open_volume > 0).sum(),
        "untraded": (open_volume == 0).sum(),
        "suspended": suspended.sum(),
        "unstated": open_volume.null_count(),
        "rising": (pl.col("move") > 0).sum(),
        "falling": (pl.col("move") < 0).sum(),
        "unchanged": (pl.col("move") == 0).sum(),
    }
    named = pl.col("ticker").filter(~suspended & turnover.is_not_null())
    return (
        rows.group_by("session", maintain_order=True)
        .agg(
            total_volume=pl.when(open_volume.count() > 0).then(open_volume.sum()),
            total_turnover=pl.when(most.is_not_null()).then(turnover.filter(~suspended).sum()),
            mean_volume=traded.mean(),
            median_volume=traded.median(),
            volume_p10=traded.quantile(0.1, interpolation="linear"),
            volume_p90=traded.quantile(0.9, interpolation="linear"),
            most_active=named.get(most, null_on_oob=True),
            most_active_turnover=turnover.filter(~suspended).max(),
            **{name: count.cast(pl.Int64) for name, count in counts.items()},
        )
        .select(MARKET_VOLUME_SUMMARY.names())
    )


def market_summary_faults(summary: pl.DataFrame) -> dict[str, int]:
    """How many rows break each rule the summary keeps."""
    kinds = pl.sum_horizontal("traded", "untraded", "suspended", "unstated")
    faults = {
        "duplicate_row": pl.col("session").is_duplicated(),
        "negative_volume": pl.col("total_volume") < 0,
        "kinds_do_not_make_up_listed": kinds != pl.col("listed"),
        "more_moves_than_traded": pl.sum_horizontal("rising", "falling", "unchanged")
        > pl.col("traded"),
        "percentiles_out_of_order": (pl.col("volume_p10") > pl.col("median_volume"))
        | (pl.col("median_volume") > pl.col("volume_p90")),
        "most_active_above_total": pl.col("most_active_turnover") > pl.col("total_turnover"),
    }
    return counted(summary, **faults)

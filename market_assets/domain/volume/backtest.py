"""How often each rule of the volume alerts would have fired, and on which lines."""

import polars as pl

from market_assets.domain.volume.alerts import ABOVE, BELOW

BY_RULE = pl.Schema(
    {
        "alert_type": pl.String,
        "alerts": pl.Int64,
        "told": pl.Int64,
        "sessions": pl.Int64,
        "per_session": pl.Float64,
        "busiest": pl.Int64,
        "lines": pl.Int64,
    }
)
BY_LINE = pl.Schema(
    {"alert_type": pl.String, "ticker": pl.String, "alerts": pl.Int64, "told": pl.Int64}
)


def fired(notices: pl.DataFrame, *, sessions: int, least: float) -> pl.DataFrame:
    """One row for each rule, in the schema BY_RULE; a rule that never fired has zeros.

    ``notices`` (NOTICES) are the alerts of ``sessions`` sessions. ``told`` are those with at least
    the confidence ``least``; ``sessions`` those with any, ``busiest`` the most in one of them,
    ``per_session`` the mean over all.
    """
    told = pl.col("confidence") >= least
    daily = notices.group_by("alert_type", "session").len("count")
    busiest = daily.group_by("alert_type").agg(busiest=pl.col("count").max())
    counted = notices.group_by("alert_type").agg(
        alerts=pl.len(),
        told=told.sum(),
        sessions=pl.col("session").n_unique(),
        lines=pl.col("ticker").n_unique(),
    )
    return (
        pl.DataFrame({"alert_type": ABOVE + BELOW})
        .join(counted, on="alert_type", how="left", maintain_order="left")
        .join(busiest, on="alert_type", how="left", maintain_order="left")
        .with_columns(pl.col("alerts", "told", "sessions", "lines", "busiest").fill_null(0))
        .with_columns(per_session=pl.col("alerts") / sessions)
        .select(BY_RULE.names())
        .cast(BY_RULE)
    )


def fired_on(notices: pl.DataFrame, *, least: float, size: int) -> pl.DataFrame:
    """The ``size`` lines on which each rule fired most, in the schema BY_LINE."""
    rules = pl.Enum(ABOVE + BELOW)
    return (
        notices.group_by("alert_type", "ticker")
        .agg(alerts=pl.len(), told=(pl.col("confidence") >= least).sum())
        .sort(
            pl.col("alert_type").cast(rules),
            "alerts",
            "ticker",
            descending=[False, True, False],
        )
        .group_by("alert_type", maintain_order=True)
        .head(size)
        .select(BY_LINE.names())
        .cast(BY_LINE)
    )

"""The tables of the volume analytics: each asset reads the sessions its windows need, no more."""

from datetime import date, timedelta
from typing import Any

import dagster as dg
import polars as pl

from market_assets.calendars.sessions import sessions_between
from market_assets.defs.graph import ONE_RUN, OWNERS, WAREHOUSE_POOL
from market_assets.defs.platform import Platform
from market_assets.defs.reconciliation import DAILY_QUOTES
from market_assets.defs.tables import Written, sessions_before
from market_assets.defs.window import MIC, MONTHS, SessionWindow, Window
from market_assets.domain import alerts, market_summary, sectors, trends, volume

ANALYSIS = dg.AssetKey(["casablanca", "volume_analysis"])
ALERTS = dg.AssetKey(["casablanca", "volume_alerts"])
TRENDS = dg.AssetKey(["casablanca", "volume_trends"])
SECTORS = dg.AssetKey(["casablanca", "sector_volume_analysis"])
SUMMARY = dg.AssetKey(["casablanca", "market_volume_summary"])
MONTH_OF_SESSIONS = 31
"""At least the sessions of a month and a week: trends are made of whole ones."""

MART: dict[str, Any] = {
    "group_name": "casablanca",
    "kinds": {"polars", "duckdb"},
    "owners": OWNERS,
    "pool": WAREHOUSE_POOL,
    "partitions_def": MONTHS,
    "backfill_policy": ONE_RUN,
}
HISTORY = dg.AssetIn(DAILY_QUOTES, metadata=sessions_before(volume.HISTORY_SESSIONS))


@dg.asset(key=ANALYSIS, ins={"daily_quotes": HISTORY}, **MART)
def volume_analysis(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
    daily_quotes: pl.DataFrame,
) -> pl.DataFrame:
    """Each line's volume beside its own past: averages, ratio, change, volatility, correlation."""
    thresholds = platform.settings.alerts
    analysis = volume.volume_analysis(daily_quotes, high=thresholds.high, low=thresholds.low)
    return _within(analysis, window.of(context.partition_keys))


@dg.asset(key=ALERTS, deps=[ANALYSIS], **MART)
def volume_alerts(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """High and low volume against the average, spikes and drops against the session before.

    The alerts of the session that was newest until now are written again, no longer active.
    """
    days = window.of(context.partition_keys)
    tables, thresholds = platform.warehouse, platform.settings.alerts
    table = "casablanca.volume_alerts"
    first = min([days.first, *tables.newest_sessions(table, before=days.first, count=1)])
    analysis = tables.read("casablanca.volume_analysis", first=first, last=days.last)
    newest = tables.newest_sessions("casablanca.daily_quotes", before=date.max, count=1)
    rows = alerts.volume_alerts(
        pl.DataFrame(schema=volume.VOLUME_ANALYSIS) if analysis is None else analysis,
        high=thresholds.high,
        low=thresholds.low,
        spike=thresholds.spike,
        drop=thresholds.drop,
    )
    return Written(rows.with_columns(is_active=pl.col("session").is_in(newest)), first=first)


@dg.asset(
    key=TRENDS,
    ins={"daily_quotes": dg.AssetIn(DAILY_QUOTES, metadata=sessions_before(MONTH_OF_SESSIONS))},
    metadata={"session_column": "period_start"},
    **MART,
)
def volume_trends(
    context: dg.AssetExecutionContext, window: SessionWindow, daily_quotes: pl.DataFrame
) -> Written:
    """Each line's weeks and months: totals and extremes, and which way volume went."""
    days = window.of(context.partition_keys)
    first = min(_starts(days.first).values())
    whole = daily_quotes.filter(pl.col("session") >= first)
    rows = trends.volume_trends(whole, _sessions_due(first, days.last))
    return Written(rows.filter(pl.col("period_start") >= first), first=first)


@dg.asset(
    key=SECTORS,
    ins={
        "daily_quotes": HISTORY,
        "volume_analysis": dg.AssetIn(ANALYSIS),
    },
    **MART,
)
def sector_volume_analysis(
    context: dg.AssetExecutionContext,
    window: SessionWindow,
    daily_quotes: pl.DataFrame,
    volume_analysis: pl.DataFrame,
) -> pl.DataFrame:
    """Each sector's volume, turnover and volume-weighted average price by session."""
    rows = sectors.sector_volume_analysis(daily_quotes, volume_analysis)
    return _within(rows, window.of(context.partition_keys))


@dg.asset(key=SUMMARY, ins={"daily_quotes": HISTORY}, **MART)
def market_volume_summary(
    context: dg.AssetExecutionContext, window: SessionWindow, daily_quotes: pl.DataFrame
) -> pl.DataFrame:
    """One row for each session: volume, distribution, breadth, most active line."""
    rows = market_summary.market_volume_summary(daily_quotes)
    return _within(rows, window.of(context.partition_keys))


ASSETS = [
    volume_analysis,
    volume_alerts,
    volume_trends,
    sector_volume_analysis,
    market_volume_summary,
]


def _within(rows: pl.DataFrame, days: Window) -> pl.DataFrame:
    return rows.filter(pl.col("session").is_between(days.first, days.last))


def _starts(day: date) -> dict[str, date]:
    """The first day of each period that ``day`` is in."""
    return {"week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}


def _sessions_due(first: date, last: date) -> pl.DataFrame:
    """How many sessions the calendar has in each week and month that begins from ``first`` on."""
    until = last + timedelta(days=31)
    rows = [
        (period, start)
        for session in sessions_between(MIC, first, until)
        for period, start in _starts(session).items()
    ]
    frame = pl.DataFrame(rows, schema={"period": pl.String, "period_start": pl.Date}, orient="row")
    return frame.group_by("period", "period_start").agg(sessions=pl.len().cast(pl.Int64))

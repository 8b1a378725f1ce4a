"""The tables of the volume analytics: each asset reads the sessions its windows need, no more."""

from datetime import date, timedelta

import dagster as dg
import polars as pl

from market_assets.defs.casablanca.reconciliation import DAILY_QUOTES
from market_assets.defs.graph import table
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.reach import Reach, last_changed, reached
from market_assets.defs.tables import Written, known_rows, rewritten, table_name
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.volume import alerts, analysis, market_summary, sectors, trends
from market_assets.domain.volume.gaps import with_missing_sessions

QUOTES = table_name(DAILY_QUOTES)
ANALYSIS = dg.AssetKey(["casablanca", "volume_analysis"])
ALERTS = dg.AssetKey(["casablanca", "volume_alerts"])
TRENDS = dg.AssetKey(["casablanca", "volume_trends"])
SECTORS = dg.AssetKey(["casablanca", "sector_volume_analysis"])
SUMMARY = dg.AssetKey(["casablanca", "market_volume_summary"])
MONTH = timedelta(days=31)
"""At least what is left of a week or month in progress: trends are made of whole ones."""

MART = table(CASABLANCA, CASABLANCA.name)
REACH = timedelta(days=analysis.WINDOW_DAYS)
"""How far after a session its volume still is in somebody's window."""


def _days(context: dg.AssetExecutionContext, window: SessionWindow) -> Window:
    """The sessions of the run, and the one after a gap that it filled."""
    own = window.of(CASABLANCA, context.partition_keys)
    return rewritten(context, CASABLANCA, DAILY_QUOTES, own)


def _reach(platform: Platform, days: Window) -> Reach:
    return reached(platform, CASABLANCA, QUOTES, days, back=analysis.HISTORY_SESSIONS, ahead=REACH)


@dg.asset(key=ANALYSIS, deps=[DAILY_QUOTES], **MART)
def volume_analysis(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """Each line's volume beside its own past: averages, ratio, change, volatility, correlation."""
    reach = _reach(platform, _days(context, window))
    thresholds = platform.settings.alerts
    history, row = reach.rows, ["ticker", "session"]
    whole = with_missing_sessions(history, reach.sessions)
    rows = analysis.volume_analysis(whole, high=thresholds.high, low=thresholds.low)
    return reach.written(rows.join(history, on=row, how="semi", maintain_order="left"))


@dg.asset(key=ALERTS, deps=[ANALYSIS], **MART)
def volume_alerts(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """High and low volume against the average, spikes and drops against the session before.

    The alerts of the session that was newest until now are written again, no longer active.
    """
    days = _days(context, window)
    tables, thresholds = platform.warehouse, platform.settings.alerts
    before = tables.newest_sessions(table_name(ALERTS), before=days.first, count=1)
    first = min([days.first, *before])
    last = last_changed(platform, QUOTES, days, ahead=REACH)
    analysed = known_rows(platform, table_name(ANALYSIS), first=first, last=last)
    newest = tables.newest_sessions(QUOTES, before=date.max, count=1)
    rows = alerts.volume_alerts(
        analysed,
        newest=max(newest, default=None),
        high=thresholds.high,
        low=thresholds.low,
        spike=thresholds.spike,
        drop=thresholds.drop,
    )
    return Written(rows, first=first, last=last)


@dg.asset(key=TRENDS, deps=[DAILY_QUOTES], metadata={"session_column": "period_start"}, **MART)
def volume_trends(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """Each line's weeks and months: totals and extremes, and which way volume went."""
    days = _days(context, window)
    first, until = whole_periods(days)
    whole = known_rows(platform, QUOTES, first=first, last=until)
    rows = trends.volume_trends(whole, _sessions_due(first, until))
    touched = pl.col("period_start").is_between(first, days.last)
    return Written(rows.filter(touched), first=first, last=days.last)


@dg.asset(key=SECTORS, deps=[DAILY_QUOTES, ANALYSIS], **MART)
def sector_volume_analysis(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """Each sector's volume, turnover and volume-weighted average price by session."""
    reach = _reach(platform, _days(context, window))
    analysed = known_rows(platform, table_name(ANALYSIS), first=reach.first, last=reach.last)
    rows = sectors.sector_volume_analysis(reach.rows, analysed, reach.sessions)
    return reach.written(rows)


@dg.asset(key=SUMMARY, deps=[DAILY_QUOTES], **MART)
def market_volume_summary(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """One row for each session: volume, distribution, breadth, most active line."""
    reach = _reach(platform, _days(context, window))
    return reach.written(market_summary.market_volume_summary(reach.rows, reach.sessions))


ASSETS = [
    volume_analysis,
    volume_alerts,
    volume_trends,
    sector_volume_analysis,
    market_volume_summary,
]


def whole_periods(days: Window) -> tuple[date, date]:
    """The first and the last day of the weeks and months that ``days`` are in, or later.

    The calendar may end before them.
    """
    return min(_starts(days.first).values()), CASABLANCA.ahead(days.last, MONTH)


def _starts(day: date) -> dict[str, date]:
    """The first day of each period that ``day`` is in."""
    return {"week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}


def _sessions_due(first: date, until: date) -> pl.DataFrame:
    """How many sessions the calendar has in each week and month that begins from ``first`` on."""
    rows = [
        (period, start)
        for session in CASABLANCA.sessions(first, until)
        for period, start in _starts(session).items()
    ]
    frame = pl.DataFrame(rows, schema={"period": pl.String, "period_start": pl.Date}, orient="row")
    return frame.group_by("period", "period_start").agg(sessions=pl.len().cast(pl.Int64))

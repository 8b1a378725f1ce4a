"""The checks: one step for each table, a named result for each fault; the rules are in domain/.

Structural faults are errors and block what comes after; implausible values warn.
"""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from market_assets.calendars.sessions import newest_closed_session
from market_assets.defs.casablanca import analytics
from market_assets.defs.casablanca.reconciliation import (
    DAILY_QUOTES,
    DATA_QUALITY,
    DISAGREEMENTS,
)
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.plausibility import Found, put_aside, rows_of, stated_alone, warnings
from market_assets.defs.table_checks import errors, mart_checks
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import Window
from market_assets.domain.quotes import quality, reconcile
from market_assets.domain.quotes.soundness import plausibility_faults, structural_faults
from market_assets.domain.refusals import Kind
from market_assets.domain.volume import alerts, analysis, market_summary, sectors, trends
from market_assets.sources.casablanca.lines import casablanca_lines

STRUCTURAL = {
    "no_row_at_all": "Not one row in all the sessions of the run.",
    "duplicate_row": "More than one row for a line and session.",
    "not_a_session": "A row on a day without a session.",
    "unknown_line": "A row of a line that is not listed.",
    "negative_number": "A negative volume or turnover.",
    "broken_unit_rule": "turnover / volume is not between low and high.",
    "confidence_out_of_range": "A confidence that is not between 0 and 1.",
    "number_without_capture": "A row that cannot be traced to captured bytes.",
}
PLAUSIBLE = {
    "missing_session": "A session of the calendar without any row.",
    "missing_volume": "Lines and sessions, not suspended, without a stated volume.",
    "low_confidence": "Rows whose confidence is below one half.",
    "price_limit_broken": "Moves beyond the exchange's limit of the day.",
    "uncorroborated": "Rows that only one source states.",
    "stale": "Sessions that have closed since the newest row; a run about older ones says nothing.",
}
TOLERATED = {"missing_volume": 0.05, "low_confidence": 0.05, "uncorroborated": 0.2}
"""Share of the rows that may have the fault before it is reported; of the others none may."""

DUE_HOURS = 4
"""Hours after a close before its session counts as missing: sources revise until the evening."""


@errors(CASABLANCA, DAILY_QUOTES, STRUCTURAL)
def daily_quotes_are_sound(platform: Platform, days: Window) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rules that no reconciled row may break."""
    daily_quotes = rows_of(platform, DAILY_QUOTES, days)
    faults = structural_faults(daily_quotes, sessions=days.sessions, tickers=_tickers())
    return daily_quotes, faults | {"no_row_at_all": int(daily_quotes.is_empty())}


@warnings(CASABLANCA, DAILY_QUOTES, PLAUSIBLE, tolerated=TOLERATED)
def daily_quotes_are_plausible(platform: Platform, days: Window) -> Found:
    """What a person should look at before relying on it."""
    table = table_name(DAILY_QUOTES)
    before = CASABLANCA.before(days.first, 1)
    daily_quotes = known_rows(platform, table, first=before, last=days.last)
    newest = platform.warehouse.newest_sessions(table, before=date.max, count=1)
    since = _sessions_since(newest[-1] if newest else days.first, until=days.last)
    return Found(
        counts=plausibility_faults(daily_quotes, sessions=days.sessions, tickers=_tickers())
        | {"stale": since},
        rows=daily_quotes.filter(pl.col("session") >= days.first).height,
        where={"uncorroborated": stated_alone(daily_quotes)},
    )


SERVICE: dict[str, tuple[Kind, str]] = {
    "ghost_session": ("ghost_session", "Sources that replayed the session before."),
    "lagging_source": ("lag", "Sources that still showed an earlier session."),
    "unit_rule": ("unit_rule", "Sources whose turnover / volume is not between low and high."),
    "doubled_rows": ("duplicate_row", "Sources that stated a line twice."),
    "contradicting_rows": ("conflicting_rows", "Sources that contradict themselves."),
    "provisional_rows": ("before_close", "Rows fetched before their session had closed."),
    "impossible_prices": ("impossible_price", "Rows whose prices contradict each other."),
    "days_without_session": ("not_a_session", "Rows on a day without a session."),
    "copied_pages": ("same_bytes", "Pages whose bytes came under two sources' names."),
    "unlisted_lines": ("unknown_line", "Sources that state lines that are not listed."),
}
"""The kind of refusal in the quarantine that each check looks for."""
LEAST_SCORE = 0.5
SERVED = {
    **{name: text for name, (_, text) in SERVICE.items()},
    "silent_source": "Sources without any row in a session.",
    "low_score": f"Sources and sessions with a quality score below {LEAST_SCORE}.",
}


@warnings(CASABLANCA, DATA_QUALITY, SERVED)
def sources_served_well(platform: Platform, days: Window) -> Found:
    """Which sources failed in which sessions; none of it stops the others."""
    refused = put_aside(platform, CASABLANCA, days)
    volume_data_quality = rows_of(platform, DATA_QUALITY, days)
    low = volume_data_quality.filter(pl.col("score") < LEAST_SCORE)
    silent = volume_data_quality.filter(pl.col("validity").is_null())
    places = {
        name: _sessions_and_sources(refused.filter(pl.col("kind") == kind))
        for name, (kind, _) in SERVICE.items()
    } | {"silent_source": _sessions_and_sources(silent)}
    return Found(
        counts={name: len(where) for name, where in places.items()} | {"low_score": low.height},
        rows=volume_data_quality.height,
        where=places | {"low_score": worst_of_each(low)},
    )


def _sessions_and_sources(found: pl.DataFrame) -> list[str]:
    found = found.select("session", "source").unique().sort("session", "source", descending=True)
    return found.select(pl.format("{} {}", "session", "source")).to_series().to_list()


def worst_of_each(low: pl.DataFrame) -> list[str]:
    """A line for each source, the one with the lowest score first: how often, and the worst."""
    issues = pl.format(" ({})", "issues").fill_null("")
    said = ("source", pl.len().over("source"), pl.col("score").round(2), "session", issues)
    return (
        low.sort("score", "session")
        .with_columns(said=pl.format("{} in {} sessions, down to {} on {}{}", *said))
        .unique("source", keep="first", maintain_order=True)["said"]
        .to_list()
    )


def _tickers() -> list[str]:
    return [line.ticker for line in casablanca_lines()]


def _sessions_since(last: date, *, until: date) -> int:
    """Sessions after ``last`` whose figures are due by now; none in a run that ends before them."""
    due = newest_closed_session(CASABLANCA.mic, datetime.now(UTC) - timedelta(hours=DUE_HOURS))
    return len(CASABLANCA.sessions(last, due)) - 1 if until >= due > last else 0


CHECKS = [
    daily_quotes_are_sound,
    daily_quotes_are_plausible,
    sources_served_well,
    mart_checks(
        CASABLANCA, analytics.ANALYSIS, analysis.VOLUME_ANALYSIS, analysis.volume_analysis_faults
    ),
    mart_checks(CASABLANCA, analytics.ALERTS, alerts.VOLUME_ALERTS, alerts.volume_alerts_faults),
    mart_checks(CASABLANCA, analytics.TRENDS, trends.VOLUME_TRENDS, trends.volume_trends_faults),
    mart_checks(
        CASABLANCA, analytics.SECTORS, sectors.SECTOR_VOLUME_ANALYSIS, sectors.sector_volume_faults
    ),
    mart_checks(
        CASABLANCA,
        analytics.SUMMARY,
        market_summary.MARKET_VOLUME_SUMMARY,
        market_summary.market_summary_faults,
    ),
    mart_checks(
        CASABLANCA, DATA_QUALITY, quality.VOLUME_DATA_QUALITY, quality.volume_data_quality_faults
    ),
    mart_checks(CASABLANCA, DISAGREEMENTS, reconcile.DISAGREEMENTS, reconcile.disagreements_faults),
]

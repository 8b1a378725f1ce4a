"""The published volume alerts with the confidence of what they compare."""

from datetime import date

import polars as pl

from market_assets.domain.volume.alerts import volume_alerts
from market_assets.domain.volume.notices import with_confidence
from market_assets.settings import AlertThresholds
from market_assets.warehouse.reader import Published

QUOTES = "SELECT ticker, session, status, volume_confidence FROM casablanca.daily_quotes"


def newest_session(published: Published) -> date | None:
    """The newest session of Casablanca that is published; None where there is none."""
    return published.query("SELECT max(session) FROM casablanca.daily_quotes").item()


def notices_of(published: Published, session: date) -> pl.DataFrame:
    """The published alerts of ``session``, in the schema NOTICES."""
    rows = published.query("FROM casablanca.volume_alerts WHERE session = ?", [session])
    return with_confidence(rows, published.query(QUOTES))


def notices_by(
    published: Published, thresholds: AlertThresholds, sessions: list[date]
) -> pl.DataFrame:
    """The alerts that ``thresholds`` give for ``sessions``, whatever those were that were built."""
    analysed = published.query(
        "FROM casablanca.volume_analysis WHERE session BETWEEN ? AND ?",
        [sessions[0], sessions[-1]],
    )
    alerts = volume_alerts(
        analysed,
        newest=None,
        high=thresholds.high,
        low=thresholds.low,
        spike=thresholds.spike,
        drop=thresholds.drop,
    )
    return with_confidence(alerts, published.query(QUOTES))


def last_sessions(published: Published, count: int) -> list[date]:
    """The newest ``count`` published sessions of Casablanca, ascending, or as many as there are."""
    query = "SELECT DISTINCT session FROM casablanca.daily_quotes ORDER BY 1 DESC LIMIT ?"
    return published.query(query, [count])["session"].to_list()[::-1]

"""A company's figures with their sources, its alerts, its sessions."""

import polars as pl

from market_assets.serving.dashboard import alerts as marks
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, Rows, table

QUOTES = "casablanca.daily_quotes"
ALERTS = "casablanca.volume_alerts"
OF_LINE = f"""
SELECT session, alert_type, volume, ratio, threshold, message, ticker FROM {ALERTS}
WHERE ticker = ? ORDER BY session DESC, alert_type
"""


def alerts_of(data: Data, ticker: str) -> pl.DataFrame | None:
    """The alerts of a company, None before they are published."""
    return data.rows(OF_LINE, ticker) if data.publishes(ALERTS) else None


def figures(data: Data, ticker: str, found: pl.DataFrame) -> None:
    """Every published number of the company, with its confidence and sources."""
    table(
        data,
        found,
        title="Behind each number",
        name=f"{ticker}-figures",
        of=QUOTES,
        origin=Rows(table=None, line="line", day="session"),
        columns={
            "figure": Column("Figure"),
            "value": Column("Value"),
            "unit": Column("Unit"),
            "session": Column("Of", "day"),
            "confidence": Column("Confidence", "price"),
            "sources": Column("Sources"),
            "table": Column("Table"),
        },
    )


def alerts(data: Data, ticker: str, found: pl.DataFrame | None) -> None:
    """What ``alerts_of`` found."""
    if found is None:
        return
    table(
        data,
        found.with_columns(alert=pl.col("alert_type").replace(marks.WORDS)),
        title=f"Alerts: {found.height}",
        name=f"{ticker}-alerts",
        of=ALERTS,
        origin=Rows(table=ALERTS, line="ticker", day="session"),
        columns={
            "session": Column("Session", "day"),
            "alert": Column("Alert"),
            "message": Column("What happened"),
            "ratio": Column("Ratio", "price"),
            "threshold": Column("Threshold", "price"),
        },
    )


def quotes(data: Data, ticker: str, history: pl.DataFrame) -> None:
    """Every session, the newest first."""
    table(
        data,
        history.reverse(),
        title="Every session",
        name=f"{ticker}-quotes",
        of=QUOTES,
        origin=Rows(table=QUOTES, line="ticker", day="session"),
        columns={
            "session": Column("Session", "day"),
            "status": Column("Status"),
            "open": Column("Open", "price"),
            "high": Column("High", "price"),
            "low": Column("Low", "price"),
            "close": Column("Close, MAD", "price"),
            "volume": Column("Volume, shares", "whole"),
            "turnover": Column("Turnover, MAD", "whole"),
            "trades": Column("Trades", "whole"),
            "confidence": Column("Confidence", "price"),
            "sources": Column("Sources"),
        },
    )

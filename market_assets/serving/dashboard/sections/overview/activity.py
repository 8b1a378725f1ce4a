"""What was traded most on a session, and what was unusual."""

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import alerts, charts, fields
from market_assets.serving.dashboard.frame import nothing
from market_assets.serving.dashboard.numbers import plain
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, Rows, table

ACTIVE = """
SELECT quoted.ticker, quoted.name, quoted.sector, quoted.session, quoted.close, quoted.volume,
    quoted.turnover, volume_ratio, quoted.confidence
FROM casablanca.daily_quotes quoted
LEFT JOIN casablanca.volume_analysis USING (ticker, session)
WHERE quoted.session = ? AND quoted.turnover > 0 ORDER BY quoted.turnover DESC, quoted.ticker
LIMIT ?
"""
ALERTS = """
SELECT ticker, alert_type, session, volume, ratio, threshold, message
FROM casablanca.volume_alerts WHERE session = ? ORDER BY alert_type, ratio DESC, ticker
"""
MOST_ACTIVE = 12


def most_active(data: Data, session: object) -> None:
    """The lines with the highest turnover, drawn and in figures."""
    rows = data.rows(ACTIVE, session, MOST_ACTIVE)
    if rows.is_empty():
        nothing("Nothing traded", "No line has a turnover on this session.")
        return
    figure = fields.lying_bars(
        rows["ticker"].to_list(),
        (rows["turnover"] / 1e6).to_list(),
        [plain(value / 1e6, digits=1) for value in rows["turnover"]],
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        charts.shown(
            data,
            figure,
            title="Most active",
            name="active",
            unit="Turnover, million MAD",
            height=charts.ROW * rows.height + 80,
        )
    with right:
        table(
            data,
            rows,
            title="Their figures",
            name="most-active",
            of="casablanca.daily_quotes",
            origin=Rows(
                table="casablanca.daily_quotes", line="ticker", day="session", company=True
            ),
            columns={
                "ticker": Column("Ticker"),
                "name": Column("Name"),
                "close": Column("Close, MAD", "price"),
                "volume": Column("Volume, shares", "whole"),
                "turnover": Column("Turnover, MAD", "whole"),
                "volume_ratio": Column("× average", "price", "Volume over its 20-session average"),
                "confidence": Column("Confidence", "price"),
            },
        )


def alerts_of(data: Data, session: object) -> None:
    """The alerts of ``session``."""
    if not data.publishes("casablanca.volume_alerts"):
        return
    rows = data.rows(ALERTS, session)
    marked = rows.with_columns(kind=pl.col("alert_type").replace(alerts.WORDS))
    table(
        data,
        marked,
        title=f"Alerts of the day: {rows.height}",
        name="alerts",
        of="casablanca.volume_alerts",
        origin=Rows(table="casablanca.volume_alerts", line="ticker", day="session", company=True),
        columns={
            "kind": Column("Alert"),
            "ticker": Column("Ticker"),
            "message": Column("What happened"),
            "volume": Column("Volume, shares", "whole"),
            "ratio": Column("Ratio", "price"),
            "threshold": Column("Threshold", "price"),
        },
    )

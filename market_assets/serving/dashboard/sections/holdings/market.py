"""All holdings together: breadth, their sum, what came new, what may be bought."""

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import charts, periods
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, Rows, table


def breadth_and_sum(data: Data, period: int) -> None:
    """How many stocks more or less is held of, and of how many shares in all."""
    if not data.has("hkex.southbound_breadth"):
        return
    rows = data.rows("FROM hkex.southbound_breadth ORDER BY session")
    seen = periods.cut(rows, period)
    left, right = st.columns(2, gap="large")
    with left:
        charts.shown(
            data,
            charts.breadth(seen),
            title="Breadth of the holdings",
            name="breadth",
            unit="Stocks of which more (▲) and less (▼) is held than the session before",
        )
    with right:
        billions = seen.with_columns(pl.col("total_shares") / 1e9)
        figure = charts.lines(
            billions, [Series(column="total_shares", name="all stocks", digits=3)], from_zero=False
        )
        charts.shown(
            data,
            figure,
            title="All shares held",
            name="total",
            unit="Billion shares; the axis does not start at 0",
        )


def newcomers(data: Data) -> None:
    """Stocks that entered the holdings."""
    if not data.publishes("hkex.new_holdings"):
        return
    table(
        data,
        data.rows("FROM hkex.new_holdings ORDER BY session DESC, code"),
        title="New holdings",
        name="new-holdings",
        of="hkex.new_holdings",
        origin=Rows(table="hkex.new_holdings", line="code", day="session"),
        columns={
            "session": Column("Session", "day"),
            "code": Column("Code"),
            "name": Column("Name"),
            "shares": Column("Shares", "whole"),
            "percent": Column("% of issued", "price"),
            "entry": Column("Entry"),
            "status": Column("Status"),
            "replaces": Column("Goes on from"),
        },
    )


def eligibility(data: Data) -> None:
    """Stocks that may be bought since a day, or no more."""
    if not data.publishes("hkex.southbound_eligibility"):
        return
    table(
        data,
        data.rows("FROM hkex.southbound_eligibility ORDER BY session DESC, code, channel"),
        title="Eligibility changes",
        name="eligibility",
        of="hkex.southbound_eligibility",
        origin=Rows(table="hkex.southbound_eligibility", line="code", day="session"),
        columns={
            "session": Column("List of", "day"),
            "code": Column("Code"),
            "name": Column("Name"),
            "channel": Column("Channel"),
            "change": Column("Change"),
            "list_before": Column("List before", "day"),
        },
    )

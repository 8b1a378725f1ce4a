"""What is held of one stock: its newest numbers, its history, who holds it."""

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import charts, periods
from market_assets.serving.dashboard.cards import Card, Origin, cards
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import day, nothing
from market_assets.serving.dashboard.numbers import plain, scaled, signed
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, Rows, table

HOLDINGS = "hkex.southbound_holdings"
HISTORY = f"FROM {HOLDINGS} WHERE code = ? ORDER BY session"
DELTAS = """
SELECT horizon, base_session, change_shares, change_pct, change_points, status
FROM hkex.holding_deltas WHERE code = ? AND session = ? ORDER BY horizon
"""


def held(data: Data, code: str, name: str, period: int) -> None:
    """Of the stock ``code``: numbers, shares and percent over time, every session."""
    history = data.rows(HISTORY, code)
    row = history.row(-1, named=True)
    session = row["session"]
    origin = Origin(table=HOLDINGS, line=code, session=session)
    shares = scaled(row["shares"], "shares")
    told = [
        Card(
            label=f"{code} · {name}",
            value=shares[0],
            unit=shares[1],
            note=day(session),
            origin=origin,
        ),
        Card(
            label="Of issued shares",
            value=plain(row["percent"], digits=2),
            unit="%",
            note="as published",
            origin=origin,
        ),
    ]
    for delta in data.rows(DELTAS, code, session).iter_rows(named=True):
        many = delta["horizon"]
        known = delta["status"] == "ok"
        value = signed(delta["change_pct"], digits=2, unit="") if known else "null"
        moved = scaled(delta["change_shares"], "shares")
        note = " ".join(moved) if known else delta["status"].replace("_", " ")
        told.append(
            Card(
                label=f"Over {many} session{'s' if many > 1 else ''}",
                value=value,
                unit="%",
                note=note,
                origin=Origin(table="hkex.holding_deltas", line=code, session=session),
            )
        )
    cards(told)
    seen = periods.cut(history, period)
    left, right = st.columns(2, gap="large")
    millions = seen.with_columns(pl.col("shares", "shanghai_shares", "shenzhen_shares") / 1e6)
    channels = [
        Series(column=f"{each}_shares", name=f"through {each.capitalize()}", digits=2)
        for each in ("shanghai", "shenzhen")
        if seen[f"{each}_shares"].count()
    ]
    with left:
        figure = charts.lines(
            millions, [Series(column="shares", name="held", digits=2), *channels], from_zero=False
        )
        charts.shown(
            data,
            figure,
            title=f"Shares held of {name}",
            name="shares",
            unit="Million shares; the axis does not start at 0",
        )
    with right:
        figure = charts.lines(
            seen, [Series(column="percent", name="of issued", digits=2)], from_zero=False
        )
        charts.shown(
            data,
            figure,
            title="Percent of issued shares",
            name="percent",
            unit="Percent, as published; the axis does not start at 0",
        )
    table(
        data,
        history.reverse(),
        title="Every session",
        name=f"{code}-holdings",
        of=HOLDINGS,
        origin=Rows(table=HOLDINGS, line="code", day="session"),
        columns={
            "session": Column("Session", "day"),
            "shares": Column("Shares", "whole"),
            "percent": Column("% of issued", "price"),
            "shanghai_shares": Column("Through Shanghai", "whole"),
            "shenzhen_shares": Column("Through Shenzhen", "whole"),
            "implied_trade_date": Column("Traded on", "day", "Two settlement days earlier"),
            "confidence": Column("Confidence", "price"),
            "sources": Column("Sources"),
        },
    )


def concentration(data: Data, code: str) -> None:
    """The part that the largest participants hold, where they were asked for."""
    known = "hkex.participant_concentration"
    rows = (
        data.rows(f"FROM {known} WHERE code = ? ORDER BY session", code)
        if data.has(known)
        else None
    )
    if rows is None or rows.is_empty():
        nothing(
            f"Who holds {code} is not known",
            "Participants are asked for the stocks in MARKET_ASSETS_HKEX__PARTICIPANTS, where that "
            "source is enabled.",
        )
        return
    percents = rows.with_columns(pl.col("top5_share", "top10_share") * 100)
    figure = charts.lines(
        percents,
        [
            Series(column="top5_share", name="five largest", digits=2),
            Series(column="top10_share", name="ten largest", digits=2),
        ],
        from_zero=True,
    )
    charts.shown(
        data,
        figure,
        title=f"Concentration of {code}",
        name="concentration",
        unit="Percent of all shares in CCASS held by the largest participants",
    )

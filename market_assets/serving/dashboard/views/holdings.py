"""Hong Kong holdings: what Southbound holds of a stock, what moved most, what came and went."""

from datetime import date

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import charts, fields, periods
from market_assets.serving.dashboard.cards import Card, Origin, cards
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import day, headed, nothing, shown
from market_assets.serving.dashboard.numbers import plain, scaled, signed
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice, switch
from market_assets.serving.dashboard.tables import Column, Rows, table

HOLDINGS = "hkex.southbound_holdings"
STOCKS = f"""
SELECT code, name FROM {HOLDINGS} QUALIFY row_number() OVER
    (PARTITION BY code ORDER BY session DESC) = 1 ORDER BY code
"""
HISTORY = f"FROM {HOLDINGS} WHERE code = ? ORDER BY session"
DELTAS = """
SELECT horizon, base_session, change_shares, change_pct, change_points, status
FROM hkex.holding_deltas WHERE code = ? AND session = ? ORDER BY horizon
"""
MOVERS = """
FROM hkex.movers WHERE session = ? AND horizon = ? AND measure = ? AND side = ? AND rank <= ?
ORDER BY rank
"""
TITLES = {"top": "Risen most", "bottom": "Fallen most"}


def holdings(data: Data) -> None:
    """A stock's shares and percent, the movers of a session, newcomers, eligibility, breadth."""
    data.require(HOLDINGS, market="hkex")
    names = dict(data.rows(STOCKS).iter_rows())
    usual = "00700" if "00700" in names else next(iter(names))
    code = choice(
        "Stock",
        list(names),
        name="code",
        default=usual,
        told=lambda each: f"{each} · {names[each]}",
    )
    period = periods.chosen()
    horizon = switch("Movers over sessions", [1, 5, 20], name="horizon", default=1, told=str)
    measure = switch(
        "Measured in",
        ["percent", "shares"],
        name="measure",
        default="percent",
        told={"percent": "%", "shares": "shares"}.__getitem__,
    )
    most = switch("How many", [5, 10], name="most", default=10, told=lambda each: f"top {each}")
    sessions = data.rows("SELECT DISTINCT session FROM hkex.movers ORDER BY session DESC")[
        "session"
    ]
    headed(
        "Hong Kong holdings", "Shares of Hong Kong held from the mainland through Stock Connect."
    )
    _stock(data, code, names[code], period)
    if sessions.is_empty():
        nothing("No movers", "No session has another to be compared with yet.")
    else:
        session = choice(
            "Movers of", sessions.to_list(), name="session", default=sessions[0], told=day
        )
        _movers(data, session, horizon, measure, most)
    _market(data, period)
    _news(data)
    _concentration(data, code)


def _stock(data: Data, code: str, name: str, period: int) -> None:
    history = data.rows(HISTORY, code)
    row = history.row(-1, named=True)
    session: date = row["session"]
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


def _movers(data: Data, session: date, horizon: int, measure: str, most: int) -> None:
    unit = "Percent of what was held" if measure == "percent" else "Million shares"
    over = f"{horizon} session{'s' if horizon > 1 else ''} to {day(session)}"
    places = st.columns(2, gap="large")
    found: list[pl.DataFrame] = []
    for place, (side, title) in zip(places, TITLES.items(), strict=True):
        rows = data.rows(MOVERS, session, horizon, measure, side, most)
        found.append(rows)
        with place:
            if rows.is_empty():
                nothing(title, f"No stock did, over {over}.")
                continue
            values = rows["change_pct"] if measure == "percent" else rows["change_shares"] / 1e6
            texts = [signed(value, digits=2, unit="") for value in values]
            labels = [
                f"{code} {name[:18]}" for code, name in rows.select("code", "name").iter_rows()
            ]
            figure = fields.lying_bars(labels, values.to_list(), texts, unit=unit)
            charts.shown(
                data,
                figure,
                title=f"{title}: {most}",
                name=f"movers {side}",
                unit=f"{unit}, {over}",
                height=charts.ROW * rows.height + 80,
            )
    table(
        data,
        pl.concat(found),
        title="The movers",
        name=f"movers-{horizon}-{measure}",
        of="hkex.movers",
        origin=Rows(table="hkex.movers", line="code", day="session"),
        columns={
            "side": Column("Side"),
            "rank": Column("Rank", "whole"),
            "code": Column("Code"),
            "name": Column("Name"),
            "change_shares": Column("Change, shares", "whole"),
            "change_pct": Column("Change, %", "price"),
            "change_points": Column("Change, points of issued", "price"),
            "base_shares": Column("Shares before", "whole"),
        },
    )


def _market(data: Data, period: int) -> None:
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


def _news(data: Data) -> None:
    if "hkex.new_holdings" in data.facts.columns:
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
    if "hkex.southbound_eligibility" in data.facts.columns:
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


def _concentration(data: Data, code: str) -> None:
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


if __name__ == "__main__":
    shown(holdings)

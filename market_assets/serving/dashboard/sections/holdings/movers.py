"""The stocks whose holdings moved most."""

from datetime import date

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import charts, fields
from market_assets.serving.dashboard.frame import day, nothing
from market_assets.serving.dashboard.numbers import signed
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, Rows, table

MOVERS = """
FROM hkex.movers WHERE session = ? AND horizon = ? AND measure = ? AND side = ? AND rank <= ?
ORDER BY rank
"""
TITLES = {"top": "Risen most", "bottom": "Fallen most"}


def sessions(data: Data) -> list[date]:
    """Those that have movers, the newest first."""
    return data.rows("SELECT DISTINCT session FROM hkex.movers ORDER BY 1 DESC")[
        "session"
    ].to_list()


def moved_most(data: Data, session: date, horizon: int, measure: str, most: int) -> None:
    """The ``most`` that rose and that fell over ``horizon`` sessions, drawn and in figures."""
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
            figure = fields.lying_bars(labels, values.to_list(), texts)
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

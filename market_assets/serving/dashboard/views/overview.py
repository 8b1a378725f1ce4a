"""Market overview: Casablanca's session at a glance."""

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import charts, periods
from market_assets.serving.dashboard.frame import day, headed, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.sections.overview import activity, flows, headline, makeup
from market_assets.serving.dashboard.state import choice, switch

SUMMARY = "casablanca.market_volume_summary"


def overview(data: Data) -> None:
    """Turnover, volume, breadth, sectors, sizes, the most active and the alerts of a session."""
    data.require(SUMMARY, market="casablanca")
    market = data.rows(f"FROM {SUMMARY} ORDER BY session")
    days = market["session"].to_list()[::-1]
    session = choice("Session", days, name="session", default=days[0], told=day)
    period = periods.chosen()
    measure = switch(
        "Sectors by",
        ["market_cap", "turnover"],
        name="by",
        default="market_cap",
        told=lambda each: each.replace("_", " "),
    )
    taxonomy = switch(
        "Sectors of",
        ["exchange", "icb"],
        name="taxonomy",
        default="exchange",
        told={"exchange": "the exchange", "icb": "ICB"}.__getitem__,
    )
    headed(
        "Market overview",
        f"Casablanca on {day(session)}. Volume is in shares, turnover in dirhams.",
    )
    market = market.filter(pl.col("session") <= session).with_columns(
        pl.col("total_turnover", "total_volume").rolling_mean(5).name.suffix("_5"),
        pl.col("total_turnover", "total_volume").rolling_mean(20).name.suffix("_20"),
    )
    headline.numbers(data, market)
    seen = periods.cut(market, period)
    left, right = st.columns(2, gap="large")
    with left:
        flows.turnover(data, seen)
    with right:
        flows.volume(data, seen)
    charts.shown(
        data,
        charts.breadth(seen),
        title="Breadth",
        name="breadth",
        unit="Lines that closed above (▲) and below (▼) their previous session",
    )
    left, right = st.columns(2, gap="large")
    with left:
        makeup.sectors(data, session, measure, taxonomy)
    with right:
        makeup.sizes(data, session)
    activity.most_active(data, session)
    activity.alerts_of(data, session)


if __name__ == "__main__":
    shown(overview)

"""Company: one line of Casablanca, its price, its volume, and what stands behind each number."""

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import lines, periods
from market_assets.serving.dashboard.figures import figures_of
from market_assets.serving.dashboard.frame import day, headed, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.sections.company import drawn, headline, listed
from market_assets.serving.dashboard.state import switch

ADJUSTED = "companies.adjusted_quotes"
HISTORY = """
SELECT session, status, {prefix}open AS open, {prefix}high AS high, {prefix}low AS low,
    {prefix}close AS close, {prefix}volume AS volume, turnover, trades, confidence, source,
    sources, capture_id, ticker
FROM {table} WHERE ticker = ? ORDER BY session
"""


def company(data: Data) -> None:
    """Price and volume with averages and alerts, ratios, range, fundamentals, and their sources."""
    data.require(listed.QUOTES, market="casablanca")
    ticker, names = lines.chosen(data, "Company", table=listed.QUOTES, column="ticker", usual="ATW")
    period = periods.chosen()
    prices = "raw"
    if data.publishes(ADJUSTED):
        prices = switch(
            "Prices",
            ["raw", "adjusted"],
            name="prices",
            default="raw",
            told={"raw": "as quoted", "adjusted": "splits undone"}.__getitem__,
        )
    source, prefix, how = (
        (listed.QUOTES, "", "") if prices == "raw" else (ADJUSTED, "adjusted_", ", splits undone")
    )
    history = data.rows(HISTORY.format(table=source, prefix=prefix), ticker)
    session = history["session"][-1]
    headed(
        names[ticker],
        f"{ticker}, Casablanca, to {day(session)}. A dotted number leads to its sources.",
    )
    numbers = st.container()  # filled when the charts are on their way
    seen = periods.cut(
        history.with_columns(
            pl.col("close", "volume").rolling_mean(5).name.suffix("_5"),
            pl.col("close", "volume").rolling_mean(20).name.suffix("_20"),
        ),
        period,
    )
    alerts = listed.alerts_of(data, ticker)
    drawn.price(data, seen, how)
    drawn.volume(data, seen, alerts, how)
    figures = figures_of(data, ticker, session)
    with numbers:
        headline.numbers(ticker, history, figures)
    drawn.year_range(data, figures)
    listed.figures(data, ticker, figures)
    listed.alerts(data, ticker, alerts)
    listed.quotes(data, ticker, history)


if __name__ == "__main__":
    shown(company)

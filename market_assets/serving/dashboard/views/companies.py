"""Companies: who is listed in Casablanca, found by name, sector or standing."""

import streamlit as st

from market_assets.serving.dashboard.frame import day, headed, nothing, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice, switch, text
from market_assets.serving.dashboard.tables import Column, Rows, table

LISTINGS = "companies.listings"
NEWEST = """
SELECT listed.ticker, listed.name, listed.sector, listed.icb_sector, listed.status,
    quoted.close, before.close AS previous_close,
    quoted.close / nullif(before.close, 0) - 1 AS change, quoted.volume, quoted.turnover,
    known.market_cap, known.turnover_velocity_20, analysed.volume_ratio, quoted.confidence,
    listed.isin, listed.compartment, listed.shares, listed.session, listed.source
FROM companies.listings listed
LEFT JOIN casablanca.daily_quotes quoted
    ON quoted.ticker = listed.ticker AND quoted.session = listed.session
LEFT JOIN casablanca.daily_quotes before ON before.ticker = listed.ticker AND before.session =
    (SELECT max(session) FROM casablanca.daily_quotes WHERE session < listed.session)
LEFT JOIN companies.fundamentals known
    ON known.ticker = listed.ticker AND known.session = listed.session
LEFT JOIN casablanca.volume_analysis analysed
    ON analysed.ticker = listed.ticker AND analysed.session = listed.session
WHERE listed.session = (SELECT max(session) FROM companies.listings) AND listed.mic = 'XCAS'
"""
FOUND = f"""
FROM ({NEWEST}) WHERE ($sector = '' OR sector = $sector) AND ($status = '' OR status = $status)
    AND ($word = '' OR starts_with(lower(ticker), lower($word)) OR lower(isin) = lower($word)
        OR contains(strip_accents(lower(name)), strip_accents(lower($word))))
ORDER BY {{order}}
"""
ORDERS = {
    "ticker": "ticker",
    "market_cap": "market_cap DESC NULLS LAST, ticker",
    "turnover": "turnover DESC NULLS LAST, ticker",
    "change": "change DESC NULLS LAST, ticker",
    "volume_ratio": "volume_ratio DESC NULLS LAST, ticker",
}
TOLD = {
    "ticker": "ticker",
    "market_cap": "market capitalisation",
    "turnover": "turnover",
    "change": "change of the day",
    "volume_ratio": "volume against its average",
}
COLUMNS = {
    "ticker": Column("Ticker"),
    "name": Column("Name"),
    "sector": Column("Sector"),
    "status": Column("Status"),
    "close": Column("Close, MAD", "price"),
    "change": Column("Change", "fraction", "On the session before, as quoted"),
    "volume": Column("Volume, shares", "whole"),
    "turnover": Column("Turnover, MAD", "whole"),
    "volume_ratio": Column("Volume ×", "price", "Volume over its 20-session average"),
    "market_cap": Column("Market cap, MAD", "whole"),
    "confidence": Column("Confidence", "price", "Of the quote: how far its sources agree"),
}


def companies(data: Data) -> None:
    """The list of companies, narrowed by the sidebar."""
    data.require(LISTINGS, market="companies")
    word = text("Search", name="q", placeholder="name, ticker or ISIN")
    known = data.rows(f"SELECT DISTINCT sector, status, session FROM ({NEWEST}) ORDER BY ALL")
    sector = choice(
        "Sector",
        ["", *known["sector"].drop_nulls().unique().sort()],
        name="sector",
        default="",
        told=lambda each: each or "every sector",
    )
    status = switch(
        "Status",
        ["", *known["status"].drop_nulls().unique().sort()],
        name="status",
        default="",
        told=lambda each: each or "any",
    )
    order = choice("Sorted by", list(ORDERS), name="sort", default="ticker", told=TOLD.__getitem__)
    found = data.bound(
        FOUND.format(order=ORDERS[order]), {"sector": sector, "status": status, "word": word}
    )
    newest = known["session"].to_list()[0]
    headed("Companies", f"Lines of Casablanca, as of {day(newest)}. Choose a row to look closer.")
    if found.is_empty():
        nothing("No company fits", "Search for less, or clear what narrows the list.")
        return
    st.html(f'<p class="unit">{found.height} companies. Null is what no source states.</p>')
    table(
        data,
        found,
        title="List",
        name="companies",
        of=LISTINGS,
        columns=COLUMNS,
        origin=Rows(table=LISTINGS, line="ticker", day="session", company=True),
        sight=20,
    )


if __name__ == "__main__":
    shown(companies)

"""How the domain knows the neighbouring exchanges: their money, their sessions, their sources."""

from datetime import date

import polars as pl

from market_assets.calendars.sessions import bounds, session_close, sessions_between
from market_assets.domain.africa.listed import INDUSTRIES
from market_assets.domain.africa.reconcile import CLOSES, MARKETS
from market_assets.domain.quotes import reconcile
from market_assets.sources import registry
from market_assets.sources.africa.exchanges import EXCHANGES
from market_assets.sources.africa.icb_sectors import icb_industries
from market_assets.sources.source import Source

MICS = tuple(exchange.mic for exchange in EXCHANGES if exchange.calendar)
"""The exchanges whose sessions are known."""
QUOTING: tuple[Source, ...] = tuple(s for s in registry.AFRICA if s.gives != {"rates"})
"""The sources that speak of exchanges."""
BANKS: tuple[Source, ...] = tuple(s for s in registry.AFRICA if s.gives == {"rates"})
"""The sources that speak of currencies."""


def markets_frame() -> pl.DataFrame:
    """The money of each exchange. Schema MARKETS."""
    rows = [(exchange.mic, exchange.currency) for exchange in EXCHANGES]
    return pl.DataFrame(rows, schema=MARKETS, orient="row")


def sessions_frame(mic: str, first: date, last: date) -> pl.DataFrame:
    """Mic and session of the days of the exchange from ``first`` to ``last``, both included."""
    begins, ends = bounds(mic)
    sessions = sessions_between(mic, max(first, begins), min(last, ends))
    return pl.DataFrame(
        {"mic": [mic] * len(sessions), "session": sessions},
        schema={"mic": pl.String, "session": pl.Date},
    )


def closes_frame(first: date, last: date) -> pl.DataFrame:
    """When each session of each exchange closes. Schema CLOSES."""
    rows = [
        (mic, session, session_close(mic, session))
        for mic in MICS
        for session in sessions_frame(mic, first, last)["session"]
    ]
    return pl.DataFrame(rows, schema=CLOSES, orient="row")


def sources_frame() -> pl.DataFrame:
    """Who each source is; the registry's order is their rank. Schema SOURCES."""
    rows = [
        (source.name, source.group, source.official, rank) for rank, source in enumerate(QUOTING)
    ]
    return pl.DataFrame(rows, schema=reconcile.SOURCES, orient="row")


def industries_frame() -> pl.DataFrame:
    """What each source's words for sectors mean. Schema INDUSTRIES."""
    rows = [(source, sector, industry) for (source, sector), industry in icb_industries().items()]
    return pl.DataFrame(rows, schema=INDUSTRIES, orient="row")

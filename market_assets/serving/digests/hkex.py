"""The digest of Hong Kong's Southbound holdings of one session."""

from datetime import date, timedelta

import polars as pl

from market_assets.serving.digests.content import Digest
from market_assets.serving.digests.figures import day as told_day
from market_assets.serving.digests.holdings import (
    HORIZONS,
    breadth_facts,
    eligibility_section,
    movers_section,
    new_holdings_section,
)
from market_assets.serving.digests.quality import quality_frames, quality_section
from market_assets.serving.digests.reading import Frames, Publication, Tables

FOLLOWING = timedelta(days=10)
"""For how long the newest judgement of a source that lags may lie back."""


def hkex_frames(tables: Tables, until: date) -> Frames:
    """What there is of the newest session on or before ``until``; raises ``NothingToTell``."""
    sessions = tables.sessions("hkex.southbound_holdings", until=until, count=2)
    session = sessions[-1]
    return {
        "holdings": tables.of("hkex.southbound_holdings", [session]),
        "breadth": tables.of("hkex.southbound_breadth", sessions),
        "movers": tables.of("hkex.movers", [session]),
        "new_holdings": tables.of("hkex.new_holdings", [session]),
        "eligibility": tables.of("hkex.southbound_eligibility", [session]),
        **quality_frames(
            tables,
            [session],
            judged="hkex.holdings_data_quality",
            disagreements="quality.holding_disagreements",
            judged_from=session - FOLLOWING,
        ),
    }


def hkex_digest(frames: Frames, publication: Publication) -> Digest:
    """The digest of ``frames`` (``hkex_frames``), for the ``publication`` they were read from."""
    holdings = frames["holdings"]
    session, settled, traded = (
        holdings.select(pl.col(column).max()).item()
        for column in ("session", "settlement_date", "implied_trade_date")
    )
    span = "in this session"
    movers = [movers_section(frames["movers"], horizon) for horizon in HORIZONS]
    lag = (
        f"Holdings settled by {told_day(settled)}; the newest trade among them is of "
        f"{told_day(traded)}. Shanghai and Shenzhen publish later than HKEX."
    )
    return Digest(
        name="hkex",
        day=session,
        title=f"Southbound holdings of {told_day(session)}",
        mode=publication.mode,
        published_at=publication.published_at,
        facts=(*breadth_facts(frames["breadth"]),),
        sections=(
            *movers,
            new_holdings_section(frames["new_holdings"], span=span),
            eligibility_section(frames["eligibility"], span=span),
            quality_section(frames, note=lag),
        ),
        sheets=frames,
        sources=named_sources(holdings),
    )


def named_sources(rows: pl.DataFrame) -> list[str]:
    """The sources that a column ``sources`` names, several joined by ``+``."""
    names = rows["sources"].drop_nulls().str.split("+").explode().unique()
    return sorted(names.to_list())

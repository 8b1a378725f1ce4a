"""The digest of one session of the Casablanca exchange."""

from datetime import date

import polars as pl

from market_assets.serving.digests.content import Digest
from market_assets.serving.digests.figures import day as told_day
from market_assets.serving.digests.hkex import named_sources
from market_assets.serving.digests.quality import quality_frames, quality_section
from market_assets.serving.digests.rates import rates_rows, rates_section
from market_assets.serving.digests.reading import Frames, Publication, Tables
from market_assets.serving.digests.volumes import (
    active_section,
    alerts_section,
    changed_lines,
    market_facts,
    sectors_section,
    turnover_section,
)

SESSIONS = 21
"""Of the market's chart: the session and the twenty before it."""
QUOTES, ADJUSTED = "casablanca.daily_quotes", "companies.adjusted_quotes"


def casablanca_frames(tables: Tables, until: date) -> Frames:
    """What there is of the newest session on or before ``until``; raises ``NothingToTell``."""
    sessions = tables.sessions(QUOTES, until=until, count=SESSIONS)
    session, before = sessions[-1], sessions[-2:][0]
    rates = rates_rows(tables, session, before=before)
    return {
        "lines": lines_of(tables, session, before),
        "alerts": alerts_of(tables, [session]),
        "sectors": tables.of("casablanca.sector_volume_analysis", [session]),
        "market": tables.of("casablanca.market_volume_summary", sessions),
        "index": tables.of("casablanca.index_history", sessions),
        **({} if rates is None else {"rates": rates}),
        **quality_of(tables, [session]),
    }


def casablanca_digest(frames: Frames, publication: Publication) -> Digest:
    """The digest of ``frames`` (``casablanca_frames``) of a ``publication``."""
    session = frames["lines"].select(pl.col("session").max()).item()
    return Digest(
        name="casablanca",
        day=session,
        title=f"Casablanca on {told_day(session)}",
        mode=publication.mode,
        published_at=publication.published_at,
        facts=market_facts(frames["market"], frames["index"], session=session),
        sections=(
            turnover_section(frames["market"]),
            alerts_section(frames["alerts"]),
            active_section(frames["lines"]),
            sectors_section(frames["sectors"]),
            rates_section(frames.get("rates"), since="since the session before"),
            quality_section(frames, note=""),
        ),
        sheets=frames,
        sources=named_sources(frames["lines"]),
    )


def lines_of(tables: Tables, session: date, before: date) -> pl.DataFrame:
    """The quotes of ``session`` with their change since ``before``."""
    adjusted = ADJUSTED in tables
    table, close = (ADJUSTED, "adjusted_close") if adjusted else (QUOTES, "close")
    columns = "ticker, isin, name, sector, session, status, close, volume, turnover, trades, "
    columns += "confidence, volume_confidence, sources"

    def quotes(day: date) -> pl.DataFrame:
        return tables.rows(
            f"SELECT {columns}, {close} AS comparable_close FROM {table} WHERE session = ?",
            day,
        )

    return changed_lines(quotes(session), quotes(before)).drop("comparable_close").sort("ticker")


def quality_of(tables: Tables, days: list[date]) -> Frames:
    """How well the sources of the exchange served on ``days``."""
    return quality_frames(
        tables,
        days,
        judged="casablanca.volume_data_quality",
        disagreements="quality.disagreements",
        judged_from=days[0],
    )


def alerts_of(tables: Tables, days: list[date]) -> pl.DataFrame:
    """The alerts of ``days`` with the name of the line and the confidence of its volume."""
    known = tables.of(QUOTES, days).select("ticker", "session", "name", "volume_confidence")
    alerts = tables.of("casablanca.volume_alerts", days)
    return alerts.join(known, on=["ticker", "session"], how="left", maintain_order="left")

"""What each source says: its captures parsed into rows, every value with the time it was known."""

from collections.abc import Iterable
from datetime import date

import dagster as dg
import polars as pl

from market_assets.calendars.sessions import session_close
from market_assets.defs.captures import capture_key
from market_assets.defs.graph import table
from market_assets.defs.layouts import layouts_key
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.tables import Written
from market_assets.defs.testimony import QUARANTINE, QUOTES_SUBJECT, testimony
from market_assets.defs.window import SessionWindow
from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.quotes.screening import revisions
from market_assets.sources.source import Source


def quotes_key(source: Source) -> dg.AssetKey:
    """The asset of what ``source`` says."""
    return dg.AssetKey(["casablanca", f"{source.name}_quotes"])


def closes(sessions: Iterable[date]) -> pl.DataFrame:
    """When each session closes: session, closed_at (UTC)."""
    return pl.DataFrame(
        [(session, session_close(CASABLANCA.mic, session)) for session in sessions],
        schema={"session": pl.Date, "closed_at": pl.Datetime("us", "UTC")},
        orient="row",
    )


def quotes_asset(source: Source) -> dg.AssetsDefinition:
    """The asset that parses the captures of ``source``."""

    @dg.asset(
        key=quotes_key(source),
        deps=[capture_key(source), layouts_key(CASABLANCA)],
        description=f"What {source.publisher} says of each line and session: "
        f"{', '.join(sorted(source.gives))}. {source.caution}",
        metadata={"group": source.group, "official": source.official, "verified": source.verified},
        **table(CASABLANCA, "casablanca_quotes"),
    )
    def quotes(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Written:
        days = window.of(CASABLANCA, context.partition_keys)
        said = testimony(
            platform.readings, source, first=days.first, last=days.last, main=QUOTES_SUBJECT
        ).between(days.first, days.last)
        beside = {
            f"{CASABLANCA.name}.{subject}": said.latest(subject, rows.schema)
            for subject, rows in said.tables.items()
            if subject != QUOTES_SUBJECT
        }
        return Written(
            revisions(said.all(QUOTES_SUBJECT, QUOTES), closes=closes(days.sessions)),
            beside={QUARANTINE: said.refused, **beside},
        )

    return quotes

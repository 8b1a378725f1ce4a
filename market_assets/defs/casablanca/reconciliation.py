"""From what the sources say to one row per line and session: the table all others build on."""

from datetime import date
from functools import partial

import dagster as dg
import polars as pl

from market_assets.calendars.sessions import session_close
from market_assets.defs.casablanca.quotes import closes, quotes_key
from market_assets.defs.copies import copied_captures
from market_assets.defs.graph import monthly, shown
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.reach import changed_days
from market_assets.defs.service import of_whom, owed_before, put_aside_by
from market_assets.defs.tables import Written, sessions_beside, table_name
from market_assets.defs.testimony import QUARANTINE
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.quotes import reconcile
from market_assets.domain.quotes.quality import EXPECTED, volume_data_quality
from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.quotes.screening import screened
from market_assets.sources import registry
from market_assets.sources.casablanca.lines import casablanca_lines

CURRENCY = "MAD"
DAILY_QUOTES = dg.AssetKey(["casablanca", "daily_quotes"])
DISAGREEMENTS = dg.AssetKey(["quality", "disagreements"])
DATA_QUALITY = dg.AssetKey(["casablanca", "volume_data_quality"])


@dg.multi_asset(
    name="reconciliation",
    ins={
        source.name: dg.AssetIn(quotes_key(source), metadata=sessions_beside(before=1, after=1))
        for source in registry.CASABLANCA
    },
    outs={
        "daily_quotes": dg.AssetOut(
            key=DAILY_QUOTES,
            **shown("casablanca"),
            description="One row per line and session, agreed between the sources that answered, "
            "with a confidence.",
        ),
        "disagreements": dg.AssetOut(
            key=DISAGREEMENTS,
            **shown("casablanca_quality"),
            description="Every statement of a source that is not the value that was chosen.",
        ),
        "volume_data_quality": dg.AssetOut(
            key=DATA_QUALITY,
            **shown("casablanca_quality"),
            description="How well each source served each session: completeness, confidence, "
            "freshness, validity, a score and what was wrong.",
        ),
    },
    **monthly(CASABLANCA),
)
def reconciliation(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
    **said_by: pl.DataFrame,
) -> tuple[Written, Written, Written]:
    """Screen what the sources say, and agree on it.

    Also of the session after the run's own, where it fills a gap: the one before tells a replay.
    """
    own = window.of(CASABLANCA, context.partition_keys)
    table, until = table_name(DAILY_QUOTES), CASABLANCA.after(own.last, 1)
    known = changed_days(platform, table, own.sessions, since=own.first, until=until)
    days = Window(sessions=tuple(known))
    standing = [
        said.filter(pl.col("replaced_at").is_null()).select(QUOTES.names())
        for said in said_by.values()
    ]
    screening = screened(
        pl.concat(standing),
        closes=closes(CASABLANCA.sessions(CASABLANCA.before(days.first, 1), days.last)),
        tickers=[line.ticker for line in casablanca_lines()],
        copied_captures=copied_captures(platform.archive, registry.CASABLANCA, days),
    )
    in_window = pl.col("session").is_between(days.first, days.last)
    result = reconcile.reconciled(
        screening.kept.filter(in_window),
        sources=sources_frame(),
        lines=lines_frame(),
        mic=CASABLANCA.mic,
        currency=CURRENCY,
    )
    kept, refused = screening.kept.filter(in_window), screening.refused.filter(in_window)
    unreadable = put_aside_by(platform, map(quotes_key, registry.CASABLANCA), days)
    put_aside = pl.concat([refused, unreadable])
    owing = _asked(context, platform, own) | owed_before(platform, DATA_QUALITY, days)
    quality = volume_data_quality(
        kept,
        refused=put_aside,
        daily_quotes=result.daily_quotes,
        expected=_expected(days, owing=owing | of_whom(kept) | of_whom(put_aside)),
    )
    written = partial(Written, first=days.first, last=days.last)
    return (
        written(result.daily_quotes, beside={QUARANTINE: refused}),
        written(result.disagreements),
        written(quality),
    )


def _asked(
    context: dg.AssetExecutionContext, platform: Platform, days: Window
) -> set[tuple[str, date]]:
    """Whom this run asks for which session, or whom one before asked that answered with failures.

    Live, many sources show only the present, so each is held to the last session alone.
    """
    if context.job_name == CASABLANCA.job(from_captures=True):
        return {
            (source.name, attempt.last_session)
            for source in registry.CASABLANCA
            for attempt in platform.archive.attempts(source.name, days.first, days.last)
            if attempt.last_session in days.sessions
        }
    sessions = days.sessions if platform.settings.web == "sandbox" else (days.last,)
    asked = (source for source in registry.CASABLANCA if platform.asks(source))
    return {(source.name, session) for source in asked for session in sessions}


def _expected(days: Window, *, owing: set[tuple[str, date]]) -> pl.DataFrame:
    """What is due of those who owe a session. Schema EXPECTED."""
    return pl.DataFrame(
        [
            (
                source.name,
                session,
                len(casablanca_lines()),
                "volume" if "volume" in source.gives else "close",
                session_close(CASABLANCA.mic, session),
            )
            for source in registry.CASABLANCA
            if source.gives
            for session in days.sessions
            if (source.name, session) in owing
        ],
        schema=EXPECTED,
        orient="row",
    )


def sources_frame() -> pl.DataFrame:
    """Who each source is; the registry's order is their rank. Schema SOURCES."""
    return pl.DataFrame(
        [
            (source.name, source.group, source.official, rank)
            for rank, source in enumerate(registry.CASABLANCA)
        ],
        schema=reconcile.SOURCES,
        orient="row",
    )


def lines_frame() -> pl.DataFrame:
    """ticker, isin, name and sector of every line."""
    lines = casablanca_lines()
    return pl.DataFrame(
        {
            "ticker": [line.ticker for line in lines],
            "isin": [line.isin for line in lines],
            "name": [line.name for line in lines],
            "sector": [line.sector for line in lines],
        }
    )

"""From what the publishers say to one row per stock and session, with a confidence."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import dagster as dg
import polars as pl

from market_assets.calendars.sessions import bounds
from market_assets.calendars.settlement import holding_dates, settlement_date
from market_assets.calendars.southbound import NAME as SOUTHBOUND
from market_assets.defs.graph import monthly, shown
from market_assets.defs.hkex.statements import statements_key
from market_assets.defs.hkex.timing import out_at, shows
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.reach import changed_days
from market_assets.defs.service import of_whom, owed_before, put_aside_by
from market_assets.defs.tables import Written, sessions_beside, table_name
from market_assets.defs.testimony import QUARANTINE
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.data_quality import EXPECTED, data_quality
from market_assets.domain.holdings.agreement import DATES, agreed, dissent
from market_assets.domain.holdings.channels import channel_statements
from market_assets.domain.holdings.rows import HOLDINGS, PARTICIPANTS
from market_assets.domain.holdings.screening import screened
from market_assets.domain.quotes.reconcile import OFFICIAL, OFFICIAL_UNDATED
from market_assets.domain.refusals import REFUSED
from market_assets.domain.support import SOURCES
from market_assets.sources import registry

HOLDINGS_KEY = dg.AssetKey([HKEX.name, "southbound_holdings"])
DISAGREEMENTS_KEY = dg.AssetKey(["quality", "holding_disagreements"])
DATA_QUALITY_KEY = dg.AssetKey([HKEX.name, "holdings_data_quality"])
STATEMENTS = ("hkex_southbound", "sse_southbound", "szse_southbound")
COMPARED = 10
"""Sessions before its own that a page is compared with: it is the first good one back."""
DAY = timedelta(days=1)


@dg.multi_asset(
    name="holdings_agreement",
    ins={
        **{
            name: dg.AssetIn(
                statements_key(registry.source(name)),
                metadata=sessions_beside(before=COMPARED, after=COMPARED),
            )
            for name in STATEMENTS
        },
        "participants": dg.AssetIn(
            statements_key(registry.source("hkex_participants")),
            metadata=sessions_beside(before=0, after=COMPARED),
        ),
    },
    outs={
        "southbound_holdings": dg.AssetOut(
            key=HOLDINGS_KEY,
            **shown("hkex"),
            description="One row per stock and session, agreed between those who state the "
            "holding, with a confidence.",
        ),
        "holding_disagreements": dg.AssetOut(
            key=DISAGREEMENTS_KEY,
            **shown("hkex_quality"),
            description="Every statement of a holding that is not the value that was chosen.",
        ),
        "holdings_data_quality": dg.AssetOut(
            key=DATA_QUALITY_KEY,
            **shown("hkex_quality"),
            description="How well each source served each session: rows, agreement, freshness, "
            "a score and what was wrong.",
        ),
    },
    **monthly(HKEX),
)
def holdings_agreement(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
    participants: pl.DataFrame,
    **said_by: pl.DataFrame,
) -> tuple[Written, Written, Written]:
    """Hold back pages that are not whole, and agree on the others.

    Also those after the run's own, where it fills a gap: they are compared with what fills it.
    """
    own = window.of(HKEX, context.partition_keys)
    days, until = own, HKEX.after(own.last, COMPARED)
    for key in (HOLDINGS_KEY, DATA_QUALITY_KEY):
        table = table_name(key)
        known = changed_days(platform, table, days.sessions, since=own.first, until=until)
        days = Window(sessions=tuple(known))
    sessions = HKEX.sessions(HKEX.before(days.first, COMPARED), days.last)
    earlier = tuple(session for session in sessions if session < days.first)
    standing = pl.concat(
        said.filter(pl.col("replaced_at").is_null()).select(HOLDINGS.names())
        for said in said_by.values()
    ).join(_held_back(platform, earlier), on=["source", "session"], how="anti")
    screening = screened(standing, sessions=sessions)
    in_window = pl.col("session").is_between(days.first, days.last)
    kept = screening.kept.filter(in_window)
    channels = channel_statements(participants.select(PARTICIPANTS.names()))
    channels = channels.join(kept, on="session", how="semi")  # a few stocks make no session
    result = agreed(
        pl.concat([kept, channels]),
        sources=sources_frame(),
        dates=dates_frame(days),
    )
    rested = HKEX.before(days.first, 1) + DAY, HKEX.eve_after(days.last)
    refused = screening.refused.filter(pl.col("session").is_between(*rested))
    parsed = [statements_key(registry.source(name)) for name in STATEMENTS]
    put_aside = pl.concat([refused.filter(in_window), put_aside_by(platform, parsed, days)])
    quality = data_quality(
        kept,
        refused=put_aside,
        dissent=dissent(result.disagreements),
        expected=expected_pages(
            platform,
            days,
            asked=own,
            owing=owed_before(platform, DATA_QUALITY_KEY, days)
            | of_whom(kept)
            | of_whom(put_aside),
        ),
    )
    written = partial(Written, first=days.first, last=days.last)
    return (
        written(result.holdings, beside={QUARANTINE: refused}),
        written(result.disagreements),
        written(quality),
    )


def _held_back(platform: Platform, sessions: tuple[date, ...]) -> pl.DataFrame:
    """The pages of ``sessions`` that earlier runs held back, which no other is compared with."""
    none = pl.DataFrame(schema={name: REFUSED[name] for name in ("source", "session")})
    if not sessions:
        return none
    refused = put_aside_by(platform, [HOLDINGS_KEY], Window(sessions=sessions))
    return refused.filter(pl.col("kind") == "held_back").select(none.columns).unique()


def expected_pages(
    platform: Platform, days: Window, *, asked: Window, owing: set[tuple[str, date]]
) -> pl.DataFrame:
    """A page of each source, of the days ``asked`` that it has by now, and of ``owing`` anyway.

    Schema EXPECTED.
    """
    now = datetime.now(UTC)
    return pl.DataFrame(
        [
            (name, session, out_at(source, session))
            for name, source in ((name, registry.source(name)) for name in STATEMENTS)
            for session in days.sessions
            if (name, session) in owing
            or (
                session in asked.sessions
                and platform.asks(source)
                and shows(source, session)
                and out_at(source, session) <= now
            )
        ],
        schema=EXPECTED,
        orient="row",
    )


def sources_frame() -> pl.DataFrame:
    """How much each source counts, best first. Schema SOURCES."""
    return pl.DataFrame(
        [
            (
                source.name,
                source.group,
                OFFICIAL if source.states_date else OFFICIAL_UNDATED,
                rank,
            )
            for rank, source in enumerate(registry.HKEX)
        ],
        schema=SOURCES,
        orient="row",
    )


def dates_frame(days: Window) -> pl.DataFrame:
    """What was settled and traded by each session; the trade's day is null where not known yet.

    Mainland holidays are decreed year by year, so its calendar ends before Hong Kong's.
    """
    known = bounds(SOUTHBOUND)[1]
    rows = [
        *holding_dates(day for day in days.sessions if day <= known),
        *((day, settlement_date(day), None) for day in days.sessions if day > known),
    ]
    return pl.DataFrame(rows, schema=DATES, orient="row")

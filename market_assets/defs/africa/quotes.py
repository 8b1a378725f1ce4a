"""From what the neighbours' publishers say to one row per exchange, line and session."""

from collections.abc import Iterable
from datetime import date
from functools import partial

import dagster as dg
import polars as pl

from market_assets.defs.africa.asking import settled_at
from market_assets.defs.africa.exchanges import (
    BANKS,
    QUOTING,
    closes_frame,
    industries_frame,
    markets_frame,
    sources_frame,
)
from market_assets.defs.africa.statements import SAID
from market_assets.defs.copies import copied_captures
from market_assets.defs.graph import monthly, shown
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.reach import changed_days
from market_assets.defs.service import of_whom, owed_before, put_aside_by
from market_assets.defs.statements import statement_key
from market_assets.defs.tables import Written, known_rows, table_name
from market_assets.defs.testimony import QUARANTINE
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.africa.carrying import CARRIED
from market_assets.domain.africa.listed import listed
from market_assets.domain.africa.reconcile import reconciled
from market_assets.domain.data_quality import EXPECTED, data_quality
from market_assets.domain.quotes.screening import current_rows
from market_assets.domain.refusals import REFUSED
from market_assets.sources.africa.subjects import SUBJECTS

DAILY_QUOTES = dg.AssetKey([AFRICA.name, "daily_quotes"])
LISTINGS = dg.AssetKey([AFRICA.name, "listings"])
DISAGREEMENTS = dg.AssetKey(["quality", "african_disagreements"])
DATA_QUALITY = dg.AssetKey([AFRICA.name, "data_quality"])
BACK = 3
"""Days of trading somewhere before the run's own, among which each exchange had one: a replay is
told by the session before."""
ROW = ["mic", "ticker", "session"]


@dg.multi_asset(
    name="african_reconciliation",
    deps=[
        *(statement_key(AFRICA, source, subject) for source in QUOTING for subject in SAID[source]),
        *(statement_key(AFRICA, bank, "rates") for bank in BANKS),
    ],
    outs={
        "daily_quotes": dg.AssetOut(
            key=DAILY_QUOTES,
            description="One row per exchange, line and session, with a confidence.",
            **shown(AFRICA.name),
        ),
        "listings": dg.AssetOut(
            key=LISTINGS,
            description="The lines of each exchange, with sector and ICB industry, as they were "
            "described in each session.",
            **shown(AFRICA.name),
        ),
        "disagreements": dg.AssetOut(
            key=DISAGREEMENTS,
            description="Every statement of a source that is not the value that was chosen.",
            **shown(f"{AFRICA.name}_quality"),
        ),
        "data_quality": dg.AssetOut(
            key=DATA_QUALITY,
            description="How well each source served each session: rows, agreement, freshness, a "
            "score and what was wrong.",
            **shown(f"{AFRICA.name}_quality"),
        ),
    },
    **monthly(AFRICA),
)
def african_reconciliation(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> tuple[Written, Written, Written, Written]:
    """Screen what the sources say, exchange by exchange, and agree on it.

    Also of the sessions after the run's own, where it fills a gap: the session before tells a
    replay, and a line is described by what was said of it lately.
    """
    own = window.of(AFRICA, context.partition_keys)
    days, since, until = own, own.first, own.last + CARRIED
    for key in (DAILY_QUOTES, LISTINGS):
        known = changed_days(platform, table_name(key), days.sessions, since=since, until=until)
        days = Window(sessions=tuple(known))
    first, session = AFRICA.before(days.first, BACK), pl.col("session")
    in_window = session.is_between(*_ends(own)) | session.is_in(days.sessions)
    quotes = current_rows(_said(platform, "african_quotes", first, days.last), *ROW)
    lines = listed(
        _said(platform, "african_listings", days.first - CARRIED, days.last),
        as_of=days.sessions,
        sources=sources_frame(),
        industries=industries_frame(),
    )
    result = reconciled(
        quotes,
        markets=markets_frame(),
        closes=closes_frame(first, days.last),
        sources=sources_frame(),
        lines=lines,
        copied_captures=copied_captures(platform.archive, QUOTING, days),
    )
    refused = result.refused.filter(in_window)
    dissent = result.disagreements.filter(in_window)
    unreadable = put_aside_by(platform, _parsed(), days)
    put_aside = pl.concat([refused.select(REFUSED.names()), unreadable])
    kept = quotes.filter(in_window).join(refused, on=["source", *ROW], how="anti")
    stated = pl.concat([kept.select("source", "session", "known_at"), _rates(platform, days)])
    quality = data_quality(
        stated,
        refused=put_aside,
        dissent=dissent.group_by("source", "session").agg(
            dissent=pl.struct("mic", "ticker").n_unique()
        ),
        expected=_expected(platform, own, known=days, there=of_whom(stated) | of_whom(put_aside)),
    )
    written = partial(Written, first=days.first, last=days.last)
    return (
        written(
            result.daily_quotes.filter(in_window),
            beside={QUARANTINE: refused.select(REFUSED.names())},
        ),
        written(lines),
        written(dissent),
        written(quality),
    )


def _ends(days: Window) -> tuple[date, date]:
    return days.first, days.last


def _said(platform: Platform, subject: str, first: date, last: date) -> pl.DataFrame:
    """What all sources say of ``subject`` in the sessions from ``first`` to ``last``."""
    schema = pl.Schema({**SUBJECTS[subject], "session": pl.Date})
    rows = [
        known_rows(
            platform, table_name(statement_key(AFRICA, source, subject)), first=first, last=last
        )
        for source in QUOTING
    ]
    return pl.concat([schema.to_frame(), *(part.select(schema.names()) for part in rows)])


def _rates(platform: Platform, days: Window) -> pl.DataFrame:
    """For which days the banks stated rates: source, session, known_at."""
    rows = [
        known_rows(
            platform,
            table_name(statement_key(AFRICA, bank, "rates")),
            first=days.first,
            last=days.last,
            column="reference_date",
        )
        for bank in BANKS
    ]
    return pl.concat(
        part.select("source", pl.col("reference_date").alias("session"), "known_at")
        for part in rows
    )


def _parsed() -> Iterable[dg.AssetKey]:
    return (statement_key(AFRICA, source, said) for source, about in SAID.items() for said in about)


def _expected(
    platform: Platform, days: Window, *, known: Window, there: set[tuple[str, date]]
) -> pl.DataFrame:
    """A page of each source that is asked for each session, rates of each bank lately.

    Live, a page of the present can be had of the last session alone. And what came anyway, and
    what was due before of all that is ``known``.
    """
    sessions = days.sessions if platform.settings.web == "sandbox" else (days.last,)
    answered = {name for name, day in there if days.first <= day <= days.last}
    owed = {
        (source.name, session)
        for source in QUOTING
        if platform.asks(source)
        for session in sessions
    } | {
        (bank.name, days.last)
        for bank in BANKS
        if platform.asks(bank) and bank.name not in answered
    }
    due = sorted(owed | there | owed_before(platform, DATA_QUALITY, known))
    return pl.DataFrame(
        [(name, session, settled_at(session)) for name, session in due],
        schema=EXPECTED,
        orient="row",
    )

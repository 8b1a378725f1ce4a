"""How well page, file and API served each day: what came, what was put aside, who disagreed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import dagster as dg
import polars as pl

from market_assets.defs.central_bank.agreement import SUBJECTS, disagreements_key
from market_assets.defs.central_bank.asking import SELDOM
from market_assets.defs.central_bank.statements import DAY
from market_assets.defs.central_bank.timing import complete_at
from market_assets.defs.graph import table
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.service import of_whom, owed_before, put_aside_by
from market_assets.defs.statements import statement_key
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.data_quality import EXPECTED, data_quality
from market_assets.sources import registry

DATA_QUALITY_KEY = dg.AssetKey([CENTRAL_BANK.name, "data_quality"])
PARSED = [
    statement_key(CENTRAL_BANK, source, subject)
    for source in registry.CENTRAL_BANK
    for subject in sorted(source.gives)
]
STATED = pl.Schema({"source": pl.String, "session": pl.Date, "known_at": pl.Datetime("us", "UTC")})


@dg.asset(
    key=DATA_QUALITY_KEY,
    deps=[disagreements_key(subject) for subject in SUBJECTS],
    description="How well each source served each day: rows, agreement, freshness, a score and "
    "what was wrong.",
    **table(CENTRAL_BANK, f"{CENTRAL_BANK.name}_quality"),
)
def central_bank_data_quality(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> pl.DataFrame:
    """Daily sources are judged by each day's rates, the others by what they said when asked.

    A table that has been frozen for years is not a fault of the answer that still shows it.
    """
    days = window.of(CENTRAL_BANK, context.partition_keys)
    stated = pl.concat([STATED.to_frame(), *_stated(platform, days)])
    return data_quality(
        stated,
        refused=put_aside_by(platform, PARSED, days).filter(pl.col("kind") != "stale"),
        dissent=_dissent(platform, days),
        expected=_expected(platform, stated, days),
    )


def _stated(platform: Platform, days: Window) -> Iterator[pl.DataFrame]:
    for source in registry.CENTRAL_BANK:
        seldom = source.name in SELDOM
        subject, column = ("observations", "session") if seldom else ("exchange_rates", DAY)
        name = table_name(statement_key(CENTRAL_BANK, source, subject))
        rows = platform.warehouse.read(name, first=days.first, last=days.last, column=column)
        if rows is not None:
            yield rows.select("source", pl.col(column).alias("session"), "known_at")


def _dissent(platform: Platform, days: Window) -> pl.DataFrame:
    """On how many rates of a day a source says something else than was chosen."""
    name = table_name(disagreements_key("exchange_rates"))
    rows = known_rows(platform, name, first=days.first, last=days.last, column=DAY)
    return rows.group_by("source", pl.col(DAY).alias("session")).agg(
        dissent=pl.struct("currency", "kind").n_unique()
    )


def _expected(platform: Platform, stated: pl.DataFrame, days: Window) -> pl.DataFrame:
    """The rates of each day that are out by now, an answer of the others when it is due.

    And what came anyway.
    """
    there = of_whom(stated) | owed_before(platform, DATA_QUALITY_KEY, days)
    now = datetime.now(UTC)
    owed = {
        (source.name, session)
        for source in registry.CENTRAL_BANK
        if platform.asks(source)
        for session in _owes(source.name, there, days)
        if complete_at(session) <= now
    }
    return pl.DataFrame(
        [(source, session, complete_at(session)) for source, session in sorted(there | owed)],
        schema=EXPECTED,
        orient="row",
    )


def _owes(source: str, there: set[tuple[str, date]], days: Window) -> tuple[date, ...]:
    enough = SELDOM.get(source)
    if enough is None:
        return days.sessions
    lately = any(name == source and day >= days.last - enough for name, day in there)
    return () if lately else (days.last,)

"""What each source says: its captures parsed into rows, every value with the time it was known."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import dagster as dg
import polars as pl

from market_assets.defs.captures import capture_key
from market_assets.defs.graph import ONE_RUN, OWNERS, WAREHOUSE_POOL
from market_assets.defs.platform import Platform
from market_assets.defs.tables import Written
from market_assets.defs.window import MONTHS, SessionWindow
from market_assets.domain.quotes.refusals import REFUSED, Kind
from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.quotes.screening import revisions
from market_assets.sources.source import Parsed, Source
from market_assets.web.archive import Archive
from market_assets.web.failures import SourceFailure
from market_assets.web.messages import Capture

QUARANTINE = "quality.quarantine"
LATE = timedelta(days=7)
"""How long after a session a capture is still searched for rows of it: a source may lag."""


def quotes_key(source: Source) -> dg.AssetKey:
    """The asset of what ``source`` says."""
    return dg.AssetKey(["casablanca", f"{source.name}_quotes"])


def quotes_asset(source: Source) -> dg.AssetsDefinition:
    """The asset that parses the captures of ``source``."""

    @dg.asset(
        key=quotes_key(source),
        deps=[capture_key(source)],
        group_name="casablanca_quotes",
        kinds={"polars", "duckdb"},
        owners=OWNERS,
        pool=WAREHOUSE_POOL,
        description=f"What {source.publisher} says of each line and session: "
        f"{', '.join(sorted(source.gives))}. {source.caution}",
        metadata={"group": source.group, "official": source.official, "verified": source.verified},
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
    )
    def quotes(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Written:
        days = window.of(context.partition_keys)
        said = testimony(platform.archive, source, first=days.first, last=days.last)
        tables = {f"casablanca.{subject}": rows for subject, rows in said.tables.items()}
        return Written(said.quotes, beside={QUARANTINE: said.refused, **tables})

    return quotes


@dataclass(frozen=True, kw_only=True)
class Testimony:
    """All that a source said of a range of days, and what of it could not be read.

    ``quotes`` has the schema QUOTES and ``replaced_at``; ``refused`` the schema REFUSED;
    ``tables`` are the other subjects of its pages, with the session they are about.
    """

    quotes: pl.DataFrame
    refused: pl.DataFrame
    tables: dict[str, pl.DataFrame]


def testimony(archive: Archive, source: Source, *, first: date, last: date) -> Testimony:
    """What the captures of ``source`` state of the days ``first`` to ``last``.

    Rows go to the day that the page states. A page that cannot be used is refused with its
    reason, under the last session that was asked for, and does not stop the others.
    """
    quotes: list[pl.DataFrame] = [pl.DataFrame(schema=QUOTES)]
    refused: list[dict[str, object]] = []
    tables: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for record in archive.captures(source.name, first, last + LATE):
        capture = archive.read(record)
        try:
            parsed = source.parse(capture)
        except SourceFailure as failure:
            refused.append(_unreadable(capture, failure))
            continue
        quotes.append(parsed.quotes)
        refused += [*_refusals(capture, parsed), *_lag(capture, parsed)]
        for subject, rows in parsed.tables.items():
            tables[subject].append(_dated(rows, capture))
    asked_for = pl.col("session").is_between(first, last)
    faults = pl.DataFrame(refused, schema=REFUSED)
    return Testimony(
        quotes=revisions(pl.concat(quotes).filter(asked_for)),
        refused=faults.filter(asked_for),
        tables={
            subject: _latest(pl.concat(frames).filter(asked_for))
            for subject, frames in tables.items()
        },
    )


def _latest(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each subject (the first column) and session the row of the latest capture."""
    key = [rows.columns[0], "session"]
    return rows.sort("known_at").unique(key, keep="last", maintain_order=True).sort(key)


def _lag(capture: Capture, parsed: Parsed) -> list[dict[str, object]]:
    """That a page of one session shows an earlier one: its rows go to the day it states."""
    newest = parsed.quotes["session"].max()
    one_session = capture.first_session == capture.last_session
    if not one_session or not isinstance(newest, date) or newest >= capture.last_session:
        return []
    reason = f"lagging: the page of {capture.last_session} shows {newest}"
    return [_refused_page(capture, "lag", reason, f"{capture.key} {capture.url}")]


def _dated(rows: pl.DataFrame, capture: Capture) -> pl.DataFrame:
    """``rows`` with a session: their own, or the last one that was asked for."""
    if "session" in rows.columns:
        return rows
    return rows.with_columns(session=pl.lit(capture.last_session))


def _unreadable(capture: Capture, failure: SourceFailure) -> dict[str, object]:
    reason = f"{type(failure).__name__}: {failure}"
    page = f"{capture.key} {capture.url} ({capture.status}, {len(capture.body)} bytes)"
    return _refused_page(capture, "page", reason, page)


def _refused_page(capture: Capture, kind: Kind, reason: str, text: str) -> dict[str, object]:
    return {
        "source": capture.source,
        "session": capture.last_session,
        "capture_id": capture.capture_id,
        "kind": kind,
        "reason": reason,
        "text": text,
    }


def _refusals(capture: Capture, parsed: Parsed) -> list[dict[str, object]]:
    return [
        {
            "source": capture.source,
            "session": row.session or capture.last_session,
            "ticker": row.ticker,
            "capture_id": capture.capture_id,
            "kind": row.kind,
            "reason": row.reason,
            "text": row.text,
        }
        for row in parsed.refused
    ]

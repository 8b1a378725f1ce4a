"""What a source says: its captures parsed into rows, and what of them could not be read."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import polars as pl

from market_assets.defs.readings import Readings
from market_assets.domain.refusals import REFUSED, Kind
from market_assets.sources.source import Parsed, Source
from market_assets.web.failures import SourceFailure
from market_assets.web.messages import Capture

QUARANTINE = "quality.quarantine"
QUOTES_SUBJECT = "quotes"
"""The subject of ``Parsed.quotes``; ``Parsed.tables`` names the others."""
STAMPS = ("capture_id", "known_at")
"""The columns that tell of the capture, not of what it says."""
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True, kw_only=True)
class Testimony:
    """All that a source said of a range of days, by subject, and what could not be read.

    ``tables`` have every row of every capture, each with its session; ``refused`` the schema
    REFUSED.
    """

    tables: dict[str, pl.DataFrame]
    refused: pl.DataFrame

    def between(self, first: date, last: date) -> "Testimony":
        """What is said of the days ``first`` to ``last``."""
        asked_for = pl.col("session").is_between(first, last)
        return Testimony(
            tables={subject: rows.filter(asked_for) for subject, rows in self.tables.items()},
            refused=self.refused.filter(asked_for),
        )

    def all(self, subject: str, schema: pl.Schema) -> pl.DataFrame:
        """All that was ever said about ``subject``."""
        return self.tables.get(subject, pl.DataFrame(schema=schema))

    def latest(self, subject: str, schema: pl.Schema) -> pl.DataFrame:
        """Of each thing (the first column) and session what the latest capture says of it.

        The row is that of the first capture that said so since another said something else: a page
        that repeats what was known changes nothing, whether it is read along with the day or later.
        """
        rows = self.all(subject, schema)
        thing = (rows.columns[0], "session")
        values = [name for name in rows.columns if name not in STAMPS]
        newest = rows.filter(pl.col("known_at") == pl.col("known_at").max().over(thing))
        other = rows.join(newest, on=values, how="anti", nulls_equal=True)
        until = other.group_by(thing).agg(until=pl.col("known_at").max())
        since = rows.join(until, on=thing, how="left").filter(
            (pl.col("known_at") > pl.col("until")).fill_null(value=True)
        )
        first = since.drop("until").sort("known_at", "capture_id").unique(values, keep="first")
        again = newest.select(values).join(first, on=values, nulls_equal=True)
        return again.select(rows.columns).sort(thing)


def testimony(
    readings: Readings, source: Source, *, first: date, last: date, main: str
) -> Testimony:
    """What the captures of ``source`` state that were asked for days in ``first`` to ``last``.

    Rows go to the day that the page states. A page that cannot be used is refused with its
    reason, under the session that was asked for, and does not stop the others. A page that was
    asked for one session, alone or among the questions of a conversation about many, and whose
    rows about ``main`` are of an earlier one is noted as lagging.
    """
    refused: list[dict[str, object]] = []
    tables: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for capture, parsed in readings.between(source, first=first, last=last):
        if isinstance(parsed, SourceFailure):
            refused.append(_unreadable(capture, parsed))
            continue
        subjects = {QUOTES_SUBJECT: parsed.quotes, **parsed.tables}
        refused += [*_refusals(capture, parsed), *_lag(capture, subjects.get(main))]
        for subject, rows in subjects.items():
            tables[subject].append(_dated(rows, capture))
    return Testimony(
        tables={subject: pl.concat(rows) for subject, rows in tables.items()},
        refused=pl.DataFrame(refused, schema=REFUSED),
    )


def _lag(capture: Capture, rows: pl.DataFrame | None) -> list[dict[str, object]]:
    """That a page of one session shows an earlier one: its rows go to the day it states."""
    newest = rows["session"].max() if rows is not None else None
    asked = _one_session(capture)
    if asked is None or not isinstance(newest, date) or newest >= asked:
        return []
    reason = f"lagging: the page of {asked} shows {newest}"
    return [_refused_page(capture, "lag", reason, f"{capture.key} {capture.url}")]


def _one_session(capture: Capture) -> date | None:
    """The session that a page alone was asked for, by its key or else by its conversation."""
    days = DAY.findall(capture.key)
    if len(days) == 1:
        return date.fromisoformat(days[0])
    return capture.last_session if capture.first_session == capture.last_session else None


def _dated(rows: pl.DataFrame, capture: Capture) -> pl.DataFrame:
    """``rows`` with a session: their own, or the last one that was asked for."""
    if "session" in rows.columns:
        return rows
    return rows.with_columns(session=pl.lit(capture.last_session))


def _unreadable(capture: Capture, failure: SourceFailure) -> dict[str, object]:
    reason = f"{type(failure).__name__}: {failure}"
    page = f"{capture.key} {capture.url} ({capture.status}, {len(capture.body)} bytes)"
    return _refused_page(capture, "page", reason, page)


def asked_session(capture: Capture) -> date:
    """The session that a page was asked for: its key may say, else the conversation's last one."""
    said = DAY.search(capture.key)
    return date.fromisoformat(said[0]) if said else capture.last_session


def _refused_page(capture: Capture, kind: Kind, reason: str, text: str) -> dict[str, object]:
    return {
        "source": capture.source,
        "session": asked_session(capture),
        "capture_id": capture.capture_id,
        "kind": kind,
        "reason": reason,
        "text": text,
    }


def _refusals(capture: Capture, parsed: Parsed) -> list[dict[str, object]]:
    return [
        {
            "source": capture.source,
            "session": row.session or asked_session(capture),
            "ticker": row.ticker,
            "capture_id": capture.capture_id,
            "kind": row.kind,
            "reason": row.reason,
            "text": row.text,
        }
        for row in parsed.refused
    ]

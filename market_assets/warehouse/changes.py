"""The log of what was replaced in the warehouse, so that a publication copies that and no more.

A version remembers the newest change it holds. That very change, number and instant, must still be
in the log: in another warehouse, in a copy put back, or after too many changes it is not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, TypeAlias

import duckdb

KEPT_CHANGES = 10_000
"""How many changes are remembered: some months of daily runs."""
LOG = "meta.changes"
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Days:
    """The rows from ``first`` to ``last``, both included, by the Date column ``column``."""

    column: str
    first: date
    last: date


Changes: TypeAlias = Mapping[str, tuple[Days, ...] | None]
"""The days of each table that changed; None: all of it was replaced."""


class Mark(NamedTuple):
    """A change by which a version says how far it got."""

    number: int
    noted_at: datetime


def note(connection: duckdb.DuckDBPyConnection, table: str, days: Days | None) -> None:
    """Remember, in the transaction of the change, that ``days`` (None: all) were replaced."""
    _create(connection)
    [(newest,)] = connection.execute(f"SELECT coalesce(max(number), 0) FROM {LOG}").fetchall()
    row = (days.column, days.first, days.last) if days else (None, None, None)
    connection.execute(
        f"INSERT INTO {LOG} VALUES (?, ?, ?, ?, ?, ?)",
        [newest + 1, datetime.now(UTC), table, *row],
    )
    connection.execute(f"DELETE FROM {LOG} WHERE number <= ?", [newest + 1 - KEPT_CHANGES])


def newest_mark(connection: duckdb.DuckDBPyConnection) -> Mark | None:
    """The newest change; None where there is none."""
    _create(connection)
    rows = connection.execute(
        f"SELECT number, noted_at FROM {LOG} ORDER BY number DESC LIMIT 1"
    ).fetchall()
    return Mark(*rows[0]) if rows else None


def changes_since(connection: duckdb.DuckDBPyConnection, mark: Mark | None) -> Changes | None:
    """What changed after ``mark``; None for a mark that is not in the log: nothing is known."""
    _create(connection)
    if mark is None:
        return None
    known = connection.execute(
        f"SELECT 1 FROM {LOG} WHERE number = ? AND noted_at = ?", list(mark)
    ).fetchall()
    if not known:
        return None
    rows = connection.execute(
        f'SELECT "table", "column", first, last FROM {LOG} WHERE number > ? ORDER BY number',
        [mark.number],
    ).fetchall()
    wholes = {table for table, column, _, _ in rows if column is None}
    spans: dict[str, list[Days]] = {}
    for table, column, first, last in rows:
        if table not in wholes:
            days = Days(column=column, first=first, last=last)
            spans.setdefault(table, []).append(days)
    return dict.fromkeys(wholes) | {table: merged(days) for table, days in spans.items()}


def merged(spans: Iterable[Days]) -> tuple[Days, ...]:
    """The same days, each once: spans of one column that overlap or touch become one."""
    found: list[Days] = []
    for each in sorted(spans, key=lambda days: (days.column, days.first)):
        before = found[-1] if found else None
        if before and before.column == each.column and each.first <= before.last + DAY:
            found[-1] = replace(before, last=max(before.last, each.last))
        else:
            found.append(each)
    return tuple(found)


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    """A warehouse that was made before there was a log gets one."""
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {LOG} (number BIGINT, noted_at TIMESTAMPTZ, "
        '"table" VARCHAR, "column" VARCHAR, first DATE, last DATE)'
    )

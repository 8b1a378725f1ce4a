"""What stands behind one number: its row, every source's statement, and where the bytes are."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Any, TypeAlias

import polars as pl

from market_assets.calendars.sessions import bounds, is_session
from market_assets.provenance.trails import TRAILS, Trail
from market_assets.warehouse.names import table_identifier
from market_assets.web.archive import Archive
from market_assets.web.index import IndexRow

Row: TypeAlias = dict[str, Any]
Query: TypeAlias = Callable[[str, Sequence[object]], pl.DataFrame]
"""The rows of a query of one published version, its values bound to "?"."""

DAYS = ("as_of", "session", "effective", "reference_date")
"""What a table's days are called, the first of these that it has."""
COMPARED = ("base_session", "list_before", "reference_date")
"""Columns that name the other days whose values a row is made of."""
COLUMNS = """
SELECT schema_name || '.' || table_name AS name, list(column_name) AS columns
FROM duckdb_columns() WHERE schema_name = ? GROUP BY name ORDER BY name
"""


class Unexplained(Exception):
    """There is no such row, or no table that can be explained; the message says which there are."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a source says of a line; ``capture`` is None where the file with its bytes is missing.

    ``repeated``: the same page states it once more.
    """

    source: str
    known_at: datetime
    replaced_at: datetime | None
    stated: Row
    capture_id: str
    capture: IndexRow | None
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The ``rows`` of a table and what they are computed from.

    ``origin``: the table of statements they are computed from alone; ``main`` with ``main_rows``:
    the table they are computed from, None where they are its own. ``said``: every source that is
    asked, with its statements, maybe none. ``faults``: titled rows of the tables of faults.
    """

    table: str
    line: str
    session: date
    rows: list[Row]
    origin: str | None
    main: str | None
    main_rows: list[Row]
    said: list[tuple[str, list[Statement]]]
    faults: list[tuple[str, list[Row]]]


def explanation(
    query: Query, archive: Archive, *, table: str, line: str, session: date | None
) -> Explanation:
    """What stands behind the row of ``line`` and ``session`` in ``table``.

    ``line`` is a ticker, a stock's code with or without its leading zeros, a currency, the id of an
    indicator and so on, in any case; without a session the newest is explained that the table has
    of it. Raises ``Unexplained``, and ``TableRefused`` for a name that is none.
    """
    name = table.lower()
    trail = _trail(query, name)
    look = _Look(query, archive, trail, _code(line) if trail.key == "code" else line)
    newest = look.newest(name)
    if newest is None:
        raise Unexplained(f"{table} has no row of {line} at all{look.why_none()}")
    day = session or newest
    rows = look.rows(name, day)
    if not rows:
        closed = _closed(trail.mic, day)
        raise Unexplained(f"{table} has no row of {line} on {day}{closed}; newest: {newest}")
    origin = trail.origins.get(name)
    derived = origin is None and name != trail.main
    days = _days(rows, day)
    main_rows = look.each(trail.main, days) if derived else []
    said = look.listed(origin, days) if origin else look.said(_spoken_of(rows, day))
    if not any(statements for _, statements in said):
        said = look.own(main_rows or rows) or said
    return Explanation(
        table=table,
        line=str(rows[0][trail.key]),
        session=day,
        rows=rows,
        origin=origin,
        main=trail.main if derived else None,
        main_rows=main_rows,
        said=said,
        faults=[] if origin else look.faults(day),
    )


def _closed(mic: str, session: date) -> str:
    """Why no row can be of ``session``; empty where one could."""
    first, last = bounds(mic)
    if not first <= session <= last:
        return f"; the calendar of {mic} knows {first} to {last}"
    return "" if is_session(mic, session) else f", which is not a session of {mic}"


def _code(line: str) -> str:
    if not re.fullmatch(r"[0-9]{1,5}", line):
        raise Unexplained(f"{line} is no stock's code: up to five digits, such as 700 or 00700")
    return line.zfill(5)


def _days(rows: Iterable[Row], session: date) -> list[date]:
    """The session and those that ``rows`` are compared with, newest first."""
    others = {row[name] for row in rows for name in COMPARED if row.get(name)}
    return sorted({session, *others}, reverse=True)


def _spoken_of(rows: Sequence[Row], session: date) -> date:
    """The day that the sources speak of: the rows' own, where they say one beside the session."""
    return rows[0].get("reference_date") or session


def _day_column(columns: Sequence[str]) -> str | None:
    return next((name for name in DAYS if name in columns), None)


def _trail(query: Query, table: str) -> Trail:
    """The trail of ``table``; refused where none can explain it."""
    table_identifier(table)
    explained: list[str] = []
    for trail in TRAILS:
        names = _Look(query, None, trail, "").explained
        if table in names:
            return trail
        explained += names
    raise Unexplained(
        f"{table} is no published table with a column for a line (as ticker or code) and one for a "
        f"day; these can be explained: {', '.join(sorted({*explained}))}"
    )


@dataclass(frozen=True)
class _Look:
    """Looks up what is behind one line of a trail."""

    query: Query
    archive: Archive | None
    trail: Trail
    line: str

    @cached_property
    def tables(self) -> dict[str, list[str]]:
        """The columns of every table of the trail's schemas."""
        schemas = {self.trail.schema, self.trail.main.partition(".")[0], "quality"}
        return {
            name: columns
            for schema in sorted(schemas)
            for name, columns in self.query(COLUMNS, [schema]).rows()
        }

    @property
    def explained(self) -> list[str]:
        """The tables that can be explained."""
        return [
            name
            for name, columns in self.tables.items()
            if name.startswith(f"{self.trail.schema}.")
            and self.trail.key in columns
            and _day_column(columns)
        ]

    def rows(
        self,
        table: str,
        session: date,
        *conditions: str,
        key: str | None = None,
        day: str | None = None,
    ) -> list[Row]:
        """The rows of the line on one day; none where there is no such table."""
        day = day or _day_column(self.tables.get(table, ()))
        if day is None:
            return []
        # The name is quoted by table_identifier, columns and conditions are ours, values are bound.
        where = " AND ".join([self._named(key or self.trail.key), f"{day} = ?", *conditions])
        query = f"SELECT * FROM {table_identifier(table)} WHERE {where}"  # noqa: S608
        return self.query(query, [self.line, session]).rows(named=True)

    def each(self, table: str, days: Iterable[date]) -> list[Row]:
        """The rows of the line on ``days``."""
        return [row for day in days for row in self.rows(table, day)]

    def newest(self, table: str) -> date | None:
        """The newest day that ``table`` has of the line."""
        key, day = self.trail.key, _day_column(self.tables[table])
        query = f"SELECT max({day}) FROM {table_identifier(table)} WHERE {self._named(key)}"  # noqa: S608
        return self.query(query, [self.line]).item()

    def why_none(self) -> str:
        """What else is known of the line, or which known lines are like it."""
        key, main = self.trail.key, self.trail.main
        query = f"SELECT DISTINCT upper({key}::VARCHAR) FROM {table_identifier(main)}"  # noqa: S608
        known = self.query(query, []).to_series().to_list()
        if self.line.upper() in known:
            return f"; {main} has"
        near = ", ".join(get_close_matches(self.line.upper(), known))
        return f": no such {key} is known" + (f"; did you mean {near}?" if near else "")

    def listed(self, origin: str, days: list[date]) -> list[tuple[str, list[Statement]]]:
        """The statements of the table ``origin`` on ``days``, each under its source."""
        statements = [self._statement(row) for row in self.each(origin, days)]
        return [(statement.source, [statement]) for statement in statements]

    def own(self, rows: Iterable[Row]) -> list[tuple[str, list[Statement]]]:
        """What rows that are a statement each say for themselves."""
        stating = [row for row in rows if row.get("capture_id") and row.get("known_at")]
        return [(row["source"], [self._statement(row)]) for row in stating]

    def said(self, session: date) -> list[tuple[str, list[Statement]]]:
        """What each source says of the day."""
        said: list[tuple[str, list[Statement]]] = []
        for source in self.trail.sources:
            table = self.trail.statements.format(source=source.name)
            if table in self.tables:
                rows = self.rows(table, session, day=self.trail.day)
                statements = [
                    self._statement(row, repeated=row in rows[:number])
                    for number, row in enumerate(rows)
                ]
                said.append((source.name, statements))
        for table, condition in self.trail.besides:
            for row in self.rows(table, session, condition):
                statement = self._statement(row)
                said.append((statement.source, [statement]))
        return said

    def faults(self, session: date) -> list[tuple[str, list[Row]]]:
        """What is told against the line, without what is the same in every row."""
        found: list[tuple[str, list[Row]]] = []
        for title, table, key in self.trail.faults:
            rows = [
                {name: value for name, value in row.items() if name not in (key, "session")}
                for row in self.rows(table, session, key=key)
            ]
            if rows:
                found.append((title, rows))
        return found

    @staticmethod
    def _named(key: str) -> str:
        return f"upper({key}::VARCHAR) = upper(?)"

    def _statement(self, row: Row, *, repeated: bool = False) -> Statement:
        try:
            capture = self.archive.row(row["capture_id"]) if self.archive else None
        except LookupError:
            capture = None
        return Statement(
            source=row["source"],
            known_at=row["known_at"],
            replaced_at=row.get("replaced_at"),
            stated={name: row[name] for name in self.trail.stated if row.get(name) is not None},
            capture_id=row["capture_id"],
            capture=capture,
            repeated=repeated,
        )

"""What stands behind one number: its row, every source's statement, and where the bytes are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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

EXPLAINED = """
SELECT schema_name || '.' || table_name AS name FROM duckdb_columns()
WHERE schema_name = ? AND column_name IN (?, 'session')
GROUP BY name HAVING count(*) = 2 ORDER BY name
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
    query: Query, archive: Archive, *, table: str, line: str, session: date
) -> Explanation:
    """What stands behind the row of ``line`` and ``session`` in ``table``.

    ``line`` is a ticker, or a stock's code with or without its leading zeros. Raises
    ``Unexplained``, and ``TableRefused`` for a name that is none.
    """
    trail = _trail(query, table)
    line = line.zfill(5) if trail.key == "code" else line
    look = _Look(query, archive, trail, line)
    rows = look.rows(table, session)
    if not rows:
        raise Unexplained(f"{table} has no row of {line} on {session}{_closed(trail.mic, session)}")
    origin = trail.origins.get(table.lower())
    derived = origin is None and table.lower() != trail.main
    days = _days(rows, session, "base_session") if derived else []
    return Explanation(
        table=table,
        line=line,
        session=session,
        rows=rows,
        origin=origin,
        main=trail.main if derived else None,
        main_rows=[row for day in days for row in look.rows(trail.main, day)],
        said=look.listed(origin, _days(rows, session, "list_before"))
        if origin
        else look.said(session),
        faults=[] if origin else look.faults(session),
    )


def _closed(mic: str, session: date) -> str:
    """Why no row can be of ``session``; empty where one could."""
    first, last = bounds(mic)
    if not first <= session <= last:
        return f"; the calendar of {mic} knows {first} to {last}"
    return "" if is_session(mic, session) else f", which is not a session of {mic}"


def _days(rows: list[Row], session: date, compared: str) -> list[date]:
    """The session and those that ``rows`` are compared with, newest first."""
    before = {row[compared] for row in rows if row.get(compared)}
    return sorted({session, *before}, reverse=True)


def _trail(query: Query, table: str) -> Trail:
    """The trail of the market that ``table`` is of; refused where none can explain it."""
    table_identifier(table)
    explained: list[str] = []
    for trail in TRAILS:
        names = query(EXPLAINED, [trail.schema, trail.key])["name"].to_list()
        if table.lower() in names:
            return trail
        explained += names
    raise Unexplained(
        f"{table} is no published table with the columns ticker (or code) and session; "
        f"these can be explained: {', '.join(explained)}"
    )


@dataclass(frozen=True)
class _Look:
    """Looks up what is behind one line of a trail."""

    query: Query
    archive: Archive
    trail: Trail
    line: str

    def rows(
        self, table: str, session: date, *conditions: str, key: str | None = None
    ) -> list[Row]:
        # The name is quoted by table_identifier, key and conditions are ours; the values are bound.
        where = " AND ".join([f"{key or self.trail.key} = ?", "session = ?", *conditions])
        query = f"SELECT * FROM {table_identifier(table)} WHERE {where}"  # noqa: S608
        return self.query(query, [self.line, session]).rows(named=True)

    def listed(self, origin: str, days: list[date]) -> list[tuple[str, list[Statement]]]:
        """The statements of the table ``origin`` on ``days``, each under its source."""
        statements = [self._statement(row) for day in days for row in self.rows(origin, day)]
        return [(statement.source, [statement]) for statement in statements]

    def said(self, session: date) -> list[tuple[str, list[Statement]]]:
        """What each source says of the session."""
        trail = self.trail
        tables = self.query(EXPLAINED, [trail.schema, trail.key])["name"].to_list()
        said: list[tuple[str, list[Statement]]] = []
        for source in trail.sources:
            table = f"{trail.schema}.{source.name}_{trail.statements}"
            if table in tables:
                rows = self.rows(table, session)
                statements = [
                    self._statement(row, repeated=row in rows[:number])
                    for number, row in enumerate(rows)
                ]
                said.append((source.name, statements))
        for table, condition in trail.besides:
            if table in tables:
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

    def _statement(self, row: Row, *, repeated: bool = False) -> Statement:
        try:
            capture = self.archive.row(row["capture_id"])
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

"""What the published tables hold of one line: its rows, what each source says, what is wrong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Any, TypeAlias

import polars as pl

from market_assets.provenance.trails import Trail
from market_assets.warehouse.names import table_identifier
from market_assets.web.archive import Archive
from market_assets.web.index import IndexRow

Row: TypeAlias = dict[str, Any]
Query: TypeAlias = Callable[[str, Sequence[object]], pl.DataFrame]
"""The rows of a query of one published version, its values bound to "?"."""

DAYS = ("as_of", "session", "effective", "reference_date")
"""What a table's days are called, the first of these that it has."""
COLUMNS = """
SELECT schema_name || '.' || table_name AS name, list(column_name) AS columns
FROM duckdb_columns() WHERE schema_name = ? GROUP BY name ORDER BY name
"""

PATH = ("path", "sources", "reference_dates")
"""Of a cross rate: its currencies, and of each leg between two whose rate it is, and of when."""
LEG = """
SELECT * FROM {table} WHERE source = ? AND reference_date = TRY_CAST(? AS DATE)
AND (base, quote) IN ((?, ?), (?, ?))
"""
"""A day that no run has made anew since its legs are dated has none."""


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


def day_column(columns: Sequence[str]) -> str | None:
    """The column that says the day of a table's rows; None where none does."""
    return next((name for name in DAYS if name in columns), None)


@dataclass(frozen=True)
class Look:
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
            and day_column(columns)
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
        day = day or day_column(self.tables.get(table, ()))
        if day is None:
            return []
        where = " AND ".join([self._named(key or self.trail.key), f"{day} = ?", *conditions])
        query = f"SELECT * FROM {table_identifier(table)} WHERE {where}"  # noqa: S608 -- ours
        return self.query(query, [self.line, session]).rows(named=True)

    def each(self, table: str, days: Iterable[date]) -> list[Row]:
        """The rows of the line on ``days``."""
        return [row for day in days for row in self.rows(table, day)]

    def newest(self, table: str) -> date | None:
        """The newest day that ``table`` has of the line."""
        key, day = self.trail.key, day_column(self.tables[table])
        query = f"SELECT max({day}) FROM {table_identifier(table)} WHERE {self._named(key)}"  # noqa: S608 -- ours
        return self.query(query, [self.line]).item()

    def why_none(self) -> str:
        """What else is known of the line, or which known lines are like it."""
        key, main = self.trail.key, self.trail.main
        query = f"SELECT DISTINCT {key}::VARCHAR FROM {table_identifier(main)}"  # noqa: S608 -- ours
        known = {name.upper(): name for name in self.query(query, []).to_series()}
        if self.line.upper() in known:
            return f"; {main} has"
        near = ", ".join(known[name] for name in get_close_matches(self.line.upper(), known))
        return f": no such {key} is known" + (f"; did you mean {near}?" if near else "")

    def listed(self, origin: str, days: list[date]) -> list[tuple[str, list[Statement]]]:
        """The statements of the table ``origin`` on ``days``, each under its source."""
        statements = [self._statement(row) for row in self.each(origin, days)]
        return [(statement.source, [statement]) for statement in statements]

    def legs(self, origin: str, rows: Iterable[Row]) -> list[tuple[str, list[Statement]]]:
        """The statements of ``origin`` that each leg of the paths of ``rows`` was taken from."""
        query = LEG.format(table=table_identifier(origin))
        used: dict[tuple[object, ...], Row] = {}
        for row in rows:
            ends, *legs = (str(row.get(name) or "").split(">") for name in PATH)
            for base, quote, source, day in zip(ends, ends[1:], *legs, strict=False):
                found = self.query(query, [source, day, base, quote, quote, base])
                used |= {tuple(each.values()): each for each in found.rows(named=True)}
        statements = [self._statement(row) for row in used.values()]
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

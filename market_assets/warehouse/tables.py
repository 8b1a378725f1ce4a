"""The warehouse: tables of sessions in one DuckDB file, replaced whole or not at all.

It knows no market and no Dagster. Types: DATE, TIMESTAMPTZ (UTC), BIGINT, INTEGER, DOUBLE, VARCHAR,
BOOLEAN and VARCHAR[]; what was written is read back with the same polars types.
"""

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from market_assets.warehouse.columns import definition, fit, known_columns
from market_assets.warehouse.failures import TableRefused, WarehouseBusy
from market_assets.warehouse.frames import frame_of, insert
from market_assets.warehouse.names import identifier, schema_and_name, table_identifier
from market_assets.warehouse.opening import Mode, opened


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """New rows for the sessions ``first`` to ``last`` (both included) of ``table``.

    ``column`` is the Date column that says a row's session. Of a table that several writers
    share, only the rows whose column ``owner[0]`` is ``owner[1]`` are replaced.
    """

    table: str
    frame: pl.DataFrame
    first: date
    last: date
    column: str = "session"
    owner: tuple[str, str] | None = None


class Warehouse:
    """One DuckDB file of one mode. Tables are named "schema.name".

    ``patience`` is how many seconds another holder of the file is waited for.
    """

    def __init__(self, path: Path, *, mode: Mode, patience: float = 60.0) -> None:
        self.path = path
        self.mode: Mode = mode
        self.patience = patience
        self._in_use = threading.Lock()

    @contextmanager
    def connected(self) -> Generator[duckdb.DuckDBPyConnection]:
        """The one connection, opened and closed here; never one inside another.

        Raises what ``opening.opened`` raises.
        """
        if not self._in_use.acquire(timeout=self.patience):
            raise WarehouseBusy(f"{self.path} is already open in this process; close that first")
        try:
            with opened(self.path, mode=self.mode, patience=self.patience) as connection:
                yield connection
        finally:
            self._in_use.release()

    def replace_sessions(
        self, table: str, frame: pl.DataFrame, *, first: date, last: date, column: str = "session"
    ) -> None:
        """Replace exactly the rows of ``first`` to ``last`` by ``frame``, in one transaction.

        The table is created from the frame's schema, also from an empty frame; a column it does
        not know is added, one that the frame lacks is null in these rows. Rows are kept by
        session, then in the given order. Raises ``TableRefused``, with nothing written, for a
        row outside the range, a changed type or a type not in ``TYPES``.
        """
        self.replace_many(
            [Replacement(table=table, frame=frame, first=first, last=last, column=column)]
        )

    def replace_many(self, replacements: Sequence[Replacement]) -> None:
        """``replace_sessions`` for several tables, all in one transaction."""
        for replacement in replacements:
            _refuse_rows_outside(replacement)
        with self._transaction() as connection:
            for each in replacements:
                fit(connection, each.table, each.frame)
                target, column = table_identifier(each.table), identifier(each.column)
                delete = f"DELETE FROM {target} WHERE {column} BETWEEN ? AND ?"
                values: list[object] = [each.first, each.last]
                if each.owner:
                    delete += f" AND {identifier(each.owner[0])} = ?"
                    values.append(each.owner[1])
                connection.execute(delete, values)
                insert(connection, target, each.frame.sort(each.column, maintain_order=True))

    def replace_table(self, table: str, frame: pl.DataFrame) -> None:
        """Replace the whole table, its columns included, in one transaction."""
        schema, _ = schema_and_name(table)
        with self._transaction() as connection:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(schema)}")
            connection.execute(f"CREATE OR REPLACE TABLE {definition(table, frame)}")
            insert(connection, table_identifier(table), frame)

    def read(
        self,
        table: str,
        *,
        columns: Sequence[str] | None = None,
        first: date | None = None,
        last: date | None = None,
        column: str = "session",
    ) -> pl.DataFrame | None:
        """The rows of ``first`` to ``last`` (None: no bound) by session, or None: no such table.

        Within a session rows come in the order they were given. A table without ``column`` has
        its own order and no bounds.
        """
        with self.connected() as connection:
            known = known_columns(connection, table)
            if not known:
                return None
            wanted = ", ".join(map(identifier, known if columns is None else columns))
            bounds = [(">=", first), ("<=", last)]
            where = [f"{identifier(column)} {sign} ?" for sign, bound in bounds if bound]
            order = [identifier(column), "rowid"] if column in known else ["rowid"]
            return frame_of(
                connection,
                f"SELECT {wanted} FROM {table_identifier(table)} "
                f"WHERE {' AND '.join(['true', *where])} ORDER BY {', '.join(order)}",
                [bound for _, bound in bounds if bound],
            )

    def sessions(self, table: str, *, column: str = "session") -> list[date]:
        """The sessions that have rows, ascending; none where there is no such table."""
        with self.connected() as connection:
            if not known_columns(connection, table):
                return []
            return _distinct(connection, table, column, after=date.min, before=date.max)

    def newest_sessions(
        self, table: str, *, before: date, count: int, column: str = "session"
    ) -> list[date]:
        """The last ``count`` sessions with rows before ``before`` (excluded), ascending.

        It looks back only as far as it must, so the cost does not grow with the history.
        """
        days = 2 * count + 14
        with self.connected() as connection:
            if not known_columns(connection, table):
                return []
            while True:
                after = date.fromordinal(max(date.min.toordinal(), before.toordinal() - days))
                found = _distinct(connection, table, column, after=after, before=before)
                if len(found) >= count or after == date.min:
                    return found[max(0, len(found) - count) :]
                days *= 8

    def spans(self, table: str, *, key: str, amount: str, before: date) -> pl.DataFrame:
        """The first and last session of each ``key`` before ``before``: key, first, last.

        Rows whose ``amount`` is 0 do not count; those whose amount is not known do.
        """
        with self.connected() as connection:
            if not known_columns(connection, table):
                return pl.DataFrame(schema={key: pl.String, "first": pl.Date, "last": pl.Date})
            return frame_of(
                connection,
                f"SELECT {identifier(key)}, min(session) AS first, max(session) AS last "
                f"FROM {table_identifier(table)} "
                f"WHERE session < ? AND {identifier(amount)} IS DISTINCT FROM 0 "
                "GROUP BY ALL ORDER BY ALL",
                [before],
            )

    @contextmanager
    def _transaction(self) -> Generator[duckdb.DuckDBPyConnection]:
        with self.connected() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")


def _distinct(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, *, after: date, before: date
) -> list[date]:
    name = identifier(column)
    rows = connection.execute(
        f"SELECT DISTINCT {name} FROM {table_identifier(table)} "
        f"WHERE {name} >= ? AND {name} < ? ORDER BY 1",
        [after, before],
    ).fetchall()
    return [row[0] for row in rows]


def _refuse_rows_outside(replacement: Replacement) -> None:
    table, column = replacement.table, replacement.column
    first, last = replacement.first, replacement.last
    if first > last:
        raise TableRefused(f"{table}: the sessions {first} to {last} end before they begin")
    if replacement.frame.schema.get(column) != pl.Date:
        raise TableRefused(f"{table}: the column {column!r} of the new rows is not a Date")
    inside = pl.col(column).is_between(first, last).fill_null(value=False)
    stray = replacement.frame.filter(~inside)[column]
    if len(stray):
        raise TableRefused(
            f"{table}: {len(stray)} of the new rows are outside {first} to {last}, "
            f"the first of {stray[0] or 'no session at all'}; nothing was written"
        )

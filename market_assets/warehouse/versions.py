"""What a published file says of itself, and bringing its tables up to what the warehouse holds.

The file under construction is attached as ``published``; names and links of files are not known
here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from market_assets.warehouse.changes import Changes, Days, Mark, changes_since
from market_assets.warehouse.names import (
    OWN_SCHEMA,
    identifier,
    literal,
    schema_and_name,
    table_identifier,
)
from market_assets.warehouse.opening import Mode

TWICE = 2
SPARE_BYTES = 8 * 2**20
Shape = Sequence[tuple[str, str]]
"""The columns of a table and their types, in order."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """A published file.

    ``whole_bytes``: its size when it was last made whole. ``marks``: up to which change it holds
    the tables of each schema.
    """

    path: Path
    size: int
    whole_bytes: int
    marks: Mapping[str, Mark]

    def overgrown(self) -> bool:
        """Whether it is time to make it whole again: it has doubled since, and 8 MiB more.

        History that grows does that too, each time after twice as many years.
        """
        return self.size > TWICE * self.whole_bytes + SPARE_BYTES


def version_at(connection: duckdb.DuckDBPyConnection, link: Path) -> Version | None:
    """The version that ``link`` leads to, attached as ``before``.

    None where there is none, or a damaged one: then everything is published anew.
    """
    if not link.exists():
        return None
    path = link.resolve()
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS before (READ_ONLY)")
    except (duckdb.IOException, duckdb.SerializationException):
        return None
    size = path.stat().st_size
    try:
        [(whole_bytes,)] = connection.execute(
            "SELECT whole_bytes FROM before.meta.publication"
        ).fetchall()
        marks = connection.execute("FROM before.meta.marks").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        whole_bytes, marks = 0, []
    return Version(
        path=path,
        size=size,
        whole_bytes=size if whole_bytes is None else whole_bytes,
        marks={schema: Mark(number, noted_at) for schema, number, noted_at in marks},
    )


def shapes(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, Shape]:
    """The tables ("schema.name") of an attached database, by name, and their columns."""
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, "
        "list((column_name, data_type) ORDER BY column_index) "
        "FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, schema_name, table_name) "
        "WHERE database_name = ? AND schema_name <> ? GROUP BY 1 ORDER BY 1",
        [database, OWN_SCHEMA],
    ).fetchall()
    return dict(rows)


def schema_of(table: str) -> str:
    """The first half of "schema.name"."""
    return schema_and_name(table)[0]


def changes_since_version(
    connection: duckdb.DuckDBPyConnection, schemas: Sequence[str], before: Version | None
) -> Changes | None:
    """What changed in ``schemas`` since ``before``; None: make the file whole instead.

    That is where there is no version, where it has overgrown, and where the log does not reach
    back to it.
    """
    if before is None or before.overgrown():
        return None
    changes: dict[str, tuple[Days, ...] | None] = {}
    for schema, mark in marks_of(before, schemas).items():
        changed = changes_since(connection, mark)
        if changed is None:
            return None
        changes |= {table: days for table, days in changed.items() if schema_of(table) == schema}
    return changes


def marks_of(before: Version | None, schemas: Sequence[str]) -> dict[str, Mark | None]:
    """How far the version before has each of ``schemas``; None: not known."""
    return {schema: before.marks.get(schema) if before else None for schema in schemas}


def keep_only(
    connection: duckdb.DuckDBPyConnection, tables: Collection[str], carried: Sequence[str]
) -> list[str]:
    """Drop from ``published`` its views and what is neither in ``tables`` nor of ``carried``.

    The names of the tables of ``carried``.
    """
    views = connection.execute(
        "SELECT schema_name || '.' || view_name FROM duckdb_views() "
        "WHERE database_name = 'published' AND NOT internal"
    ).fetchall()
    for (view,) in views:
        connection.execute(f"DROP VIEW published.{table_identifier(view)}")
    kept: list[str] = []
    for table in shapes(connection, "published"):
        if schema_of(table) in carried:
            kept.append(table)
        elif table not in tables:
            connection.execute(f"DROP TABLE published.{table_identifier(table)}")
    return kept


def carry(connection: duckdb.DuckDBPyConnection, schemas: Sequence[str]) -> list[str]:
    """Copy the tables of ``schemas`` from ``before`` into a new file; their names."""
    tables = [each for each in shapes(connection, "before") if schema_of(each) in schemas]
    for table in tables:
        _copy_whole(connection, table, origin="before.")
    return tables


def bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Shape], changes: Changes
) -> None:
    """Make ``tables`` in ``published`` what they are in the warehouse, given what changed since.

    Only changed days are written, except of a table that is new, has other columns, was replaced
    whole, or would not have as many rows.
    """
    there = shapes(connection, "published")
    for table, shape in tables.items():
        days = changes.get(table, ())
        if days is None or there.get(table) != shape:
            _copy_whole(connection, table, origin="")
            continue
        for each in days:
            _copy_days(connection, table, each)
        if _rows(connection, table) != _rows(connection, table, database="published."):
            _copy_whole(connection, table, origin="")


def _copy_whole(connection: duckdb.DuckDBPyConnection, table: str, *, origin: str) -> None:
    """Put the whole table into ``published``, from the warehouse ("") or from "before."."""
    name = table_identifier(table)
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS published.{identifier(schema_of(table))}")
    connection.execute(
        f"CREATE OR REPLACE TABLE published.{name} AS SELECT * FROM {origin}{name} ORDER BY rowid"
    )


def _copy_days(connection: duckdb.DuckDBPyConnection, table: str, days: Days) -> None:
    name, column = table_identifier(table), identifier(days.column)
    between, bounds = f"WHERE {column} BETWEEN ? AND ?", [days.first, days.last]
    connection.execute(f"DELETE FROM published.{name} {between}", bounds)
    connection.execute(
        f"INSERT INTO published.{name} SELECT * FROM {name} {between} ORDER BY {column}, rowid",
        bounds,
    )


def _rows(connection: duckdb.DuckDBPyConnection, table: str, *, database: str = "") -> int:
    counted = f"SELECT count(*) FROM {database}{table_identifier(table)}"
    [(count,)] = connection.execute(counted).fetchall()
    return count


def sign(
    connection: duckdb.DuckDBPyConnection,
    *,
    version: str,
    mode: Mode,
    whole_bytes: int | None,
    marks: Mapping[str, Mark | None],
) -> None:
    """Say in ``published`` what it is; ``whole_bytes`` None: made whole, so as large as it is."""
    connection.execute("DROP SCHEMA IF EXISTS published.meta CASCADE")
    connection.execute("CREATE SCHEMA published.meta")
    connection.execute(
        "CREATE TABLE published.meta.publication AS SELECT ? AS version, "
        "?::TIMESTAMPTZ AS published_at, ? AS mode, ?::BIGINT AS whole_bytes",
        [version, datetime.now(UTC), mode, whole_bytes],
    )
    connection.execute(
        "CREATE TABLE published.meta.marks (schema VARCHAR, number BIGINT, noted_at TIMESTAMPTZ)"
    )
    for schema, mark in marks.items():
        if mark:
            connection.execute("INSERT INTO published.meta.marks VALUES (?, ?, ?)", [schema, *mark])

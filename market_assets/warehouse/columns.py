"""The columns of a table: which types are kept, and how a table comes to fit new rows."""

import duckdb
import polars as pl

from market_assets.warehouse.failures import TableRefused
from market_assets.warehouse.names import identifier, schema_and_name, table_identifier

TYPES: dict[pl.DataType, str] = {
    pl.Date(): "DATE",
    pl.Datetime("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
    pl.Int64(): "BIGINT",
    pl.Int32(): "INTEGER",
    pl.Float64(): "DOUBLE",
    pl.String(): "VARCHAR",
    pl.Boolean(): "BOOLEAN",
    pl.List(pl.String()): "VARCHAR[]",
}
"""The types a table may have, and DuckDB's name for each."""


def known_columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The table's columns and their types, in order; empty where there is no such table."""
    there = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = ? AND table_name = ?",
        schema_and_name(table),
    ).fetchall()
    if not there:
        return {}
    rows = connection.execute(f"DESCRIBE {table_identifier(table)}").fetchall()
    return {row[0]: row[1] for row in rows}


def _types(table: str, frame: pl.DataFrame) -> dict[str, str]:
    for column, dtype in frame.schema.items():
        if dtype not in TYPES:
            raise TableRefused(
                f"{table}: the column {column!r} is {dtype}, which is not kept; "
                f"cast it to one of {', '.join(map(str, TYPES))}"
            )
    return {column: TYPES[dtype] for column, dtype in frame.schema.items()}


def definition(table: str, frame: pl.DataFrame) -> str:
    """The table's name and columns as CREATE TABLE wants them, from the frame's schema."""
    types = _types(table, frame).items()
    columns = ", ".join(f"{identifier(column)} {kept_as}" for column, kept_as in types)
    return f"{table_identifier(table)} ({columns})"


def fit(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Create the table, or give it the columns of ``frame`` that it does not know yet.

    Raises ``TableRefused`` for a type that is not kept, or not the one the table has.
    """
    known, schema = known_columns(connection, table), schema_and_name(table)[0]
    if not known:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(schema)}")
        connection.execute(f"CREATE TABLE {definition(table, frame)}")
        return
    for column, kept_as in _types(table, frame).items():
        if column not in known:
            connection.execute(
                f"ALTER TABLE {table_identifier(table)} ADD COLUMN {identifier(column)} {kept_as}"
            )
        elif known[column] != kept_as:
            raise TableRefused(
                f"{table}: the column {column!r} is {known[column]} in the warehouse and "
                f"{kept_as} in the new rows; nothing was written"
            )

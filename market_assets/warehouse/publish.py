"""Published versions: immutable copies for readers, and the link to the newest whole one.

A version is built beside, synced and renamed, and only then does ``current.duckdb`` lead to it:
a kill at any moment leaves the link at a whole version. Open readers keep the file they have.
"""

import secrets
import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from market_assets.warehouse.failures import PublicationFailed
from market_assets.warehouse.files import BUILDING, held, place, point, sweep
from market_assets.warehouse.names import (
    identifier,
    literal,
    schema_and_name,
    table_identifier,
)
from market_assets.warehouse.opening import STORAGE_VERSION
from market_assets.warehouse.tables import Warehouse

CURRENT = "current.duckdb"
VERSIONS = "market-*.duckdb"
KEPT = 3
"""How many versions stay: readers that are slow to move on still find theirs."""
SPARE_BYTES = 8 * 2**20


@dataclass(frozen=True, kw_only=True)
class View:
    """A view of the published file: "schema.name", its query, and the tables this reads."""

    name: str
    sql: str
    reads: tuple[str, ...]


def publish(
    warehouse: Warehouse,
    directory: Path,
    *,
    schemas: Sequence[str],
    carried: Sequence[str],
    views: Sequence[View],
    facts: Mapping[str, str],
    order: Mapping[str, Sequence[str]],
) -> Path:
    """Publish every table of ``schemas`` as a new version and return its file.

    The tables of the schemas ``carried`` are taken over from the version before, if there is one.

    ``order`` says by which columns a table ("schema.name") is sorted for its readers; others
    keep the warehouse's order. A view is left out while a table it reads is absent. ``facts``
    go into ``meta.publication``. Raises ``PublicationFailed`` where there is nothing to publish
    or no room, ``WarehouseBusy`` while another process publishes.
    """
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(2)}"
    final = directory / f"market-{version}.duckdb"
    building = final.with_name(final.name + BUILDING)
    try:
        with held(directory, patience=warehouse.patience):
            sweep(directory, "*")
            try:
                with warehouse.connected() as connection, _attached(connection, building):
                    tables = _tables(connection, schemas)
                    _refuse_without_room(connection, directory)
                    _copy(connection, tables, order)
                    tables += _carry(connection, directory / CURRENT, carried)
                    _create_views(connection, views, tables)
                    _sign(connection, version, warehouse.mode, facts)
                building.chmod(0o444)
                place(building, final)
            finally:
                sweep(directory, "*")
            point(directory / CURRENT, final)
            _forget_old_versions(directory)
    except OSError as error:
        raise PublicationFailed(
            f"{final} could not be published: {error}; the version before stays"
        ) from error
    return final


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, building: Path) -> Generator[None]:
    """``building`` as the database ``published``, on disk to the last block at the end."""
    try:
        connection.execute(
            f"ATTACH {literal(str(building))} AS published (STORAGE_VERSION '{STORAGE_VERSION}')"
        )
        yield
        connection.execute("CHECKPOINT published")
        connection.execute("DETACH published")
    except duckdb.Error as error:
        raise PublicationFailed(
            f"{building} could not be built: {error}; the version before stays published"
        ) from error


def _tables(connection: duckdb.DuckDBPyConnection, schemas: Sequence[str]) -> list[str]:
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = "
        "current_database() AND list_contains(?::VARCHAR[], schema_name) ORDER BY 1",
        [list(schemas)],
    ).fetchall()
    if not rows:
        raise PublicationFailed(
            f"none of the schemas {', '.join(schemas)} has a table yet; "
            "the version before stays published: run `market-assets run` first"
        )
    return [row[0] for row in rows]


def _refuse_without_room(connection: duckdb.DuckDBPyConnection, directory: Path) -> None:
    [(used,)] = connection.execute(
        "SELECT used_blocks * block_size FROM pragma_database_size() "
        "WHERE database_name = current_database()"
    ).fetchall()
    needed, free = used + SPARE_BYTES, shutil.disk_usage(directory).free
    if free < needed:
        raise PublicationFailed(
            f"{directory} has {free / 2**20:.0f} MiB free and a new version may need "
            f"{needed / 2**20:.0f}; free disk space, the version before stays published"
        )


def _copy(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[str], order: Mapping[str, Sequence[str]]
) -> None:
    for table in tables:
        schema = identifier(schema_and_name(table)[0])
        columns = ", ".join([*map(identifier, order.get(table, ())), "rowid"])
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS published.{schema}")
        connection.execute(
            f"CREATE TABLE published.{table_identifier(table)} AS "
            f"SELECT * FROM {table_identifier(table)} ORDER BY {columns}"
        )


def _carry(
    connection: duckdb.DuckDBPyConnection, current: Path, schemas: Sequence[str]
) -> list[str]:
    """Copy the tables of ``schemas`` from the version before; their names."""
    if not current.exists():
        return []
    connection.execute(f"ATTACH {literal(str(current.resolve()))} AS before (READ_ONLY)")
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = "
        "'before' AND list_contains(?::VARCHAR[], schema_name) ORDER BY 1",
        [list(schemas)],
    ).fetchall()
    for (table,) in rows:
        connection.execute(
            f"CREATE SCHEMA IF NOT EXISTS published.{identifier(schema_and_name(table)[0])}"
        )
        connection.execute(
            f"CREATE TABLE published.{table_identifier(table)} AS "
            f"SELECT * FROM before.{table_identifier(table)} ORDER BY rowid"
        )
    connection.execute("DETACH before")
    return [table for (table,) in rows]


def _create_views(
    connection: duckdb.DuckDBPyConnection, views: Sequence[View], tables: Sequence[str]
) -> None:
    """Views name their tables without the database, so they are made from inside it."""
    [(home,)] = connection.execute("SELECT current_database()").fetchall()
    connection.execute("USE published")
    for view in views:
        if set(view.reads) <= set(tables):
            connection.execute(f"CREATE VIEW {table_identifier(view.name)} AS {view.sql}")
    connection.execute(f"USE {identifier(home)}")


def _sign(
    connection: duckdb.DuckDBPyConnection, version: str, mode: str, facts: Mapping[str, str]
) -> None:
    connection.execute("CREATE SCHEMA published.meta")
    connection.execute(
        "CREATE TABLE published.meta.publication (version VARCHAR, published_at TIMESTAMPTZ, "
        "mode VARCHAR, facts MAP(VARCHAR, VARCHAR))"
    )
    connection.execute(
        "INSERT INTO published.meta.publication VALUES (?, ?, ?, map(?::VARCHAR[], ?::VARCHAR[]))",
        [version, datetime.now(UTC), mode, list(facts), list(facts.values())],
    )


def _forget_old_versions(directory: Path) -> None:
    versions = sorted(directory.glob(VERSIONS))
    kept = {*versions[-KEPT:], directory / (directory / CURRENT).readlink()}
    for version in versions:
        if version not in kept:
            version.unlink()

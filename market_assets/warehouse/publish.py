"""Published versions: immutable files for readers, and the link to the newest whole one.

A version is built beside, from a copy of the one before in which the changed days are replaced,
synced and renamed, and only then does ``current.duckdb`` lead to it: a kill at any moment leaves
the link at a whole version. Open readers keep the file they have.
"""

import secrets
import shutil
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from market_assets.warehouse.changes import newest_mark
from market_assets.warehouse.failures import PublicationFailed
from market_assets.warehouse.files import BUILDING, held, place, point, sweep
from market_assets.warehouse.names import identifier, literal, table_identifier
from market_assets.warehouse.opening import STORAGE_VERSION
from market_assets.warehouse.tables import Warehouse
from market_assets.warehouse.versions import (
    SPARE_BYTES,
    Shape,
    Version,
    bring_up_to_date,
    carry,
    changes_since_version,
    keep_only,
    marks_of,
    schema_of,
    shapes,
    sign,
    version_at,
)

CURRENT = "current.duckdb"
VERSIONS = "market-*.duckdb"
KEPT = 3


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
    kept_versions: int = KEPT,
) -> Path:
    """Publish every table of ``schemas`` as a new version and return its file.

    The tables of the schemas ``carried`` stay as the version before has them, if there is one. A
    view is left out while a table it reads is absent. Of the versions ``kept_versions`` stay:
    readers that are slow to move on still find theirs.

    A session's rows are in the warehouse's order, and sessions in the order in which they were
    last written: who wants them by day says ORDER BY. Raises ``PublicationFailed`` where there is
    nothing to publish or no room, ``WarehouseBusy`` while another process publishes.
    """
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(2)}"
    final = directory / f"market-{version}.duckdb"
    building = final.with_name(final.name + BUILDING)
    try:
        with held(directory, patience=warehouse.patience):
            sweep(directory, "*")
            try:
                with warehouse.connected() as connection, _explained(building):
                    before = version_at(connection, directory / CURRENT)
                    tables = _tables(connection, schemas)
                    _refuse_without_room(connection, directory, before)
                    changes = changes_since_version(connection, schemas, before)
                    base = before if changes is not None else None
                    if base:
                        shutil.copyfile(base.path, building)
                    newest = newest_mark(connection)
                    with _attached(connection, building):
                        if base:
                            kept = keep_only(connection, tables, carried)
                        else:
                            kept = carry(connection, carried) if before else []
                        bring_up_to_date(connection, tables, changes or {})
                        _create_views(connection, views, {*tables, *kept})
                        sign(
                            connection,
                            version=version,
                            mode=warehouse.mode,
                            whole_bytes=base and base.whole_bytes,
                            marks=marks_of(before, carried) | dict.fromkeys(schemas, newest),
                        )
                building.chmod(0o444)
                place(building, final)
            finally:
                sweep(directory, "*")
            point(directory / CURRENT, final)
            forget_old_versions(directory, kept=kept_versions)
    except OSError as error:
        raise PublicationFailed(
            f"{final} could not be published: {error}; the version before stays published"
        ) from error
    return final


@contextmanager
def _explained(building: Path) -> Generator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise PublicationFailed(
            f"{building} could not be built: {error}; the version before stays published"
        ) from error


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, building: Path) -> Generator[None]:
    """``building`` as the database ``published``, written in one transaction.

    On disk to the last block at the end.
    """
    connection.execute(
        f"ATTACH {literal(str(building))} AS published (STORAGE_VERSION '{STORAGE_VERSION}')"
    )
    connection.execute("BEGIN")
    yield
    connection.execute("COMMIT")
    connection.execute("CHECKPOINT published")
    connection.execute("DETACH published")


def _tables(connection: duckdb.DuckDBPyConnection, schemas: Sequence[str]) -> dict[str, Shape]:
    [(home,)] = connection.execute("SELECT current_database()").fetchall()
    tables = {
        table: shape
        for table, shape in shapes(connection, home).items()
        if schema_of(table) in schemas
    }
    if not tables:
        raise PublicationFailed(
            f"none of the schemas {', '.join(schemas)} has a table yet; "
            "the version before stays published: run `market-assets run` first"
        )
    return tables


def _refuse_without_room(
    connection: duckdb.DuckDBPyConnection, directory: Path, before: Version | None
) -> None:
    [(used,)] = connection.execute(
        "SELECT used_blocks * block_size FROM pragma_database_size() "
        "WHERE database_name = current_database()"
    ).fetchall()
    needed = max(used, before.size if before else 0) + SPARE_BYTES
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise PublicationFailed(
            f"{directory} has {free / 2**20:.0f} MiB free and a new version may need "
            f"{needed / 2**20:.0f}; free disk space, the version before stays published"
        )


def _create_views(
    connection: duckdb.DuckDBPyConnection, views: Sequence[View], tables: Collection[str]
) -> None:
    """Views name their tables without the database, so they are made from inside it."""
    [(home,)] = connection.execute("SELECT current_database()").fetchall()
    connection.execute("USE published")
    for view in views:
        if set(view.reads) <= set(tables):
            connection.execute(f"CREATE VIEW {table_identifier(view.name)} AS {view.sql}")
    connection.execute(f"USE {identifier(home)}")


def forget_old_versions(directory: Path, *, kept: int) -> int:
    """Remove all but the newest versions and the one that is current; how many those were."""
    versions = sorted(directory.glob(VERSIONS))
    if not versions:
        return 0
    staying = {*versions[-kept:], directory / (directory / CURRENT).readlink()}
    gone = [version for version in versions if version not in staying]
    for version in gone:
        version.unlink(missing_ok=True)
    return len(gone)

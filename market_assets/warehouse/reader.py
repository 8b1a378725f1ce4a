"""What readers open: the published version of the moment, read-only and shut to the outside."""

import os
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import duckdb
import polars as pl

from market_assets.warehouse.failures import (
    NothingPublished,
    QueryRefused,
    QueryTooLong,
    WarehouseRefused,
)
from market_assets.warehouse.frames import Parameters, frame_of
from market_assets.warehouse.opening import CLOSED_CONFIG
from market_assets.warehouse.publish import CURRENT

LISTING = "SELECT schema, name FROM (SHOW ALL TABLES)"
READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
CONFIGURING = threading.Lock()
"""Held while a file is shut to the outside: two readers of a process may open it at once."""


@dataclass(frozen=True)
class Version:
    """One published version, open for reading: all its queries see the same rows."""

    path: Path
    connection: duckdb.DuckDBPyConnection

    def query(self, sql: str, params: Parameters, *, seconds: float) -> pl.DataFrame:
        """The rows of one statement that reads; ``QueryTooLong`` after ``seconds``.

        Otherwise as ``Published.query``.
        """
        watch = threading.Timer(seconds, self.connection.interrupt)
        watch.start()
        try:
            return _rows(self.connection, sql, params)
        except duckdb.InterruptException as error:
            raise QueryTooLong(f"the query was given up after {seconds:g} s") from error
        finally:
            watch.cancel()


class Published:
    """The newest version in ``directory``; each query sees one version, the newest at its start.

    Safe for use by many threads.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._pointer = str(directory / CURRENT)
        self._opening = threading.Lock()
        self._opened: tuple[Path, duckdb.DuckDBPyConnection] | None = None

    def current(self) -> Path:
        """The file of the newest version; raises ``NothingPublished``."""
        try:
            return (self._directory / CURRENT).resolve(strict=True)
        except FileNotFoundError as error:
            raise NothingPublished(
                f"nothing is published in {self._directory} yet: run `market-assets run` first"
            ) from error

    def name(self) -> str:
        """The name of the newest version, empty before the first; one call, for every request."""
        try:
            newest = os.readlink(self._pointer)  # noqa: PTH115 -- of each request, at a fifth of the time
        except FileNotFoundError:
            return ""
        return newest.rpartition("/")[2].removesuffix(".duckdb").removeprefix("market-")

    def query(self, sql: str, params: Parameters = ()) -> pl.DataFrame:
        """The rows of one statement that reads, with ``params`` bound to ``?`` or ``$name``.

        Raises ``QueryRefused`` for any other statement, for DuckDB's own objections and for rows
        that polars cannot hold (two columns of one name, intervals); ``NothingPublished`` before
        the first publication.
        """
        with self.reading() as version:
            return _rows(version.connection, sql, params)

    @contextmanager
    def reading(self) -> Generator[Version]:
        """The newest version, for one thread; raises ``NothingPublished``."""
        path, connection = self._connection()
        try:
            yield Version(path, connection)
        finally:
            connection.close()

    def _connection(self) -> tuple[Path, duckdb.DuckDBPyConnection]:
        """The newest version and a connection of its own to it.

        The version before is closed by the last query that still reads it.
        """
        with self._opening:
            while True:
                path = self.current()
                if self._opened is None or self._opened[0] != path:
                    try:
                        self._opened = path, _open(path)
                    except duckdb.Error as error:
                        if self.current() == path:
                            raise WarehouseRefused(
                                f"{path} cannot be read: {error}; publish again: "
                                "`market-assets run --from-captures`, and remove it"
                            ) from error
                        continue
                return path, self._opened[1].cursor()


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, params: Parameters) -> pl.DataFrame:
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type not in READING:
            raise QueryRefused(
                "a query is one statement that reads (SELECT, FROM, DESCRIBE, EXPLAIN; "
                "PIVOT with its values named by IN)"
            )
        return frame_of(connection, sql, params)
    except duckdb.InterruptException:
        raise
    except duckdb.CatalogException as error:
        raise QueryRefused(_about_tables(str(error), connection)) from error
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        raise QueryRefused(str(error)) from error


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(path, read_only=True, config=CLOSED_CONFIG)
    # Connections to one file share its configuration: another reader may have locked it already.
    with CONFIGURING:
        locked = connection.execute("SELECT current_setting('lock_configuration')").fetchall()
        if locked != [(True,)]:
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
    return connection


def _about_tables(message: str, connection: duckdb.DuckDBPyConnection) -> str:
    """DuckDB's message; where a table is unknown, with those of ours that are meant.

    DuckDB itself proposes tables of its own, such as "pg_enum".
    """
    unknown = re.search("Table with name (.+?) does not exist", message)
    if unknown is None:
        return message
    tables: dict[str, list[str]] = {}
    for schema, name in connection.execute(LISTING).fetchall():
        tables.setdefault(name, []).append(f"{schema}.{name}")
    wanted = unknown[1].replace('"', "")
    near = get_close_matches(wanted.split(".")[-1].lower(), tables)
    meant = ", ".join(table for name in near for table in tables[name])
    asked = f"; did you mean {meant}?" if meant else "."
    return f"there is no table {wanted}{asked} All are listed by: {LISTING}"

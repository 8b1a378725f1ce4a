"""Opening the one DuckDB file that is written: created whole, waited for, refused with reasons.

Nothing else in the process may open that file in any way (copy, hash, ``open``): POSIX would
drop DuckDB's lock and let a second writer in.
"""

import os
import re
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NoReturn, TypeAlias

import duckdb

from market_assets.warehouse.failures import WarehouseBusy, WarehouseFailed, WarehouseRefused
from market_assets.warehouse.files import BUILDING, PAUSE, held, place, sweep
from market_assets.warehouse.names import literal

Mode: TypeAlias = Literal["sandbox", "live"]

STORAGE_VERSION = "v1.5.0"
"""Compresses text; DuckDB 2.0 reads it, while 1.5 cannot read what 2.0 writes by default."""

CLOSED_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
"""No extension is fetched for a file that looks like one; no name means a Python variable."""

ANEW = "build every market anew from the captures: `market-assets run --from-captures`"
ADVICE = (
    ("not a valid DuckDB database", f"it is something else: move it away, then {ANEW}"),
    ("sqlite", "it is a SQLite file: move it away"),
    ("we can only read versions", "a newer DuckDB wrote it: open it with that version"),
    ("Permission denied", "let this user write it"),
    ("Read-only file system", "choose a data directory that can be written"),
    ("different configuration", "this process has it open otherwise: close that first"),
)
DAMAGED = f"if it is damaged, restore a copy, or move it away and {ANEW}"


@contextmanager
def opened(path: Path, *, mode: Mode, patience: float) -> Generator[duckdb.DuckDBPyConnection]:
    """A connection that reads and writes ``path``, created on demand, closed whatever happens.

    A transaction that was not committed is undone. Raises ``WarehouseRefused`` for a file or
    folder that cannot be used, ``WarehouseBusy`` after waiting ``patience`` seconds for another
    process, ``WarehouseFailed`` when the file or disk fails while in use.
    """
    _prepare(path, mode=mode, patience=patience)
    connection = _connect(path, patience=patience)
    try:
        _refuse_what_is_not_ours(connection, path, mode=mode)
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    except (duckdb.FatalException, duckdb.InternalException, duckdb.IOException) as error:
        raise WarehouseFailed(
            f"{path}: {_first_line(error)}; the connection is closed and what it had not "
            "committed is undone: free disk space if that is the cause, then run again"
        ) from error
    finally:
        connection.close()


def _prepare(path: Path, *, mode: Mode, patience: float) -> None:
    try:
        if not path.exists():
            with held(path.parent, patience=patience):
                if not path.exists():
                    _create(path, mode=mode)
    except OSError as error:
        raise WarehouseRefused(
            f"{path} cannot be created: {error}; choose a data directory that can be written"
        ) from error
    if not os.access(path.parent, os.W_OK, effective_ids=True):
        raise WarehouseRefused(f"{path} is in a folder that is closed: let this user write it")


def _create(path: Path, *, mode: Mode) -> None:
    journal = path.with_name(path.name + ".wal")
    if journal.exists():
        raise WarehouseRefused(
            f"{journal} belongs to a file that is gone; move it away, or put {path.name} back"
        )
    building = path.with_name(path.name + BUILDING)
    sweep(path.parent, path.name)
    try:
        with closing(duckdb.connect(":memory:", config=CLOSED_CONFIG)) as connection:
            connection.execute(
                f"ATTACH {literal(str(building))} AS made (STORAGE_VERSION '{STORAGE_VERSION}')"
            )
            connection.execute("CREATE SCHEMA made.meta")
            connection.execute(
                "CREATE TABLE made.meta.warehouse (mode VARCHAR, created_at TIMESTAMPTZ)"
            )
            connection.execute(
                "INSERT INTO made.meta.warehouse VALUES (?, ?)", [mode, datetime.now(UTC)]
            )
            connection.execute("CHECKPOINT made")
            connection.execute("DETACH made")
    except duckdb.Error as error:
        _refuse(path, error)
    place(building, path)


def _connect(path: Path, *, patience: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + patience
    while True:
        try:
            return duckdb.connect(path, config=CLOSED_CONFIG)
        except duckdb.Error as error:
            if "Could not set lock" not in str(error):
                _refuse(path, error)
            if time.monotonic() > deadline:
                holder = re.search(r"PID (\d+)", str(error))
                raise WarehouseBusy(
                    f"{path} is held by process {holder[1] if holder else '(unknown)'}; "
                    f"waited {patience:g} s, try again when it has ended"
                ) from error
        time.sleep(PAUSE)


def _refuse_what_is_not_ours(
    connection: duckdb.DuckDBPyConnection, path: Path, *, mode: Mode
) -> None:
    try:
        rows = connection.execute("SELECT mode FROM meta.warehouse").fetchall()
    except duckdb.CatalogException as error:
        raise WarehouseRefused(
            f"{path} is a DuckDB file but not a warehouse of this platform; move it away"
        ) from error
    except duckdb.Error as error:
        _refuse(path, error)
    if rows != [(mode,)]:
        kept = ", ".join(str(row[0]) for row in rows)
        raise WarehouseRefused(
            f"{path} holds {kept} data and must not be opened as {mode}; "
            "the two never mix: use the data directory of that mode"
        )


def _refuse(path: Path, error: duckdb.Error) -> NoReturn:
    advice = next((advice for words, advice in ADVICE if words in str(error)), DAMAGED)
    raise WarehouseRefused(
        f"{path} cannot be opened and was left as it is: {_first_line(error)} -> {advice}"
    ) from error


def _first_line(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0]

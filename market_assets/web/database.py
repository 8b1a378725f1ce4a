"""Small SQLite files that may be lost: made whole, shared by processes, set aside when broken.

What they hold can be had again (the index from the WARC files) or is of little weight (when a
host was last asked), so a file that is corrupt or somebody else's never stops the work.
"""

import errno
import fcntl
import logging
import os
import sqlite3
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)

BUSY_SECONDS = 30
BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Foreign(sqlite3.DatabaseError):
    """A SQLite file whose tables are not the ones asked for."""


def database(file: Path, *, schema: str, synchronous: str) -> sqlite3.Connection:
    """A connection to ``file`` with the tables of ``schema``, made if need be, in WAL mode.

    A file that is corrupt, no database or of another schema is moved aside with a warning and
    made anew, empty. Raises ``OSError`` where nothing can be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f"{file.name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return _connected(file, schema=schema, synchronous=synchronous)
        except sqlite3.DatabaseError as error:
            if not isinstance(error, Foreign) and error.sqlite_errorcode & 0xFF not in BROKEN:
                raise
            aside = f".broken-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
            for suffix in ("", "-wal", "-shm"):
                part = file.with_name(file.name + suffix)
                if part.exists():
                    part.rename(file.with_name(file.name + aside + suffix))
            log.warning("%s is broken (%s): moved to %s%s", file, error, file.name, aside)
            return _connected(file, schema=schema, synchronous=synchronous)


def memory(*, schema: str) -> sqlite3.Connection:
    """A database of ``schema`` that no other process sees and that ends with its connection."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(schema)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """All or nothing, alone among the processes that write; a full disk is an ``OSError``."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _connected(file: Path, *, schema: str, synchronous: str) -> sqlite3.Connection:
    """Connections cross threads: their owner holds a lock around every use."""
    connection = sqlite3.connect(
        file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        _see_to_tables(connection, schema)
    except BaseException:
        connection.close()
        raise
    return connection


def _see_to_tables(connection: sqlite3.Connection, schema: str) -> None:
    """Make the tables of ``schema`` in an empty file, or see that they are those there."""
    version = zlib.crc32(schema.encode()) & 0x7FFFFFFF
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN; {schema}; PRAGMA user_version = {version}; COMMIT")
    elif connection.execute("PRAGMA user_version").fetchone()[0] != version:
        raise Foreign("its tables are of another program or version")

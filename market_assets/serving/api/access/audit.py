"""Who read what: a line for each request, written behind it in batches; no addresses, no bodies.

A batch is at most ``PAUSE`` seconds late, so that much is lost when the process is killed. Where
it cannot be written the service stops to answer rather than to answer unrecorded.
"""

import logging
import queue
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import orjson

from market_assets.serving.api.access.database import opened

log = logging.getLogger(__name__)

FILE = "audit.sqlite"
PAUSE = 0.2
CLEANING = timedelta(hours=1)
SCHEMA = """
CREATE TABLE IF NOT EXISTS audit (
    at TEXT NOT NULL, key_id TEXT, owner TEXT, method TEXT, target TEXT,
    status INTEGER, bytes INTEGER, milliseconds REAL
)"""
INDEX = "CREATE INDEX IF NOT EXISTS by_owner ON audit (owner, at)"


class Entry(NamedTuple):
    """A request: when (UTC, ISO 8601), by whom (None: nobody known), for what, and the answer."""

    at: str
    key_id: str | None
    owner: str | None
    method: str
    target: str
    status: int
    bytes: int
    milliseconds: float


VALUES = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(Entry._fields)))
WRITE = f"INSERT INTO audit SELECT {VALUES} FROM json_each(?)"
"""A batch as one statement: a statement for each line would take the interpreter's lock from the
requests as often."""


def forget_reads(directory: Path, *, before: datetime) -> int:
    """Forget what was read ``before``; how many lines that were. There may be no record yet."""
    if not (directory / FILE).exists():
        return 0
    with closing(opened(directory / FILE, SCHEMA)) as connection, connection:
        return _forget(connection, before)


def _forget(connection: sqlite3.Connection, before: datetime) -> int:
    return connection.execute("DELETE FROM audit WHERE at < ?", [before.isoformat()]).rowcount


class Audit:
    """The record in ``directory``, of the last ``days``."""

    def __init__(self, directory: Path, *, days: int) -> None:
        self._path = directory / FILE
        self._days = timedelta(days=days)
        self._entries: queue.SimpleQueue[Entry | threading.Event] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._cleaned = datetime.min.replace(tzinfo=UTC)
        self.broken = False
        """Whether the last batch could not be written."""
        with closing(opened(self._path, SCHEMA)) as connection:
            connection.execute(INDEX)
        self._writer = threading.Thread(target=self._write, name="audit", daemon=True)
        self._writer.start()

    def note(self, entry: Entry) -> None:
        """Record ``entry`` soon; costs the request nothing."""
        self._entries.put(entry)

    def close(self) -> None:
        """Write what is left."""
        self._ending.set()
        self._writer.join()

    def of(self, owner: str) -> list[dict[str, object]]:
        """What ``owner`` read, oldest first."""
        self._catch_up()
        query = "SELECT * FROM audit WHERE owner = ? ORDER BY at"
        with closing(opened(self._path, SCHEMA)) as connection:
            rows = connection.execute(query, [owner]).fetchall()
        return [Entry(*row)._asdict() for row in rows]

    def erase(self, owner: str) -> int:
        """Forget what ``owner`` read; how many lines that were."""
        self._catch_up()
        with closing(opened(self._path, SCHEMA)) as connection, connection:
            return connection.execute("DELETE FROM audit WHERE owner = ?", [owner]).rowcount

    def _catch_up(self) -> None:
        """Wait until what was noted so far is written."""
        written = threading.Event()
        self._entries.put(written)
        written.wait(5 * PAUSE)

    def _write(self) -> None:
        waiting: list[Entry] = []
        awaited: list[threading.Event] = []
        with closing(opened(self._path, SCHEMA)) as connection:
            while True:
                ending = self._ending.wait(PAUSE)
                while not self._entries.empty():
                    match self._entries.get():
                        case Entry() as entry:
                            waiting.append(entry)
                        case event:
                            awaited.append(event)
                try:
                    self._store(connection, waiting)
                except sqlite3.Error as error:
                    log.error("the audit log cannot be written: %s", error)  # noqa: TRY400 -- says it all
                    self.broken = True
                else:
                    waiting, self.broken = [], False
                    for event in awaited:
                        event.set()
                    awaited = []
                if ending:
                    return

    def _store(self, connection: sqlite3.Connection, entries: list[Entry]) -> None:
        now = datetime.now(UTC)
        with connection:
            if now - self._cleaned > CLEANING:
                _forget(connection, now - self._days)
                self._cleaned = now
            if entries:
                connection.execute(WRITE, [orjson.dumps([tuple(e) for e in entries]).decode()])

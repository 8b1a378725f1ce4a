"""The SQLite file of what was told to whom; one transaction decides and remembers."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from market_assets.serving.api.access.database import opened

FILE = "delivery.sqlite"
FOLDER = "serving"
OUTBOX = """
CREATE TABLE IF NOT EXISTS outbox (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, about TEXT NOT NULL, recipient TEXT NOT NULL,
    title TEXT NOT NULL, body TEXT NOT NULL, mail BLOB,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, created_at TEXT NOT NULL,
    next_at TEXT NOT NULL, sent_at TEXT, said TEXT
)"""
REST = (
    """CREATE TABLE IF NOT EXISTS told_alerts (
        session TEXT, ticker TEXT, alert_type TEXT, recipient TEXT,
        PRIMARY KEY (session, ticker, alert_type, recipient))""",
    """CREATE TABLE IF NOT EXISTS acknowledged (
        session TEXT, ticker TEXT, alert_type TEXT, at TEXT NOT NULL, note TEXT NOT NULL,
        PRIMARY KEY (session, ticker, alert_type))""",
    """CREATE TABLE IF NOT EXISTS incidents (
        kind TEXT, subject TEXT, since TEXT NOT NULL, said TEXT NOT NULL,
        PRIMARY KEY (kind, subject))""",
    "CREATE TABLE IF NOT EXISTS seen_runs (run_id TEXT PRIMARY KEY, ended_at TEXT NOT NULL)",
)


class State:
    """The file in ``directory``, which is made if need be; safe for many processes."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FOLDER / FILE
        with self.reading() as connection:
            for table in REST:
                connection.execute(table)

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """A connection for one thread; each statement is committed by itself."""
        with closing(opened(self._path, OUTBOX)) as connection:
            connection.isolation_level = None
            connection.row_factory = sqlite3.Row
            yield connection

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """The same in one transaction, alone among the processes that write."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

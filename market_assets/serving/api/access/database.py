"""Opening a SQLite file of the service: for its user alone, many readers beside one writer."""

import sqlite3
from pathlib import Path

FOLDER = "serving"
"""Beside what is published; these files are in it."""
PATIENCE = 10.0
"""Seconds that a writer waits for another."""


def opened(path: Path, schema: str) -> sqlite3.Connection:
    """A connection to ``path`` with the tables of ``schema``, which is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(schema)
    return connection

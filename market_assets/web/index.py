"""The index of the captures: one SQLite row per response record; can be made from the files.

Not the truth: a row says where a record lies, the record says what it is.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias

from market_assets.web.database import database, transaction
from market_assets.web.messages import Capture

Kind: TypeAlias = Literal["answer", "attempt", "robots"]
"""What an answer was for: handed to the conversation, not handed to it, or a robots.txt."""

SCHEMA = """
CREATE TABLE captures (
    capture_id TEXT, source TEXT, key TEXT, first_session TEXT, last_session TEXT, kind TEXT,
    method TEXT, url TEXT, status INTEGER, media_type TEXT, fetched_at TEXT, sha256 TEXT,
    etag TEXT, last_modified TEXT, truncated TEXT, body_of TEXT,
    file TEXT, offset INTEGER, length INTEGER, PRIMARY KEY (file, offset)
);
CREATE INDEX by_session ON captures (source, last_session, first_session);
CREATE INDEX by_url ON captures (source, url, fetched_at);
CREATE INDEX by_id ON captures (capture_id);
CREATE TABLE files (file TEXT PRIMARY KEY, directory TEXT, fault TEXT);
CREATE INDEX by_directory ON files (directory);
CREATE TABLE directories (directory TEXT PRIMARY KEY, changed INTEGER)"""

BEFORE = """
WITH since AS (SELECT file, body_of FROM captures WHERE fetched_at >= ?)
SELECT DISTINCT file FROM captures WHERE file NOT IN (SELECT file FROM since) AND file NOT IN
(SELECT file FROM captures WHERE capture_id IN (SELECT body_of FROM since))"""

PLACE = ("file", "offset", "length")
DATES = ("first_session", "last_session")
NEVER = 0
"""When a directory that was not looked through yet had last changed."""


@dataclass(frozen=True, kw_only=True)
class IndexRow:
    """What is known of a response without reading it, and where it lies.

    ``truncated`` says why the body is not whole (WARC-Truncated), ``body_of`` which earlier
    capture holds the body of one that was answered 304. ``fetched_at`` is in UTC.
    """

    capture_id: str
    source: str
    key: str
    first_session: date
    last_session: date
    kind: Kind
    method: str
    url: str
    status: int
    media_type: str
    fetched_at: datetime
    sha256: str
    etag: str | None
    last_modified: str | None
    truncated: str | None
    body_of: str | None
    file: str
    offset: int
    length: int

    @classmethod
    def of(cls, facts: Mapping[str, Any], *, file: str, offset: int, length: int) -> Self:
        """The row of the ``facts`` of a record in its place."""
        row: dict[str, Any] = {**facts, "file": file, "offset": offset, "length": length}
        row |= {name: date.fromisoformat(facts[name]) for name in DATES}
        row |= {"fetched_at": datetime.fromisoformat(facts["fetched_at"])}
        return cls(**row)

    def facts(self) -> dict[str, Any]:
        """What a record says about itself: all but its place, dates and instant as ISO texts."""
        return {name: _text(value) for name, value in vars(self).items() if name not in PLACE}

    def capture(self, headers: Mapping[str, str], body: bytes) -> Capture:
        """The capture of this row with what was read: headers by lower-case name, and the body."""
        return Capture(
            capture_id=self.capture_id,
            source=self.source,
            key=self.key,
            first_session=self.first_session,
            last_session=self.last_session,
            method=self.method,
            url=self.url,
            status=self.status,
            media_type=self.media_type,
            headers=headers,
            fetched_at=self.fetched_at,
            sha256=self.sha256,
            body=body,
            file=self.file,
            offset=self.offset,
            length=self.length,
        )


class Index:
    """The rows in ``file``, shared by processes and threads."""

    def __init__(self, file: Path) -> None:
        self._connection = database(file, schema=SCHEMA, synchronous="NORMAL")
        self._lock = threading.Lock()

    def put(self, file: str, rows: Iterable[IndexRow], *, fault: str | None) -> None:
        """Make ``rows`` all that is known of ``file``; ``fault`` says where it is broken."""
        values = [[_text(value) for value in vars(row).values()] for row in rows]
        with self._lock, transaction(self._connection):
            directory = file.rpartition("/")[0]
            self._forget([file])
            self._connection.execute(
                "INSERT OR IGNORE INTO directories VALUES (?, ?)", [directory, NEVER]
            )
            self._connection.execute("INSERT INTO files VALUES (?, ?, ?)", [file, directory, fault])
            self._connection.executemany(
                f"INSERT INTO captures VALUES ({','.join('?' * len(fields(IndexRow)))})",  # noqa: S608 - only question marks
                values,
            )

    def forget(self, files: Iterable[str]) -> None:
        """Remove all that is known of ``files``."""
        with self._lock, transaction(self._connection):
            self._forget(files)

    def rows(self, condition: str, values: Sequence[object]) -> list[IndexRow]:
        """The rows that meet ``condition``: the words of a query after WHERE."""
        query = f"SELECT * FROM captures WHERE {condition}"  # noqa: S608 - words of ours only
        return [
            IndexRow.of(row, **{name: row[name] for name in PLACE})
            for row in self._select(query, values)
        ]

    def ranges(self, sources: Sequence[str]) -> list[tuple[date, date]]:
        """The first and the last session of each of the sources' answers, each once, ascending."""
        query = "SELECT DISTINCT first_session AS first, last_session AS last FROM captures"
        names = ", ".join("?" * len(sources))
        where = f"kind = 'answer' AND source IN ({names})"
        found = self._select(f"{query} WHERE {where} ORDER BY first, last", list(sources))
        return [(date.fromisoformat(r["first"]), date.fromisoformat(r["last"])) for r in found]

    def last_rows(self) -> list[IndexRow]:
        """The newest row of each source, robots.txt apart."""
        newest = "SELECT source, max(fetched_at) FROM captures WHERE kind != 'robots' GROUP BY 1"
        return self.rows(f"(source, fetched_at) IN ({newest}) AND kind != 'robots'", [])

    def files(self, directory: str) -> set[str]:
        """The files known in ``directory``, broken ones too."""
        query = "SELECT file FROM files WHERE directory = ?"
        return {row["file"] for row in self._select(query, [directory])}

    def files_before(self, instant: datetime) -> list[str]:
        """The files with records from before ``instant`` only, which none since refers to."""
        return [row["file"] for row in self._select(BEFORE, [_text(instant)])]

    def directories(self) -> dict[str, int]:
        """Each known directory, and when it had last changed when it was last looked through."""
        query = "SELECT directory, changed FROM directories"
        return {row["directory"]: row["changed"] for row in self._select(query, [])}

    def looked_through(self, directory: str, *, changed: int) -> None:
        """Remember that the files of ``directory``, changed at that nanosecond, are known."""
        with self._lock, transaction(self._connection):
            self._connection.execute(
                "INSERT OR REPLACE INTO directories VALUES (?, ?)", [directory, changed]
            )

    def forget_directory(self, directory: str) -> None:
        """Remove all that is known of ``directory`` and its files."""
        self.forget(self.files(directory))
        with self._lock, transaction(self._connection):
            self._connection.execute("DELETE FROM directories WHERE directory = ?", [directory])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _forget(self, files: Iterable[str]) -> None:
        gone = [(file,) for file in files]
        self._connection.executemany("DELETE FROM captures WHERE file = ?", gone)
        self._connection.executemany("DELETE FROM files WHERE file = ?", gone)

    def _select(self, query: str, values: Sequence[object]) -> list[dict[str, Any]]:
        with self._lock:
            cursor = self._connection.execute(query, list(values))
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value

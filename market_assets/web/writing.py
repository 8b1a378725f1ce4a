"""One file of captures in the making: whole under its final name, or not there at all."""

import fcntl
import os
import secrets
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from market_assets.web.headers import joined, refreshed
from market_assets.web.index import IndexRow, Kind
from market_assets.web.kept import Kept
from market_assets.web.messages import Capture
from market_assets.web.product import product
from market_assets.web.warc import Answered, Asked, opening_record, request_record, response_record

if TYPE_CHECKING:
    from io import FileIO

UNFINISHED = ".unfinished"
OLD_SECONDS = 3600


class Writing:
    """The captures of one source and range of sessions, in the order they came.

    Nothing is created before the first capture. ``finish`` syncs the file, gives it its name and
    indexes it; a process that is killed before leaves only an unfinished file that nobody reads.
    """

    def __init__(self, kept: Kept, *, source: str, first_session: date, last_session: date) -> None:
        self.kept = kept
        self.source = source
        self._first_session = first_session
        self._last_session = last_session
        self._file = ""
        self._part: FileIO | None = None
        self._size = 0
        self._rows: list[IndexRow] = []

    def add(
        self,
        *,
        key: str,
        kind: Kind,
        asked: Asked,
        answered: Answered,
        body: bytes,
        fetched_at: datetime,
    ) -> Capture:
        """Keep an answer with its request. ``body`` is decoded; ``fetched_at`` has a time zone.

        Raises ``OSError`` when it cannot be written; what was added before stays.
        """
        return self._kept(
            key=key,
            kind=kind,
            asked=asked,
            answered=answered,
            status=answered.status,
            headers=joined(answered.headers),
            body=body,
            body_of=None,
            fetched_at=fetched_at,
        )

    def add_unchanged(
        self,
        *,
        key: str,
        asked: Asked,
        answered: Answered,
        earlier: Capture,
        body_of: str,
        fetched_at: datetime,
    ) -> Capture:
        """Keep an answer 304: a capture of its own with the status and body of ``earlier``.

        ``body_of`` is the id of the capture that holds those bytes.
        """
        return self._kept(
            key=key,
            kind="answer",
            asked=asked,
            answered=answered,
            status=earlier.status,
            headers=refreshed(earlier.headers, joined(answered.headers)),
            body=earlier.body,
            body_of=body_of,
            fetched_at=fetched_at,
        )

    def finish(self) -> None:
        """Give the file its name, durably, and index it; without captures, remove it."""
        if self._part is None:
            return
        with self._part as part:
            unfinished = self._unfinished
            if not self._rows:
                unfinished.unlink()
                return
            os.fsync(part.fileno())
            path = self.kept.directory / self._file
            _make(path.parent)
            unfinished.rename(path)
            _sync(path.parent)
        self.kept.index.put(self._file, self._rows, fault=None)

    @property
    def _unfinished(self) -> Path:
        name = self._file.replace("/", "-")
        return self.kept.directory / UNFINISHED / f"{name}.part"

    def _kept(
        self,
        *,
        key: str,
        kind: Kind,
        asked: Asked,
        answered: Answered,
        status: int,
        headers: dict[str, str],
        body: bytes,
        body_of: str | None,
        fetched_at: datetime,
    ) -> Capture:
        if fetched_at.tzinfo is None:
            raise ValueError(f"{self.source} {key}: fetched_at {fetched_at} has no time zone")
        instant = fetched_at.astimezone(UTC)
        if self._part is None:
            self._begin(instant)
        digest = sha256(body).hexdigest()
        identity = (
            self.source,
            key,
            self._first_session.isoformat(),
            self._last_session.isoformat(),
            instant.isoformat(timespec="microseconds"),
            digest,
        )
        row = IndexRow(
            capture_id=sha256("\n".join(identity).encode()).hexdigest()[:20],
            source=self.source,
            key=key,
            first_session=self._first_session,
            last_session=self._last_session,
            kind=kind,
            method=asked.method,
            url=asked.url,
            status=status,
            media_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
            fetched_at=instant,
            sha256=digest,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            truncated=answered.truncated,
            body_of=body_of,
            file=self._file,
            offset=self._size,
            length=0,
        )
        response = response_record(row.facts(), answered, body, at=instant)
        self._append(response + request_record(row.capture_id, asked, at=instant))
        row = replace(row, length=len(response))
        self._rows.append(row)
        return row.capture(headers, body)

    def _begin(self, instant: datetime) -> None:
        last = self._last_session
        name = f"{last}-{instant:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}.warc.gz"
        self._file = f"{self.source}/{last:%Y}/{last:%m}/{name}"
        self._unfinished.parent.mkdir(exist_ok=True)
        self._part = self._unfinished.open("xb", buffering=0)
        fcntl.flock(self._part, fcntl.LOCK_EX)
        self._append(opening_record(product(), at=instant))

    def _append(self, records: bytes) -> None:
        """Write all of ``records`` or, when that fails, none."""
        if self._part is None:
            raise ValueError("nothing can be written before it is begun")
        rest = memoryview(records)
        try:
            while rest:
                rest = rest[self._part.write(rest) :]
        except OSError:
            self._part.truncate(self._size)
            self._part.seek(self._size)
            raise
        self._size += len(records)


def sweep(directory: Path) -> None:
    """Remove the unfinished files in ``directory`` that are old and whose process is gone.

    A process that writes holds a lock on its file, which ends with it however it ends.
    """
    for path in (directory / UNFINISHED).glob("*.part"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as part:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - os.fstat(part.fileno()).st_mtime > OLD_SECONDS:
                path.unlink()


def _make(directory: Path) -> None:
    """Make ``directory``, each new entry synced."""
    if not directory.is_dir():
        _make(directory.parent)
        directory.mkdir(exist_ok=True)
        _sync(directory.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

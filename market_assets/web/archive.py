"""The captures as WARC files and the index that finds them; never overwrites, never parses.

``<directory>/<source>/<yyyy>/<mm>/<last session>-<instant>-<random>.warc.gz`` is one attempt at
the sessions of one source: whole, synced and immutable. ``<directory>/index.sqlite`` is made
again from these files whenever it is missing or broken.
"""

import logging
import re
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from market_assets.web.headers import refreshed
from market_assets.web.index import NEVER, Index, IndexRow
from market_assets.web.messages import Capture
from market_assets.web.warc_reading import BrokenRecord, facts_of, head_and_body, records, verify
from market_assets.web.writing import Writing, sweep

log = logging.getLogger(__name__)

INDEX = "index.sqlite"
SETTLED = 2_000_000_000
"""Nanoseconds after which a directory's time of change tells of every change before it."""


class BrokenFiles(Exception):
    """WARC files that cannot be read to their end; what could be read is indexed."""

    def __init__(self, faults: list[BrokenRecord]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


class Archive:
    """The archive in ``directory``, which is made if need be.

    Opening it indexes files that came without being indexed (a kill, a copy); a broken one is
    named in a warning. Raises ``OSError`` where nothing can be written.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.index = Index(directory / INDEX)
        sweep(directory)
        for fault in self._look_through(anew=False):
            log.warning("broken capture file: %s", fault)

    @contextmanager
    def writing(self, source: str, first_session: date, last_session: date) -> Generator[Writing]:
        """A new file for what is captured inside; kept on leaving, also by an exception."""
        if not re.fullmatch(r"[a-z0-9_]+", source):
            raise ValueError(f"{source!r} is no name for a source")
        if first_session > last_session:
            raise ValueError(f"{source}: session {first_session} is after {last_session}")
        file = Writing(self, source=source, first_session=first_session, last_session=last_session)
        try:
            yield file
        finally:
            file.finish()

    def captures(self, source: str, first: date, last: date) -> list[IndexRow]:
        """The answers given to conversations about a session in [first, last], oldest first.

        Where a key was asked again, the later answer is the one that counts. Equal captures (same
        id: all that could tell them apart is equal) are listed once.
        """
        return self._rows("kind = 'answer'", source, first, last)

    def attempts(self, source: str, first: date, last: date) -> list[IndexRow]:
        """What else came: retried and failed answers, walls, redirects, robots.txt."""
        return self._rows("kind != 'answer'", source, first, last)

    def newest(self, source: str, *, url: str, until: datetime) -> IndexRow | None:
        """The last answer or robots.txt that a GET of ``url`` gave, up to ``until`` (UTC)."""
        rows = self.index.rows(
            "source = ? AND url = ? AND fetched_at <= ? AND kind != 'attempt' AND method = 'GET'"
            " ORDER BY fetched_at DESC LIMIT 1",
            [source, url, until.isoformat(timespec="microseconds")],
        )
        return rows[0] if rows else None

    def ranges(self, sources: Sequence[str]) -> list[tuple[date, date]]:
        """The first and last session of each answer of ``sources``, each once, ascending."""
        return self.index.ranges(sources)

    def last_answers(self) -> dict[str, IndexRow]:
        """What came last from each source that was ever asked: an answer, or a failed attempt."""
        return {row.source: row for row in self.index.last_rows()}

    def row(self, capture_id: str) -> IndexRow:
        """The row of a capture; ``LookupError`` for an unknown id."""
        rows = self.index.rows("capture_id = ? ORDER BY file LIMIT 1", [capture_id])
        if not rows:
            raise LookupError(f"no capture {capture_id} in {self.directory}")
        return rows[0]

    def read(self, which: IndexRow | str) -> Capture:
        """The capture of a row or id, its body verified; raises ``BrokenRecord``."""
        row = self.row(which) if isinstance(which, str) else which
        try:
            found = next(records(self.directory / row.file, row.file, offset=row.offset), None)
        except FileNotFoundError as error:
            raise BrokenRecord(row.file, row.offset, "the file is gone") from error
        if found is None:
            raise BrokenRecord(row.file, row.offset, "the file ends before it")
        headers, body = head_and_body(found[2], file=row.file, offset=row.offset)
        if row.body_of is not None:
            earlier = self.read(row.body_of)
            headers, body = refreshed(earlier.headers, headers), earlier.body
        verify(body, row.sha256, file=row.file, offset=row.offset)
        return row.capture(headers, body)

    def rebuild_index(self) -> None:
        """Read every file and replace what the index says of it; raises ``BrokenFiles`` last."""
        faults = self._look_through(anew=True)
        if faults:
            raise BrokenFiles(faults)

    def forget(self, before: datetime) -> int:
        """Remove the files whose every record came ``before`` (UTC); how many those were.

        A file with a body that a later capture refers to stays.
        """
        gone = self.index.files_before(before)
        for file in gone:
            (self.directory / file).unlink(missing_ok=True)
        self.index.forget(gone)
        return len(gone)

    def close(self) -> None:
        """Let go of the index."""
        self.index.close()

    def _rows(self, kind: str, source: str, first: date, last: date) -> list[IndexRow]:
        rows = self.index.rows(
            f"source = ? AND last_session >= ? AND first_session <= ? AND {kind}"
            " ORDER BY fetched_at, file, offset",
            [source, first.isoformat(), last.isoformat()],
        )
        return list({row.capture_id: row for row in rows}.values())

    def _look_through(self, *, anew: bool) -> list[BrokenRecord]:
        """Index files that are not indexed, or all of them ``anew``; forget those that are gone."""
        known = self.index.directories()
        there: set[str] = set()
        faults: list[BrokenRecord] = []
        for path in sorted(self.directory.glob("[!.]*/*/*/")):
            directory = path.relative_to(self.directory).as_posix()
            there.add(directory)
            changed = path.stat().st_mtime_ns
            if known.get(directory) == changed and not anew:
                continue
            files = {f"{directory}/{file.name}" for file in path.glob("*.warc.gz")}
            before = self.index.files(directory)
            self.index.forget(before - files)
            for file in sorted(files if anew else files - before):
                faults += self._index_file(file)
            settled = time.time_ns() - changed > SETTLED
            self.index.looked_through(directory, changed=changed if settled else NEVER)
        for directory in known.keys() - there:
            self.index.forget_directory(directory)
        return faults

    def _index_file(self, file: str) -> list[BrokenRecord]:
        rows: list[IndexRow] = []
        faults: list[BrokenRecord] = []
        try:
            for offset, length, record in records(self.directory / file, file, offset=0):
                facts = facts_of(record, file=file, offset=offset)
                if facts is not None:
                    rows.append(IndexRow.of(facts, file=file, offset=offset, length=length))
        except BrokenRecord as fault:
            faults.append(fault)
        self.index.put(file, rows, fault=str(faults[0]) if faults else None)
        return faults

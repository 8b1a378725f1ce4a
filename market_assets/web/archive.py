"""The captures as WARC files and the index that finds them; never overwrites, never parses.

``<directory>/<source>/<yyyy>/<mm>/<last session>-<instant>-<random>.warc.gz`` is one attempt at
the sessions of one source: whole, synced and immutable. ``<directory>/index.sqlite`` is made
again from these files whenever it is missing or broken.
"""

import logging
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from market_assets.web.index import NEVER, Index, IndexRow
from market_assets.web.kept import Kept
from market_assets.web.warc_reading import BrokenRecord, facts_of, records
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


class Archive(Kept):
    """The archive in ``directory``, which is made if need be.

    Opening it indexes files that came without being indexed (a kill, a copy); a broken one is
    named in a warning. Raises ``OSError`` where nothing can be written.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, Index(directory / INDEX))
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

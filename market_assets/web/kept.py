"""Captures that are kept: which there are, found in the index, and what is in them."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from market_assets.web.headers import refreshed
from market_assets.web.index import Index, IndexRow
from market_assets.web.messages import Capture
from market_assets.web.warc_reading import BrokenRecord, head_and_body, records, verify


class Kept:
    """The captures in the files of ``directory`` that ``index`` knows."""

    def __init__(self, directory: Path, index: Index) -> None:
        self.directory = directory
        self.index = index

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

    def _rows(self, kind: str, source: str, first: date, last: date) -> list[IndexRow]:
        rows = self.index.rows(
            f"source = ? AND last_session >= ? AND first_session <= ? AND {kind}"
            " ORDER BY fetched_at, file, offset",
            [source, first.isoformat(), last.isoformat()],
        )
        return list({row.capture_id: row for row in rows}.values())

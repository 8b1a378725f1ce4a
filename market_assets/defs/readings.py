"""What captures say, each read once: a run looks whether a page is whole, then takes its rows."""

import logging
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from market_assets.sources.layout import layout
from market_assets.sources.source import Parsed, Source
from market_assets.web.archive import Archive
from market_assets.web.failures import SourceFailure
from market_assets.web.messages import Capture

PROGRESS = logging.getLogger("market_assets.progress")
"""Told of each page that is read and each conversation that is held, for who waits."""
LATE = timedelta(days=7)
"""How long after a session a capture is still searched for rows of it: a source may lag."""
REMEMBERED = 2000
"""Readings kept in memory, some 60 kB each at most; then all are forgotten."""


class Readings:
    """The parsers of the sources over one archive, with a memory of what was read."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._known: dict[str, Parsed] = {}
        self._layouts: dict[str, str] = {}

    def parser(self, source: Source) -> Callable[[Capture], Parsed]:
        """The parser of ``source``, which remembers."""

        def parsed(capture: Capture) -> Parsed:
            if capture.capture_id not in self._known:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                    self._layouts.clear()
                self._known[capture.capture_id] = source.parse(capture)
                self._layouts[capture.capture_id] = layout(capture.body)
            return self._known[capture.capture_id]

        return parsed

    def layout(self, capture: Capture) -> str:
        """The fingerprint of a capture that ``between`` has just given."""
        return self._layouts.get(capture.capture_id) or layout(capture.body)

    def between(
        self, source: Source, *, first: date, last: date
    ) -> Iterator[tuple[Capture, Parsed | SourceFailure]]:
        """Each capture that may state the days, oldest first, and what it says.

        The bytes of one that was read before are not read again: its capture comes without them.
        """
        parse = self.parser(source)
        records = self._archive.captures(source.name, first, last + LATE)
        for number, record in enumerate(records, start=1):
            if (known := self._known.get(record.capture_id)) is not None:
                yield record.capture({}, b""), known
                continue
            PROGRESS.debug("%s: page %d of %d is read", source.name, number, len(records))
            capture = self._archive.read(record)
            try:
                yield capture, parse(capture)
            except SourceFailure as failure:
                yield capture, failure

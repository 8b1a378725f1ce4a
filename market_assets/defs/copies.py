"""Which captures hold the bytes of another source: a page filed under two names."""

from collections import defaultdict
from collections.abc import Iterable

from market_assets.defs.readings import LATE
from market_assets.defs.window import Window
from market_assets.sources.source import Source
from market_assets.web.archive import Archive


def copied_captures(archive: Archive, sources: Iterable[Source], days: Window) -> set[str]:
    """Captures whose bytes also came under the name of another source: they prove nothing."""
    seen: dict[str, dict[str, str]] = defaultdict(dict)
    for source in sources:
        for record in archive.captures(source.name, days.first, days.last + LATE):
            seen[record.sha256][record.capture_id] = source.name
    return {
        capture
        for captures in seen.values()
        if len(set(captures.values())) > 1
        for capture in captures
    }

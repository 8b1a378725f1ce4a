"""What is arranged to happen in the invented market: the liquid lines, the split, the leaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

LIQUID = (
    *("ATW", "IAM", "MNG", "BCP", "AKT", "TGC", "ADH", "CMG", "MSA", "LHM", "BOA", "GTM", "LBV"),
    *("CMA", "TQM", "CIH", "CSR", "ADI", "SID", "GAZ", "TMA", "HPS", "SOT", "VCN", "CFG", "T2S"),
    *("JET", "DHO", "RDS", "WAA", "CAP", "MUT", "LES", "RIS"),
)
"""The most traded lines of the invented market, in order; the others follow in a drawn order."""

EVENTFUL = LIQUID[:20]
"""The lines whose volume is made to leap and to dwindle; none is ever untraded."""

SPLIT_TICKER, SPLIT_SESSION, SPLIT_RATIO = "DHO", date(2026, 9, 21), 5
"""From this session each share is five: price / 5, share count x 5. Its volume is in new shares."""

HALT_TICKER, HALT_FIRST, HALT_LAST = "JET", date(2026, 9, 28), date(2026, 10, 16)
"""A line suspended for these sessions and traded again after them."""


@dataclass(frozen=True, kw_only=True)
class VolumeEvent:
    """A planted ``spike`` (over 3 x the session before, over 2 x the 20 before) or ``drop``."""

    ordinal: int
    ticker: str
    kind: str


def volume_events(sessions: int) -> Iterator[VolumeEvent]:
    """A spike and a drop in every 12 sessions, from the 25th on, on one eventful line each."""
    for cycle in range(2, sessions // 12 + 1):
        for step, shift, kind in ((5, 0, "spike"), (11, 7, "drop")):
            if (ordinal := 12 * cycle + step) < sessions:
                ticker = EVENTFUL[(cycle + shift) % len(EVENTFUL)]
                yield VolumeEvent(ordinal=ordinal, ticker=ticker, kind=kind)

"""When the figures of a session are out: HKEX the next morning, the mainland exchanges later."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from market_assets.calendars.publication import published_at
from market_assets.calendars.sessions import bounds, is_session
from market_assets.calendars.southbound import NAME as SOUTHBOUND
from market_assets.defs.markets import HKEX
from market_assets.sources.source import Source

SESSIONS_BEHIND = {"sse_southbound": 1, "szse_southbound": 1}
"""Sessions by which a source lags behind HKEX: on the morning of 2026-08-07 both mainland
exchanges showed 2026-08-05 while HKEX had 2026-08-06."""
HORIZON = timedelta(days=30)
"""Longer than Hong Kong ever goes without a session."""


def out_at(source: Source, session: date) -> datetime:
    """The instant (UTC) from which ``source`` shows ``session``."""
    later = HKEX.sessions(session, session + HORIZON)
    return published_at(later[SESSIONS_BEHIND.get(source.name, 0)])


def due_again(sources: Iterable[Source], session: date, now: datetime) -> datetime | None:
    """When the last of ``sources`` will have ``session``; None once all of them have."""
    last = max((out_at(source, session) for source in sources), default=now)
    return last if last > now else None


def shows(source: Source, day: date) -> bool:
    """Whether ``source`` publishes for ``day``: the mainland exchanges on Southbound days only.

    Days after the last that the Southbound calendar knows are taken for such days.
    """
    if source.name not in SESSIONS_BEHIND or day > bounds(SOUTHBOUND)[1]:
        return True
    return is_session(SOUTHBOUND, day)

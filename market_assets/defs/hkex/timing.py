"""When the figures of a session are out: HKEX the next morning, the mainland exchanges later."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from market_assets.calendars.publication import published_at
from market_assets.calendars.sessions import bounds, is_session
from market_assets.calendars.southbound import NAME as SOUTHBOUND
from market_assets.defs.markets import HKEX
from market_assets.sources.source import Source

DAY = timedelta(days=1)
SESSIONS_BEHIND = {"sse_southbound": 2, "szse_southbound": 2}
"""On the morning of which Southbound session after it a source that lags has a day: on that of
2026-08-07 both mainland exchanges showed 2026-08-05, and not yet 2026-08-06 as HKEX did."""
HORIZON = timedelta(days=45)
"""Longer than twice the longest time that Southbound is closed."""


def out_at(source: Source, session: date) -> datetime:
    """The instant (UTC) from which ``source`` shows ``session``, as far as the calendar tells."""
    behind = SESSIONS_BEHIND.get(source.name)
    if behind is None:
        return published_at(session)
    horizon = HKEX.ahead(session, HORIZON)
    later = HKEX.sessions(session, horizon)
    mornings = [day for day in later if day > session and _southbound(day)]
    return published_at(mornings[behind - 1] - DAY if len(mornings) >= behind else horizon)


def due_again(sources: Iterable[Source], session: date, now: datetime) -> datetime | None:
    """When the last of ``sources`` will have ``session``; None once all of them have."""
    last = max((out_at(source, session) for source in sources), default=now)
    return last if last > now else None


def shows(source: Source, day: date) -> bool:
    """Whether ``source`` publishes for ``day``: the mainland exchanges on Southbound days only.

    Not for a day before its first.
    """
    if source.first_day is not None and day < source.first_day:
        return False
    return source.name not in SESSIONS_BEHIND or _southbound(day)


def _southbound(day: date) -> bool:
    """Whether Southbound is open; days after the last that its calendar knows are taken for so."""
    return day > bounds(SOUTHBOUND)[1] or is_session(SOUTHBOUND, day)

"""When Hong Kong's holdings of a day are out."""

from datetime import UTC, date, datetime, time, timedelta

from market_assets.calendars import southbound, xhkg
from market_assets.calendars.sessions import session_before

HOLDINGS_OUT = time(9, 0)
"""In Hong Kong, on the day after the shareholding date, Saturdays and holidays not excepted.

A promise of resellers. Pages were seen as early as 08:48, and 08:30 is claimed; the exact minute,
and whether a holiday keeps to it, is not verified.
"""


def published_at(session: date) -> datetime:
    """The instant in UTC from which the page of ``session`` can be expected."""
    morning = datetime.combine(session + timedelta(days=1), HOLDINGS_OUT, xhkg.ZONE)
    return morning.astimezone(UTC)


def newest_published(mic: str, instant: datetime) -> date:
    """The newest session whose holdings are out at ``instant``, which must know its zone.

    ``mic``: XHKG, or SOUTHBOUND for the newest one on which Southbound traded too.
    """
    if mic not in {xhkg.NAME, southbound.NAME}:
        raise ValueError(f"no holdings are published for {mic!r}")
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} does not say its zone")
    today = instant.astimezone(xhkg.ZONE).date()
    yesterday = today - timedelta(days=1)
    return session_before(mic, today if published_at(yesterday) <= instant else yesterday)

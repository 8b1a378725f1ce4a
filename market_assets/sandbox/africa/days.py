"""Which session each publisher shows at an instant."""

from datetime import date, datetime, timedelta

from market_assets.calendars.sessions import newest_closed_session

DELAYS = {
    "ngx": timedelta(minutes=30),
    "egx_beta": timedelta(minutes=65),
    "african_lists": timedelta(minutes=60),
    "afx": timedelta(minutes=30),
}
"""After the close. Lagos states its own; Cairo's seen pages were written 65 minutes after the
close, and whether of that day's session is not known; the others are invented."""


def shown_session(source: str, mic: str, now: datetime) -> date:
    """The newest session of an exchange that ``source`` shows at ``now`` (UTC)."""
    return newest_closed_session(mic, now - DELAYS[source])

"""When all that Bank Al-Maghrib says of a day is out: rates that afternoon, the rest later."""

from datetime import UTC, date, datetime, time, timedelta

from market_assets.calendars.casablanca_time import casablanca_zone
from market_assets.calendars.sessions import session_close
from market_assets.defs.markets import CENTRAL_BANK

MORNING = time(10, 0)
"""Of the next business day: interbank rate and curve are out by nine, MONIA by half past."""


def out_at(session: date) -> datetime:
    """The instant (UTC) from which the reference rates of ``session`` are out."""
    return session_close(CENTRAL_BANK.mic, session)


def complete_at(session: date) -> datetime:
    """The instant (UTC) from which everything of ``session`` is out."""
    day = CENTRAL_BANK.eve_after(session) + timedelta(days=1)
    return datetime.combine(day, MORNING, casablanca_zone()).astimezone(UTC)

"""Which trades a day's holding reflects: CCASS shows what has settled, two days after the trade.

Dates only. Two of them belong to a figure, and neither is the other:

- ``settlement_date``: the day whose settled holdings it shows.
- ``implied_trade_date``: the newest day of Southbound trading whose trades are in it.

A settlement day is a session of Hong Kong that trades the whole day; a trade settles on the second
settlement day after it. Half days trade without settling, so trades of the half day and of the day
before it settle together: 21 and 24 December 2007, both on the 28th (webb-site's settlement
calendar, whose notes say it of the eves of Christmas, New Year and Lunar New Year); 23 and 24
December 2014, both on the 30th (notice of ChinaClear). Not modelled: days of bad weather with
trading but no settlement, trades that settle late or by agreement, and what ``southbound.py`` does
not model: where Southbound was closed before a holiday, an implied trade can be a day too late.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from market_assets.calendars import southbound, xhkg
from market_assets.calendars.sessions import (
    bounds,
    is_session,
    session_before,
    session_close,
    sessions_between,
)


class HoldingDates(NamedTuple):
    """A shareholding date and the two dates that belong to it; its fields are columns' names."""

    session: date
    settlement_date: date
    implied_trade_date: date


def settlement_date(session: date) -> date:
    """The settlement day whose holdings are shown for ``session``, a session of Hong Kong.

    The session itself, or the settlement day before it if the session is a half day.
    """
    return _settlement_day(session, 0)


def implied_trade_date(session: date) -> date:
    """The newest Southbound trading day whose trades had settled by ``session``.

    One settlement day lies between a trade and its settlement, so it is the newest Southbound day
    before the settlement day that precedes ``settlement_date``. Between two sessions with the same
    one no Southbound trade settled, and the same figures are no fault: later than the mainland's
    holiday by the time of settlement, after that to 2026-02-23 on 24 and 25 February.
    """
    return session_before(southbound.NAME, _settlement_day(session, -1))


def holding_dates(sessions: Iterable[date]) -> tuple[HoldingDates, ...]:
    """The dates that belong to each of ``sessions``, in their order: rows of a frame."""
    return tuple(
        HoldingDates(session, settlement_date(session), implied_trade_date(session))
        for session in sessions
    )


def _settlement_day(session: date, offset: int) -> date:
    if not is_session(xhkg.NAME, session):
        raise ValueError(f"{session} is not a session of {xhkg.NAME}")
    place = bisect_right(_settlement_days(), session) - 1 + offset
    if not 0 <= place < len(_settlement_days()):
        raise ValueError(f"the settlement day {offset:+d} from {session} is not known")
    return _settlement_days()[place]


@cache
def _settlement_days() -> tuple[date, ...]:
    return tuple(
        session
        for session in sessions_between(xhkg.NAME, *bounds(xhkg.NAME))
        if session_close(xhkg.NAME, session).astimezone(xhkg.ZONE).time() == xhkg.CLOSE
    )

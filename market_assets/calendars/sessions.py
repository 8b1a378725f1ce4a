"""The trading sessions of a market, by its MIC or name; dates in, dates out, cheap after first use.

Not a clock: what time it is, the caller says.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

from market_assets.calendars import africa
from market_assets.calendars.bkam import BankCalendar
from market_assets.calendars.southbound import SouthboundCalendar
from market_assets.calendars.xcas import XCASExchangeCalendar
from market_assets.calendars.xhkg import HongKongCalendar

CALENDARS = {
    "XCAS": XCASExchangeCalendar,
    "BKAM": BankCalendar,
    "XHKG": HongKongCalendar,
    "SOUTHBOUND": SouthboundCalendar,
    **africa.CALENDARS,
    "AFRICA": africa.AfricaCalendar,
}


def bounds(mic: str) -> tuple[date, date]:
    """The first and the last day that the calendar knows; any other is refused."""
    timetable = _timetable(mic)
    return timetable.first, timetable.last


def sessions_between(mic: str, first: date, last: date) -> tuple[date, ...]:
    """The sessions from ``first`` to ``last``, both included, ascending."""
    days = _timetable(mic).covering(first, last).sessions
    return days[bisect_left(days, first) : bisect_right(days, last)]


def is_session(mic: str, day: date) -> bool:
    """Whether the exchange trades on ``day``."""
    return bool(sessions_between(mic, day, day))


def session_before(mic: str, day: date, *, count: int = 1) -> date:
    """The ``count``-th session strictly before ``day``, which need not be one itself."""
    timetable = _timetable(mic).covering(day, day)
    place = bisect_left(timetable.sessions, day) - count
    if count < 1 or place < 0:
        raise ValueError(f"{mic} has no {count}. session before {day} since {timetable.first}")
    return timetable.sessions[place]


def newest_closed_session(mic: str, instant: datetime) -> date:
    """The newest session whose close is at or before ``instant``, which must know its zone."""
    day = instant.astimezone(UTC).date()
    timetable = _timetable(mic).covering(day, day)
    place = bisect_right(timetable.closes, instant) - 1
    if place < 0:
        raise ValueError(f"{mic} has no session that closed by {instant.isoformat()}")
    return timetable.sessions[place]


def session_open(mic: str, session: date) -> datetime:
    """The instant in UTC at which ``session`` opens."""
    return _timetable(mic).opens[_place(mic, session)]


def session_close(mic: str, session: date) -> datetime:
    """The instant in UTC at which ``session`` closes."""
    return _timetable(mic).closes[_place(mic, session)]


def _place(mic: str, session: date) -> int:
    if not is_session(mic, session):
        raise ValueError(f"{session} is not a session of {mic}")
    return bisect_left(_timetable(mic).sessions, session)


@dataclass(frozen=True, kw_only=True)
class _Timetable:
    mic: str
    first: date
    last: date
    sessions: tuple[date, ...]
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]

    def covering(self, first: date, last: date) -> "_Timetable":
        if first < self.first or last > self.last:
            raise ValueError(
                f"the calendar of {self.mic} knows {self.first} to {self.last}, "
                f"not {first} to {last}"
            )
        return self


@cache
def _timetable(mic: str) -> _Timetable:
    if mic not in CALENDARS:
        raise ValueError(f"no calendar for {mic!r}; known: {', '.join(CALENDARS)}")
    kind = CALENDARS[mic]
    first, last = kind.bound_min(), kind.bound_max()
    calendar = cast("Any", kind(start=first, end=last))  # pandas comes without type stubs
    return _Timetable(
        mic=mic,
        first=first.date(),
        last=last.date(),
        sessions=tuple(session.date() for session in calendar.sessions),
        opens=tuple(opened.to_pydatetime().astimezone(UTC) for opened in calendar.opens),
        closes=tuple(close.to_pydatetime().astimezone(UTC) for close in calendar.closes),
    )

"""The days of the invented Southbound: what a day's holdings show, and what is served when.

Sessions and settlement are those of ``calendars``. 2027's mainland holidays are not announced: no
session of 2027 stands still.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from market_assets.calendars.sessions import bounds, is_session, session_before, sessions_between
from market_assets.calendars.settlement import implied_trade_date
from market_assets.calendars.southbound import NAME as SOUTHBOUND
from market_assets.calendars.xhkg import NAME as XHKG
from market_assets.calendars.xhkg import ZONE as HONG_KONG
from market_assets.sources.reading import stated_day

FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2027, 12, 31)
SETTLING = 2
"""Sessions from a trade to its settlement."""
DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6

OUT_AT = time(8, 30)
"""Hong Kong time from which a day's figures are out, on the day after; the exact minute is not
known, 08:48 was seen."""

HOLIDAY_SATURDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2023-04-08", "2023-07-01", "2023-09-30", "2024-02-10", "2024-03-30", "2025-04-19"),
        *("2025-05-31", "2026-04-04", "2026-09-26", "2026-12-26", "2027-02-06", "2027-03-27"),
        *("2027-05-01", "2027-12-25"),
    )
)
"""General holidays of Hong Kong that are Saturdays (the government's gazette)."""

STORMS = frozenset({date(2023, 7, 17), date(2023, 9, 1), date(2023, 9, 8), date(2024, 9, 6)})
"""Weekdays without a session that are no public holidays."""


@cache
def sessions() -> tuple[date, ...]:
    """Hong Kong's sessions from 2023 on, ascending."""
    return sessions_between(XHKG, FIRST_DAY, LAST_DAY)


@cache
def southbound_sessions() -> tuple[date, ...]:
    """The sessions on which the mainland trades too, ascending, from the first settled in 2023."""
    first = session_before(SOUTHBOUND, FIRST_DAY, count=SETTLING)
    known = bounds(SOUTHBOUND)[1]
    after = (day for day in sessions() if day > known)
    return (*sessions_between(SOUTHBOUND, first, known), *after)


@cache
def is_holiday(day: date) -> bool:
    """Whether ``day`` is a public holiday of Hong Kong other than a Sunday."""
    if day.weekday() >= SATURDAY:
        return day in HOLIDAY_SATURDAYS
    return day not in STORMS and not is_session(XHKG, day)


def served_day(day: date) -> date:
    """The day a page about ``day`` states: itself, or the one before that is no Sunday or holiday.

    A Saturday is its own day.
    """
    while day.weekday() == SUNDAY or is_holiday(day):
        day -= DAY
    return day


def session_of(day: date) -> date:
    """The session whose figures ``day`` has: itself, or the newest before."""
    return _newest(sessions(), day)


def southbound_session_of(day: date) -> date:
    """The newest session up to ``day`` on which the mainland trades too."""
    return _newest(southbound_sessions(), day)


@cache
def settled_place(day: date) -> int:
    """The place among ``southbound_sessions`` of the one whose figures ``day`` shows.

    It moves when the implied trade date does. In ordinary weeks it is the session itself.
    """
    session = session_of(day)
    if session > bounds(SOUTHBOUND)[1]:
        return bisect_right(southbound_sessions(), session) - 1
    return bisect_right(southbound_sessions(), implied_trade_date(session)) - 1 + SETTLING


def today(now: datetime) -> date:
    """The day in Hong Kong, and all over China, at ``now`` (UTC)."""
    return now.astimezone(HONG_KONG).date()


def newest_day_out(now: datetime) -> date:
    """The newest day HKEXnews has figures of: yesterday, before 08:30 the day before it."""
    local = now.astimezone(HONG_KONG)
    return local.date() - (DAY if local.time() >= OUT_AT else 2 * DAY)


def newest_channel_session_out(now: datetime) -> date:
    """The newest session that SSE and SZSE have figures of.

    On the morning of 2026-08-07 both had 2026-08-05 and not yet 2026-08-06: a session is out
    from 08:30 of the second Southbound session after it.
    """
    days = southbound_sessions()
    return days[bisect_right(days, newest_day_out(now) + DAY) - 3]


def served_range(now: datetime) -> tuple[date, date]:
    """The first and last day that may be asked for: a year to yesterday, as the page's own limits.

    Never before the first session. Seen: on 2025-11-12 from 2024-11-12 to 2025-11-11.
    """
    last = today(now) - DAY
    leap_day = (last.month, last.day) == (2, 29)
    year_before = last.replace(year=last.year - 1, day=28 if leap_day else last.day)
    return max(year_before + DAY, sessions()[0]), last


def day_in(text: str, form: str) -> date | None:
    """The day that a question's ``text`` names in the ``strptime`` format ``form``, if any."""
    try:
        return stated_day(text, form)
    except ValueError:
        return None


def instant(day: date, at: time) -> datetime:
    """The instant in UTC of ``at``, Hong Kong time, on ``day``."""
    return datetime.combine(day, at, HONG_KONG).astimezone(UTC)


def _newest(days: tuple[date, ...], day: date) -> date:
    place = bisect_right(days, day)
    if not place or day > LAST_DAY:
        raise ValueError(f"the invented Southbound knows {days[0]} to {LAST_DAY}, not {day}")
    return days[place - 1]

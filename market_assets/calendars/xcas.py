"""The Casablanca Stock Exchange (MIC XCAS) as a calendar of exchange_calendars.

Feasts with a fixed date are a rule (``FIXED_FEASTS``); moving feasts, single closures and cancelled
sessions are rows of ``xcas_days.csv``, the days with short hours rows of ``xcas_timetable.csv``.
A row's ``basis`` says how it is known: ``observed`` (prices are absent), ``announced``, or
``estimated`` from the new moon: a month begins after the first evening (19:00 UTC) at which the
moon is at least 22 hours old. That rule meets all observed feasts but for a day here and there, so
an estimate can be a day off; the weekdays without observation are those of 2020-11..2023-03 and
2026-05-05..08-23, and the future.
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from zoneinfo import ZoneInfo

import exchange_calendars as xc
import pandas as pd

from market_assets.calendars.casablanca_time import casablanca_zone
from market_assets.calendars.days import Day, days_in, rows_in
from market_assets.calendars.known import KnownYears

NAME = "XCAS"
FIRST_DAY = date(2010, 1, 1)
LAST_DAY = date(2027, 12, 31)
"""The days that were looked at; a later one needs its moving feasts in the files first."""

FIXED_FEASTS = (
    (1, 1, 2010, "New Year"),
    (1, 11, 2010, "Independence Manifesto"),
    (1, 14, 2024, "Amazigh New Year"),
    (5, 1, 2010, "Labour Day"),
    (7, 30, 2010, "Throne Day"),
    (8, 14, 2010, "Oued Ed-Dahab"),
    (8, 20, 2010, "Revolution of the King and the People"),
    (8, 21, 2010, "Youth Day"),
    (11, 6, 2010, "Green March"),
    (11, 18, 2010, "Independence Day"),
)
"""Month, day, first year, name. Not replaced when on a weekend. Whether 31 October closes the
market from 2026 is not verified; it is a weekend in 2026 and 2027."""

OPEN, CLOSE = time(9, 0), time(15, 30)
SHORT_OPEN, SHORT_CLOSE = time(9, 15), time(13, 30)


@dataclass(frozen=True, kw_only=True)
class ShortHours:
    """Days, both ends included, on which the exchange keeps its Ramadan timetable."""

    first: date
    last: date
    name: str
    basis: str
    source: str


class XCASExchangeCalendar(KnownYears):
    """Sessions and hours of the Casablanca exchange's continuous market, 2010 to 2027.

    Open 09:00, the opening call; close 15:30, the closing fixing, as exchange_calendars reckons
    Paris. Ramadan timetable: 09:15 to 13:30. After the close shares still change hands at the last
    price until about 15:40, so the figures of a session are final only then. Whether the hours
    changed with the clock on 2026-09-20, and whether 2010-2019 had the same Ramadan timetable, is
    not verified. A session that the exchange annulled (2026-09-17) is not a session.
    """

    called = NAME
    first_day, last_day = FIRST_DAY, LAST_DAY
    usual_open, usual_close = OPEN, CLOSE

    @property
    def tz(self) -> ZoneInfo:
        """The zone of the tzdata package, right after 2026-09-20 too."""
        return casablanca_zone()

    @property
    def adhoc_holidays(self) -> list[pd.Timestamp]:
        """All days without a session, fixed feasts included."""
        return [pd.to_datetime(day) for day in sorted(closed_days(exceptional_days()))]

    @property
    def special_opens_adhoc(self) -> list[tuple[time, pd.DatetimeIndex]]:
        """The later opening call of the Ramadan timetable."""
        return [(SHORT_OPEN, self._short_sessions())]

    @property
    def special_closes_adhoc(self) -> list[tuple[time, pd.DatetimeIndex]]:
        """The earlier closing fixing of the Ramadan timetable."""
        return [(SHORT_CLOSE, self._short_sessions())]

    def _short_sessions(self) -> pd.DatetimeIndex:
        spans = [pd.date_range(span.first, span.last, freq=self.day) for span in short_hours()]
        return pd.DatetimeIndex([session for span in spans for session in span])


def closed_days(exceptions: Iterable[Day]) -> frozenset[date]:
    """The days without a session: fixed feasts and ``exceptions``, but for those that are open."""
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    feasts = {
        date(year, month, day)
        for month, day, first_year, _ in FIXED_FEASTS
        for year in years
        if year >= first_year
    }
    named = tuple(exceptions)
    opened = {exception.day for exception in named if exception.kind == "open"}
    shut = {exception.day for exception in named if exception.kind in {"closed", "cancelled"}}
    return frozenset((feasts | shut) - opened)


def exceptional_days() -> tuple[Day, ...]:
    """The rows of ``xcas_days.csv``, ascending."""
    return days_in("xcas_days.csv")


@cache
def short_hours() -> tuple[ShortHours, ...]:
    """The rows of ``xcas_timetable.csv``, ascending."""
    return tuple(
        ShortHours(
            first=date.fromisoformat(row["first"]),
            last=date.fromisoformat(row["last"]),
            name=row["name"],
            basis=row["basis"],
            source=row["source"],
        )
        for row in rows_in("xcas_timetable.csv")
    )


def register() -> None:
    """Make ``exchange_calendars.get_calendar("XCAS")`` answer with this calendar."""
    xc.register_calendar_type(NAME, XCASExchangeCalendar, force=True)

"""The days on which Lagos, Cairo, Johannesburg or Abidjan trades: a Sunday is Cairo's alone.

A day opens with the first of the exchanges that trade on it and closes with the last.
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date, time
from functools import cache

import pandas as pd

from market_assets.calendars import xjse
from market_assets.calendars.known import KnownYears
from market_assets.calendars.xbrv import AbidjanCalendar
from market_assets.calendars.xcai import EgyptianCalendar
from market_assets.calendars.xjse import JohannesburgCalendar
from market_assets.calendars.xnsa import NigerianCalendar

NAME = "AFRICA"
"""Not a MIC: no exchange, but the neighbours' together."""

CALENDARS: dict[str, type[KnownYears] | type[JohannesburgCalendar]] = {
    "XNSA": NigerianCalendar,
    "XCAI": EgyptianCalendar,
    "XJSE": JohannesburgCalendar,
    "XBRV": AbidjanCalendar,
}


class AfricaCalendar(KnownYears):
    """Days of trading on one of the exchanges at least; times are Johannesburg's, UTC+2."""

    called, zone = NAME, xjse.ZONE
    first_day, last_day = xjse.FIRST_DAY, xjse.LAST_DAY
    usual_open, usual_close = time(9), time(17)

    @property
    def weekmask(self) -> str:
        """Every day but Saturday."""
        return "1111101"

    @property
    def adhoc_holidays(self) -> list[pd.Timestamp]:
        """Days but Saturdays on which none of them trades."""
        days = pd.date_range(xjse.FIRST_DAY, xjse.LAST_DAY)
        return [day for day in days if day.date() not in _hours()]

    @property
    def special_opens_adhoc(self) -> list[tuple[time, pd.DatetimeIndex]]:
        """Days that open at another time than Johannesburg's."""
        return _at_other_times(
            {day: opens for day, (opens, _) in _hours().items()}, self.usual_open
        )

    @property
    def special_closes_adhoc(self) -> list[tuple[time, pd.DatetimeIndex]]:
        """Days that close at another time than Johannesburg's."""
        return _at_other_times(
            {day: closes for day, (_, closes) in _hours().items()}, self.usual_close
        )


@cache
def _hours() -> dict[date, tuple[time, time]]:
    """The first opening and the last close of each day with a session, in Johannesburg."""
    opens: dict[date, time] = {}
    closes: dict[date, time] = {}
    for kind in CALENDARS.values():
        hours = kind(start=kind.bound_min(), end=kind.bound_max()).schedule
        local = [hours[end].dt.tz_convert(xjse.ZONE).dt.time for end in ("open", "close")]
        for session, opened, closed in zip(hours.index, *local, strict=True):
            day = session.date()
            opens[day] = min(opened, opens.get(day, opened))
            closes[day] = max(closed, closes.get(day, closed))
    return {day: (opens[day], closes[day]) for day in opens}


def _at_other_times(times: dict[date, time], usual: time) -> list[tuple[time, pd.DatetimeIndex]]:
    days: dict[time, list[date]] = {}
    for day, at in times.items():
        if at != usual:
            days.setdefault(at, []).append(day)
    return [(at, pd.DatetimeIndex(pd.to_datetime(found))) for at, found in days.items()]

"""The days on which Bank Al-Maghrib quotes the dirham; not a MIC, and not the exchange's sessions.

Weekdays but for Morocco's feasts, as in ``xcas``, and but for 25 and 26 December, on which clients
of the bank's interface found no rates. A session that the exchange annulled is a day of the bank.
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date, time

import pandas as pd

from market_assets.calendars.xcas import (
    FIRST_DAY,
    LAST_DAY,
    XCASExchangeCalendar,
    closed_days,
    exceptional_days,
)

NAME = "BKAM"
OUT_AT = time(16, 30)
"""Local time at which the day's reference rates are out: the interface stamps them 12:30, the page
still showed the day before at 13:15, and others ask from 15:00 to 16:15."""
CHRISTMAS = ((12, 25), (12, 26))


class BankCalendar(XCASExchangeCalendar):
    """Days with reference rates; one "closes" when they are out."""

    called = NAME
    usual_close = OUT_AT

    @property
    def adhoc_holidays(self) -> list[pd.Timestamp]:
        """Feasts, and Christmas."""
        closed = closed_days(day for day in exceptional_days() if day.kind != "cancelled")
        years = range(FIRST_DAY.year, LAST_DAY.year + 1)
        christmas = {date(year, *day) for year in years for day in CHRISTMAS}
        return [pd.to_datetime(day) for day in sorted(closed | christmas)]

    @property
    def special_opens_adhoc(self) -> list[tuple[time, pd.DatetimeIndex]]:
        """None: the bank keeps no timetable of the exchange."""
        return []

    @property
    def special_closes_adhoc(self) -> list[tuple[time, pd.DatetimeIndex]]:
        """None: the bank keeps no timetable of the exchange."""
        return []

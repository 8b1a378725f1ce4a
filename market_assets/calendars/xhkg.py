"""The Hong Kong exchange (MIC XHKG): the calendar of exchange_calendars, with two days put right.

exchange_calendars 4.13.2 takes 2023-09-01 and 2023-09-08 for sessions; the exchange cancelled all
trading on both (its issue 600, mended in its repository by pull request 603, not yet released).
Each is a row of ``xhkg_days.csv`` with the exchange's notice; a release that knows them changes
nothing here. Closures for weather up to 2024-09-06 are in the library; a later one is not known
before it is in that file. Mornings or afternoons that the weather took are not modelled: such a day
is a whole session (2020-08-19 and 2021-06-28 began at 13:30: the library's issue 142).
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date, time
from zoneinfo import ZoneInfo

import pandas as pd
from exchange_calendars.exchange_calendar_xhkg import XHKGExchangeCalendar

from market_assets.calendars.days import days_in

NAME = "XHKG"
ZONE = ZoneInfo("Asia/Hong_Kong")
CLOSE = time(16)
"""The end of a whole day's trading; a half day's, on the eve of a feast, is at noon (12:30 until
2011-03)."""

FIRST_DAY = date(2007, 1, 1)
"""CCASS holdings are known from June 2007 on."""

LAST_DAY = date(2030, 12, 31)
"""As far as is of use: the library reckons the lunar feasts to the end of 2049, by today's law, and
years not yet announced may still change."""


class HongKongCalendar(XHKGExchangeCalendar):
    """Sessions and hours of the exchange, 2007 to 2030; half days close at noon.

    Half days are the eves of Christmas and New Year, and from 2013 on of Lunar New Year; the
    library does not know the earlier ones of Lunar New Year.
    """

    @classmethod
    def bound_min(cls) -> pd.Timestamp:
        """The first day that is of use here."""
        return pd.to_datetime(FIRST_DAY)

    @classmethod
    def bound_max(cls) -> pd.Timestamp:
        """The last day that is of use here."""
        return pd.to_datetime(LAST_DAY)

    @property
    def adhoc_holidays(self) -> list[pd.Timestamp]:
        """All days without a session that no fixed date gives, lunar feasts and weather."""
        missing = [pd.to_datetime(day.day) for day in days_in("xhkg_days.csv")]
        return sorted({*pd.DatetimeIndex(super().adhoc_holidays), *missing})

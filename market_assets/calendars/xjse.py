"""The Johannesburg exchange (MIC XJSE): the calendar of exchange_calendars, with bounds.

Its hours, 09:00 to 17:00, end with the closing auction; trading at the closing price until 17:10
is not counted. Elections and days of mourning not yet decreed are not known.
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
from exchange_calendars.exchange_calendar_xjse import XJSEExchangeCalendar

NAME = "XJSE"
ZONE = ZoneInfo("Africa/Johannesburg")
FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2027, 12, 31)


class JohannesburgCalendar(XJSEExchangeCalendar):
    """Sessions and hours of the exchange, 2023 to 2027."""

    @classmethod
    def bound_min(cls) -> pd.Timestamp:
        """The first day that is of use here."""
        return pd.to_datetime(FIRST_DAY)

    @classmethod
    def bound_max(cls) -> pd.Timestamp:
        """The last day that the neighbours' calendars know too."""
        return pd.to_datetime(LAST_DAY)

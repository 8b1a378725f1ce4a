"""The Nigerian exchange (MIC XNSA) as a calendar of exchange_calendars.

Its days without a session are rows of ``xnsa_days.csv``. Those of 2026 are ``listed`` by a public
project that follows the exchange; those of other years are ``estimated`` from the law and the
moon, so a day can be wrong in either direction: what a page states decides, not this file.
Holidays that a government decrees at short notice are not known.
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date, time
from zoneinfo import ZoneInfo

import pandas as pd

from market_assets.calendars.days import days_in
from market_assets.calendars.known import KnownYears

NAME = "XNSA"
ZONE = ZoneInfo("Africa/Lagos")
FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2027, 12, 31)
OPEN, CLOSE = time(10), time(14, 30)


class NigerianCalendar(KnownYears):
    """Sessions of the exchange, Monday to Friday, 10:00 to 14:30 in Lagos.

    A pre-open from 09:30 comes before; pre-closing begins at 14:20.
    """

    called, zone = NAME, ZONE
    first_day, last_day = FIRST_DAY, LAST_DAY
    usual_open, usual_close = OPEN, CLOSE

    @property
    def adhoc_holidays(self) -> list[pd.Timestamp]:
        """All weekdays without a session."""
        return [pd.to_datetime(day.day) for day in days_in("xnsa_days.csv")]

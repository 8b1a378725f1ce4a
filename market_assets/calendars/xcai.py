"""The Egyptian exchange (MIC XCAI) as a calendar of exchange_calendars: Sunday to Thursday.

Its days without a session are rows of ``xcai_days.csv``. Of 2026, days on which public lists agree
are ``listed``, those on which they do not are ``disputed``; those of other years are ``estimated``
from the law and the moon. Egypt often keeps a holiday on a Thursday instead, which is not known in
advance: what a page states decides, not this file.
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date, time
from zoneinfo import ZoneInfo

import pandas as pd

from market_assets.calendars.days import days_in
from market_assets.calendars.known import KnownYears

NAME = "XCAI"
ZONE = ZoneInfo("Africa/Cairo")
FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2027, 12, 31)
OPEN, CLOSE = time(10), time(14, 30)


class EgyptianCalendar(KnownYears):
    """Sessions of the exchange, 10:00 to the end of the closing auction at 14:30 in Cairo.

    Not modelled: Ramadan, when trading ends at 13:30, so that a session then counts as closed an
    hour late; and hours of 09:30 to 15:00, announced for after Eid al-Fitr 2026, of which nobody
    has verified that they came into force.
    """

    called, zone = NAME, ZONE
    first_day, last_day = FIRST_DAY, LAST_DAY
    usual_open, usual_close = OPEN, CLOSE

    @property
    def weekmask(self) -> str:
        """Monday to Thursday, and Sunday."""
        return "1111001"

    @property
    def adhoc_holidays(self) -> list[pd.Timestamp]:
        """All days from Sunday to Thursday without a session."""
        return [pd.to_datetime(day.day) for day in days_in("xcai_days.csv")]

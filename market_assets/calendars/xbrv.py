"""The regional exchange of West Africa in Abidjan (BRVM, MIC XBRV) as a calendar.

Its days without a session are rows of ``xbrv_days.csv``: the public holidays of Côte d'Ivoire. From
2023 to October 2025 they were ``observed``: a public collection of Sonatel's daily quotes has every
other weekday and none of these. Later ones are ``estimated`` from the law and the moon, so a day
can be wrong in either direction: what a page states decides, not this file. Holidays that are
decreed at short notice, as one was in February 2024, are not known.
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date, time
from zoneinfo import ZoneInfo

import pandas as pd

from market_assets.calendars.days import days_in
from market_assets.calendars.known import KnownYears

NAME = "XBRV"
ZONE = ZoneInfo("Africa/Abidjan")
FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2027, 12, 31)
OPEN, CLOSE = time(9, 45), time(15)


class AbidjanCalendar(KnownYears):
    """Sessions of the exchange, Monday to Friday, 09:45 to 15:00 UTC.

    As its page of hours says: the opening fixing to the end of trading at the last price, whose
    volumes count. It may close at 12:00 on the eve of a feast, by notice: that is not known.
    """

    called, zone = NAME, ZONE
    first_day, last_day = FIRST_DAY, LAST_DAY
    usual_open, usual_close = OPEN, CLOSE

    @property
    def adhoc_holidays(self) -> list[pd.Timestamp]:
        """All weekdays without a session."""
        return [pd.to_datetime(day.day) for day in days_in("xbrv_days.csv")]

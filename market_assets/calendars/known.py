"""A calendar that knows some years, with the same hours each day; its days are not said here."""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date, time
from typing import ClassVar
from zoneinfo import ZoneInfo

import exchange_calendars as xc
import pandas as pd


class KnownYears(xc.ExchangeCalendar):
    """Sessions from ``first_day`` to ``last_day``, by default Monday to Friday."""

    called: ClassVar[str]
    zone: ClassVar[ZoneInfo]
    first_day: ClassVar[date]
    last_day: ClassVar[date]
    usual_open: ClassVar[time]
    usual_close: ClassVar[time]

    @property
    def name(self) -> str:
        """The name it is asked for by."""
        return self.called

    @classmethod
    def bound_min(cls) -> pd.Timestamp:
        """The first day that is known."""
        return pd.to_datetime(cls.first_day)

    @classmethod
    def bound_max(cls) -> pd.Timestamp:
        """The last day that is known."""
        return pd.to_datetime(cls.last_day)

    @property
    def tz(self) -> ZoneInfo:
        """The zone of the hours."""
        return self.zone

    @property
    def open_times(self) -> tuple[tuple[None, time], ...]:
        """The usual opening, in local time."""
        return ((None, self.usual_open),)

    @property
    def close_times(self) -> tuple[tuple[None, time], ...]:
        """The usual close, in local time."""
        return ((None, self.usual_close),)

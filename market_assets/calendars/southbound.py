"""When mainland investors can trade in Hong Kong: days on which both sides' exchanges are open.

That is every session of Hong Kong that is one of Shanghai too; Shenzhen keeps the same days. The
link's own list for 2026 (notice of 2025-12-22) agrees. Not modelled: days on which both exchanges
trade and Southbound is closed nevertheless, for want of settlement before a mainland holiday, as
its lists for 2016 and 2022 name and the one for 2026 does not; half days; quotas; suspensions.

On a session of Hong Kong that is not one here pages go on being published, and figures stand still,
which is not staleness: such sessions have one ``settlement.implied_trade_date``.
"""

# pyright: standard
# (pandas and exchange_calendars come without type stubs)

from datetime import date

import pandas as pd
from exchange_calendars.exchange_calendar_xshg import XSHGExchangeCalendar

from market_assets.calendars.xhkg import HongKongCalendar

NAME = "SOUTHBOUND"
"""Not a MIC: no exchange, but the link of Shanghai and Shenzhen to Hong Kong."""

FIRST_DAY = date(2014, 11, 17)
"""Shanghai's link opened; Shenzhen's followed on 2016-12-05."""


class SouthboundCalendar(HongKongCalendar):
    """Days of Southbound trading, with Hong Kong's hours.

    Mainland holidays are decreed year by year, and exchange_calendars carries those announced: to
    the end of 2026 in 4.13.2. A later day is refused until a release knows it.
    """

    @property
    def name(self) -> str:
        """The name it is asked for by."""
        return NAME

    @classmethod
    def bound_min(cls) -> pd.Timestamp:
        """The day on which Southbound trading began."""
        return pd.to_datetime(FIRST_DAY)

    @classmethod
    def bound_max(cls) -> pd.Timestamp:
        """The last day whose mainland holidays are known."""
        return min(super().bound_max(), XSHGExchangeCalendar.bound_max())

    @property
    def adhoc_holidays(self) -> list[pd.Timestamp]:
        """Hong Kong's days without a session, and the mainland's."""
        return [*super().adhoc_holidays, *XSHGExchangeCalendar.precomputed_holidays()]

"""Which calendar each market keeps and how its newest day is known; of tables no word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from market_assets.calendars import africa, bkam, xcas, xhkg
from market_assets.calendars.publication import newest_published
from market_assets.calendars.sessions import newest_closed_session


@dataclass(frozen=True)
class Days:
    """The name of a calendar, and its newest day whose figures are out at an instant."""

    calendar: str
    newest: Callable[[datetime], date]


def _closing(calendar: str) -> Days:
    return Days(calendar, partial(newest_closed_session, calendar))


CASABLANCA = _closing(xcas.NAME)
HKEX = Days(xhkg.NAME, partial(newest_published, xhkg.NAME))
CENTRAL_BANK = _closing(bkam.NAME)
AFRICA = _closing(africa.NAME)
COMPANIES = CASABLANCA
MARKET_DAYS: Mapping[str, Days] = {
    "casablanca": CASABLANCA,
    "hkex": HKEX,
    "central_bank": CENTRAL_BANK,
    "africa": AFRICA,
    "companies": COMPANIES,
}
"""By the market's name, which is the schema of its tables."""

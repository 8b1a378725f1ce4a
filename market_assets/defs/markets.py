"""The markets as runs know them: their calendar, their months, and when their figures are out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg

from market_assets.calendars import markets as days
from market_assets.calendars import xcas, xjse
from market_assets.calendars.sessions import bounds, sessions_between
from market_assets.sandbox.casablanca import market as casablanca_market
from market_assets.sandbox.central_bank import figures as bank_figures
from market_assets.sandbox.hkex import days as hkex_days
from market_assets.sources import registry
from market_assets.sources.source import Source

CLOSED_AT_MOST = timedelta(days=30)
"""Longer than any of the markets rests."""


@dataclass(frozen=True, kw_only=True)
class Market:
    """A market. ``newest`` is its newest session whose figures are out at an instant (UTC).

    Its partitions are the months of its own zone; ``name`` is also the schema of its tables.
    ``begins`` is the first day that anybody can have published, ``invented_from`` the sandbox's.
    ``sources`` are those that are asked for it, best first; ``needs`` are the markets that it is
    made of, which come before it in MARKETS.
    """

    name: str
    mic: str
    zone: str
    months: dg.MonthlyPartitionsDefinition
    begins: date
    invented_from: date
    sources: tuple[Source, ...]
    newest: Callable[[datetime], date]
    needs: "tuple[Market, ...]" = ()

    def job(self, *, from_captures: bool) -> str:
        """The name of the job that asks everybody, or that builds from captures alone."""
        return f"{self.name}_from_captures" if from_captures else self.name

    def today(self, instant: datetime) -> date:
        """The day that it is in the market's zone."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def sessions(self, first: date, last: date) -> tuple[date, ...]:
        """The sessions from ``first`` to ``last``, both included, ascending."""
        return sessions_between(self.mic, first, last)

    def before(self, day: date, count: int) -> date:
        """The ``count``-th session strictly before ``day``; ``day`` itself where ``count`` is 0.

        Where the calendar knows fewer, the first day that it knows.
        """
        if not count:
            return day
        first, _ = bounds(self.mic)
        earlier = [session for session in self.sessions(first, day) if session < day]
        return earlier[-count] if len(earlier) >= count else first

    def after(self, day: date, count: int) -> date:
        """The ``count``-th session strictly after ``day``; ``day`` itself where ``count`` is 0.

        Where the calendar knows fewer, the last day that it knows.
        """
        if not count:
            return day
        _, last = bounds(self.mic)
        later = [session for session in self.sessions(day, last) if session > day]
        return later[count - 1] if len(later) >= count else last

    def ahead(self, day: date, reach: timedelta) -> date:
        """The day ``reach`` after ``day``, or the last that the calendar knows."""
        return min(day + reach, bounds(self.mic)[1])

    def eve_after(self, session: date) -> date:
        """The day before the session after ``session``: itself, or the last of a feast.

        Where the calendar knows no session after it, the last day that it knows.
        """
        last = self.ahead(session, CLOSED_AT_MOST)
        later = [day for day in self.sessions(session, last) if day > session]
        return later[0] - timedelta(days=1) if later else last

    def last_sessions(self, count: int, *, until: date) -> tuple[date, ...]:
        """The ``count`` sessions that end with the last one on or before ``until``."""
        first = self.before(until + timedelta(days=1), count)
        return self.sessions(first, until)


def _months(start: str, zone: str) -> dg.MonthlyPartitionsDefinition:
    return dg.MonthlyPartitionsDefinition(
        start_date=start, fmt="%Y-%m", timezone=zone, end_offset=1
    )


CASABLANCA = Market(
    name="casablanca",
    mic=days.CASABLANCA.calendar,
    zone="Africa/Casablanca",
    months=_months("2010-01", "Africa/Casablanca"),
    begins=xcas.FIRST_DAY,
    invented_from=casablanca_market.FIRST_DAY,
    sources=registry.CASABLANCA,
    newest=days.CASABLANCA.newest,
)
HKEX = Market(
    name="hkex",
    mic=days.HKEX.calendar,
    zone="Asia/Hong_Kong",
    months=_months("2017-03", "Asia/Hong_Kong"),
    begins=date(2017, 3, 17),  # HKEXnews' page: "available starting from 17 March 2017"
    invented_from=hkex_days.FIRST_DAY,
    sources=registry.HKEX,
    newest=days.HKEX.newest,
)
CENTRAL_BANK = Market(
    name="central_bank",
    mic=days.CENTRAL_BANK.calendar,
    zone="Africa/Casablanca",
    months=_months("2010-02", "Africa/Casablanca"),  # not Casablanca's: see market_of
    begins=date(2010, 2, 1),
    invented_from=bank_figures.FIRST_DAY,
    sources=registry.CENTRAL_BANK,
    newest=days.CENTRAL_BANK.newest,
)
AFRICA = Market(
    name="africa",
    mic=days.AFRICA.calendar,
    zone="Africa/Casablanca",  # where it is compared with others, whose months are in this zone
    months=_months("2023-01", "Africa/Casablanca"),
    begins=xjse.FIRST_DAY,
    invented_from=xjse.FIRST_DAY,
    sources=registry.AFRICA,
    newest=days.AFRICA.newest,
)
COMPANIES = Market(
    name="companies",
    mic=CASABLANCA.mic,
    zone=CASABLANCA.zone,
    months=CASABLANCA.months,
    begins=CASABLANCA.begins,
    invented_from=CASABLANCA.invented_from,
    sources=(),
    newest=CASABLANCA.newest,
    needs=(CASABLANCA,),
)
"""The companies behind Casablanca's lines: made of what its sources say, they ask nobody."""
MARKETS = (CASABLANCA, HKEX, CENTRAL_BANK, AFRICA, COMPANIES)


def market_of(partitions: dg.PartitionsDefinition) -> Market:
    """The market whose months these partitions are."""
    for market in MARKETS:
        if market.months == partitions:
            return market
    raise LookupError(f"no market has the partitions {partitions}")


def market_named(name: str) -> Market:
    """The market of that name; a LookupError that lists the names where there is none."""
    for market in MARKETS:
        if market.name == name:
            return market
    raise LookupError(
        f"no market is called {name!r}; there are {', '.join(m.name for m in MARKETS)}"
    )


def market_asking(source: Source) -> Market:
    """The market whose source it is; a LookupError where it is nobody's."""
    for market in MARKETS:
        if source in market.sources:
            return market
    raise LookupError(f"no market asks {source.name}")

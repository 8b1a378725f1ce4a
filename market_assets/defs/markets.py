"""The markets as runs know them: their calendar, their months, and when their figures are out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import dagster as dg

from market_assets.calendars.publication import newest_published
from market_assets.calendars.sessions import (
    newest_closed_session,
    session_before,
    sessions_between,
)


@dataclass(frozen=True, kw_only=True)
class Market:
    """A market. ``newest`` is its newest session whose figures are out at an instant (UTC).

    Its partitions are the months of its own zone; ``name`` is also the schema of its tables.
    """

    name: str
    mic: str
    zone: str
    months: dg.MonthlyPartitionsDefinition
    newest: Callable[[datetime], date]

    def sessions(self, first: date, last: date) -> tuple[date, ...]:
        """The sessions from ``first`` to ``last``, both included, ascending."""
        return sessions_between(self.mic, first, last)

    def before(self, day: date, count: int) -> date:
        """The ``count``-th session strictly before ``day``; ``day`` itself where ``count`` is 0."""
        return session_before(self.mic, day, count=count) if count else day

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
    mic="XCAS",
    zone="Africa/Casablanca",
    months=_months("2010-01", "Africa/Casablanca"),
    newest=lambda instant: newest_closed_session("XCAS", instant),
)
HKEX = Market(
    name="hkex",
    mic="XHKG",
    zone="Asia/Hong_Kong",
    months=_months("2017-03", "Asia/Hong_Kong"),
    newest=lambda instant: newest_published("XHKG", instant),
)
MARKETS = (CASABLANCA, HKEX)


def market_of(partitions: dg.PartitionsDefinition) -> Market:
    """The market whose months these partitions are."""
    for market in MARKETS:
        if market.months == partitions:
            return market
    raise LookupError(f"no market has the partitions {partitions}")

"""How far a run reaches beyond its sessions: back to what its tables need, on to what it changes.

A run changes its own sessions and, where it fills a gap, those known after them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.tables import Written, known_rows
from market_assets.defs.window import Window

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What a run changes, ``first`` to ``last``, and the rows that it needs for that."""

    market: Market
    first: date
    last: date
    rows: pl.DataFrame

    @property
    def changed(self) -> pl.Expr:
        """Whether a row is of a session that changes."""
        return pl.col("session").is_between(self.first, self.last)

    @property
    def sessions(self) -> tuple[date, ...]:
        """Those of the calendar from the first day of ``rows`` to its last."""
        days = self.rows["session"]
        return () if days.is_empty() else self.market.sessions(min(days), max(days))

    def written(self, rows: pl.DataFrame) -> Written:
        """``rows`` of the sessions that change."""
        return Written(rows.filter(self.changed), first=self.first, last=self.last)


def reached(
    platform: Platform,
    market: Market,
    table: str,
    days: Window,
    *,
    back: int,
    ahead: timedelta | None,
) -> Reach:
    """The rows of ``table`` from ``back`` sessions before ``days`` to the last that change.

    That is the newest there is, at most ``ahead`` after ``days``; None: however long after.
    """
    first, last = market.before(days.first, back), last_changed(platform, table, days, ahead=ahead)
    rows = known_rows(platform, table, first=first, last=last)
    return Reach(market=market, first=days.first, last=last, rows=rows)


def last_changed(platform: Platform, table: str, days: Window, *, ahead: timedelta | None) -> date:
    """The newest session of ``table`` up to ``ahead`` after ``days``, or the last of these."""
    before = date.max if ahead is None else days.last + ahead + DAY
    newest = platform.warehouse.newest_sessions(table, before=before, count=1)
    return max([days.last, *newest])


def changed_days(
    platform: Platform,
    table: str,
    days: Iterable[date],
    *,
    since: date,
    until: date,
    column: str = "session",
) -> list[date]:
    """``days`` and those that ``table`` has already from ``since`` to ``until``, ascending.

    For a table whose rows look beyond their day: what was built changes, what never was stays so.
    """
    known = platform.warehouse.read(table, columns=[column], first=since, last=until, column=column)
    return sorted({*days, *(() if known is None else known[column])})

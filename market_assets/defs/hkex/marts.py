"""What the tables over the agreed holdings share: how they run and show, how far a run reaches.

A run changes its own sessions and, where it fills a gap, all that are known after them: streaks
and first entries go on without end.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from market_assets.defs.graph import ONE_RUN, OWNERS, WAREHOUSE_POOL
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.tables import Written, known_rows
from market_assets.defs.window import Window

SHOWN: dict[str, Any] = {"group_name": "hkex", "kinds": {"polars", "duckdb"}, "owners": OWNERS}
RUN: dict[str, Any] = {
    "pool": WAREHOUSE_POOL,
    "partitions_def": HKEX.months,
    "backfill_policy": ONE_RUN,
}
MART = SHOWN | RUN


@dataclass(frozen=True)
class Reach:
    """What a run changes, ``first`` to ``last``, and the rows that it needs for that."""

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
        return () if days.is_empty() else HKEX.sessions(min(days), max(days))

    def written(self, rows: pl.DataFrame) -> Written:
        """``rows`` of the sessions that change."""
        return Written(rows.filter(self.changed), first=self.first, last=self.last)


def reached(platform: Platform, table: str, days: Window, *, back: int) -> Reach:
    """The rows of ``table`` from ``back`` sessions before ``days`` on to the newest there is."""
    newest = platform.warehouse.newest_sessions(table, before=date.max, count=1)
    first, last = HKEX.before(days.first, back), max([days.last, *newest])
    rows = known_rows(platform, table, first=first, last=last, column="session")
    return Reach(days.first, last, rows)

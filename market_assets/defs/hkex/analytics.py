"""The tables over the agreed holdings: each reads the sessions it needs, no more.

A run changes its own sessions and, where it fills a gap, all that are known after them: streaks
and first entries go on without end.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg
import polars as pl

from market_assets.defs.graph import ONE_RUN, OWNERS, WAREHOUSE_POOL
from market_assets.defs.hkex.holdings import HOLDINGS_KEY
from market_assets.defs.hkex.statements import statements_key
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.tables import Written, table_name
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.holdings import (
    breadth,
    code_changes,
    concentration,
    deltas,
    eligibility,
    movers,
    newcomers,
    streaks,
)
from market_assets.domain.holdings.rows import ELIGIBLE, PARTICIPANTS
from market_assets.sources import registry

DELTAS = dg.AssetKey([HKEX.name, "holding_deltas"])
MOVERS = dg.AssetKey([HKEX.name, "movers"])
BREADTH = dg.AssetKey([HKEX.name, "southbound_breadth"])
NEW_HOLDINGS = dg.AssetKey([HKEX.name, "new_holdings"])
STREAKS = dg.AssetKey([HKEX.name, "holding_streaks"])
ELIGIBILITY = dg.AssetKey([HKEX.name, "southbound_eligibility"])
CONCENTRATION = dg.AssetKey([HKEX.name, "participant_concentration"])

HORIZONS = (1, 5, 20)
"""Sessions over which changes are told."""
DECIMALS = 6
"""Of the difference of two percentages that are published with two."""
LISTS_BACK = 60
"""Sessions in which a list before is searched for."""
LISTERS = ("sse_southbound", "szse_southbound")

MART: dict[str, Any] = {
    "group_name": "hkex",
    "kinds": {"polars", "duckdb"},
    "owners": OWNERS,
    "pool": WAREHOUSE_POOL,
    "partitions_def": HKEX.months,
    "backfill_policy": ONE_RUN,
}


@dataclass(frozen=True)
class Reach:
    """What a run changes, ``first`` to ``last``, and the holdings that it needs for that."""

    first: date
    last: date
    holdings: pl.DataFrame

    @property
    def changed(self) -> pl.Expr:
        """Whether a row is of a session that changes."""
        return pl.col("session").is_between(self.first, self.last)

    @property
    def sessions(self) -> tuple[date, ...]:
        """Those of the calendar from the first day of ``holdings`` to its last."""
        days = self.holdings["session"]
        return () if days.is_empty() else HKEX.sessions(min(days), max(days))

    def written(self, rows: pl.DataFrame) -> Written:
        """``rows`` of the sessions that change."""
        return Written(rows.filter(self.changed), first=self.first, last=self.last)


def _reach(platform: Platform, days: Window, *, back: int) -> Reach:
    table = table_name(HOLDINGS_KEY)
    newest = platform.warehouse.newest_sessions(table, before=date.max, count=1)
    last = max([days.last, *newest])
    rows = platform.warehouse.read(table, first=HKEX.before(days.first, back), last=last)
    if rows is None:
        raise dg.Failure(f"{table} does not exist yet: materialize it first")
    return Reach(days.first, last, rows)


@dg.multi_asset(
    name="holding_changes",
    deps=[HOLDINGS_KEY],
    outs={
        "holding_deltas": dg.AssetOut(
            key=DELTAS,
            group_name="hkex",
            kinds={"polars", "duckdb"},
            owners=OWNERS,
            description="How each holding changed over 1, 5 and 20 sessions, and whether that is "
            "to be believed.",
        ),
        "movers": dg.AssetOut(
            key=MOVERS,
            group_name="hkex",
            kinds={"polars", "duckdb"},
            owners=OWNERS,
            description="The largest gains and losses of each session, by percent and by shares.",
        ),
        "southbound_breadth": dg.AssetOut(
            key=BREADTH,
            group_name="hkex",
            kinds={"polars", "duckdb"},
            owners=OWNERS,
            description="How many holdings rose, fell and stood in each session.",
        ),
    },
    internal_asset_deps={
        "holding_deltas": {HOLDINGS_KEY},
        "movers": {HOLDINGS_KEY, DELTAS},
        "southbound_breadth": {DELTAS},
    },
    pool=WAREHOUSE_POOL,
    partitions_def=HKEX.months,
    backfill_policy=ONE_RUN,
)
def holding_changes(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> tuple[Written, Written, Written]:
    """Compare each session with those 1, 5 and 20 before, and rank what changed."""
    days = window.of(HKEX, context.partition_keys)
    reach = _reach(platform, days, back=deltas.history_sessions(HORIZONS))
    settings = platform.settings.hkex
    changes = deltas.holding_deltas(reach.holdings, horizons=HORIZONS, sessions=reach.sessions)
    changed = changes.filter(reach.changed).with_columns(pl.col("change_points").round(DECIMALS))
    ranked = movers.movers(
        changed,
        names=reach.holdings.select("code", "session", "name"),
        size=settings.movers,
        least_base_shares=settings.mover_base,
    )
    return reach.written(changed), reach.written(ranked), reach.written(breadth.breadth(changed))


@dg.asset(key=NEW_HOLDINGS, deps=[HOLDINGS_KEY], **MART)
def new_holdings(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """Stocks that are newly held, returns and changes of code apart; not the newly eligible."""
    days = window.of(HKEX, context.partition_keys)
    reach = _reach(platform, days, back=deltas.history_sessions(HORIZONS))
    rows = newcomers.new_holdings(
        reach.holdings,
        before=platform.warehouse.spans(
            table_name(HOLDINGS_KEY),
            key="code",
            amount="shares",
            before=min([reach.first, *reach.holdings["session"]]),
        ),
        changes=code_changes.code_changes(reach.holdings, reach.sessions),
    )
    return reach.written(rows)


@dg.asset(key=STREAKS, deps=[HOLDINGS_KEY, DELTAS], **MART)
def holding_streaks(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """For how many sessions each holding has risen or fallen, and when it last changed."""
    reach = _reach(platform, window.of(HKEX, context.partition_keys), back=0)
    tables, table = platform.warehouse, table_name(STREAKS)
    before = pl.DataFrame(schema=streaks.STREAKS)
    for session in tables.newest_sessions(table, before=reach.first, count=1):
        known = tables.read(table, first=session, last=session)
        before = before if known is None else known
    changes = tables.read(table_name(DELTAS), first=reach.first, last=reach.last)
    if changes is None:
        raise dg.Failure(f"{table_name(DELTAS)} does not exist yet: materialize it first")
    suspects = changes.filter(pl.col("status").str.ends_with("suspect"))
    rows = streaks.streaks(reach.holdings, before=before, suspects=suspects)
    return reach.written(rows)


@dg.asset(
    key=ELIGIBILITY,
    deps=[statements_key(registry.source(name)) for name in LISTERS],
    **MART,
)
def southbound_eligibility(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """Lines that may newly be bought through a channel, and no longer; not what is held."""
    days = window.of(HKEX, context.partition_keys)
    table, tables = f"{HKEX.name}.eligible_lists", platform.warehouse
    newest = tables.newest_sessions(table, before=date.max, count=1)
    last = max([days.last, *newest])
    lists = tables.read(table, first=HKEX.before(days.first, LISTS_BACK), last=last)
    rows = pl.DataFrame(schema=ELIGIBLE) if lists is None else lists
    reach = Reach(days.first, last, rows)
    return reach.written(eligibility.eligibility_changes(rows))


@dg.asset(key=CONCENTRATION, deps=[statements_key(registry.source("hkex_participants"))], **MART)
def participant_concentration(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> pl.DataFrame:
    """How much of a stock its largest participants hold, where their pages were captured."""
    days = window.of(HKEX, context.partition_keys)
    key = statements_key(registry.source("hkex_participants"))
    rows = platform.warehouse.read(table_name(key), first=days.first, last=days.last)
    if rows is None:
        raise dg.Failure(f"{table_name(key)} does not exist yet: materialize it first")
    return concentration.concentration(rows.select(PARTICIPANTS.names()))


ASSETS = [
    holding_changes,
    new_holdings,
    holding_streaks,
    southbound_eligibility,
    participant_concentration,
]

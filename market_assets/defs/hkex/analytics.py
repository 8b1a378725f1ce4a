"""The tables over the agreed holdings: each reads the sessions it needs, no more."""

from datetime import date, timedelta

import dagster as dg
import polars as pl

from market_assets.defs.graph import monthly, shown, table
from market_assets.defs.hkex.holdings import HOLDINGS_KEY
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.reach import Reach, reached
from market_assets.defs.tables import Written, known_rows, rewritten, table_name
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.holdings import (
    breadth,
    code_changes,
    deltas,
    movers,
    newcomers,
    streaks,
)

HOLDINGS = table_name(HOLDINGS_KEY)
DELTAS = dg.AssetKey([HKEX.name, "holding_deltas"])
MOVERS = dg.AssetKey([HKEX.name, "movers"])
BREADTH = dg.AssetKey([HKEX.name, "southbound_breadth"])
NEW_HOLDINGS = dg.AssetKey([HKEX.name, "new_holdings"])
STREAKS = dg.AssetKey([HKEX.name, "holding_streaks"])

MART = table(HKEX, HKEX.name)
HORIZONS = (1, 5, 20)
"""Sessions over which changes are told."""
HISTORY = deltas.history_sessions(HORIZONS)
DECIMALS = 6
"""Of the difference of two percentages that are published with two."""


def _days(context: dg.AssetExecutionContext, window: SessionWindow) -> Window:
    """The sessions of the run, and those after a gap that it filled."""
    own = window.of(HKEX, context.partition_keys)
    return rewritten(context, HKEX, HOLDINGS_KEY, own)


def _reach(platform: Platform, days: Window, *, back: int) -> Reach:
    """Without end: streaks and first entries go on."""
    return reached(platform, HKEX, HOLDINGS, days, back=back, ahead=None)


@dg.multi_asset(
    name="holding_changes",
    deps=[HOLDINGS_KEY],
    outs={
        "holding_deltas": dg.AssetOut(
            key=DELTAS,
            description="How each holding changed over 1, 5 and 20 sessions, and whether that is "
            "to be believed.",
            **shown(HKEX.name),
        ),
        "movers": dg.AssetOut(
            key=MOVERS,
            description="The largest gains and losses of each session, by percent and by shares.",
            **shown(HKEX.name),
        ),
        "southbound_breadth": dg.AssetOut(
            key=BREADTH,
            description="How many holdings rose, fell and stood in each session.",
            **shown(HKEX.name),
        ),
    },
    internal_asset_deps={
        "holding_deltas": {HOLDINGS_KEY},
        "movers": {HOLDINGS_KEY, DELTAS},
        "southbound_breadth": {DELTAS},
    },
    **monthly(HKEX),
)
def holding_changes(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> tuple[Written, Written, Written]:
    """Compare each session with those 1, 5 and 20 before, and rank what changed."""
    reach = _reach(platform, _days(context, window), back=HISTORY)
    settings = platform.settings.hkex
    changes = deltas.holding_deltas(reach.rows, horizons=HORIZONS, sessions=reach.sessions)
    changed = changes.filter(reach.changed).with_columns(pl.col("change_points").round(DECIMALS))
    ranked = movers.movers(
        changed,
        names=reach.rows.select("code", "session", "name"),
        size=settings.movers,
        least_base_shares=settings.mover_base,
    )
    return reach.written(changed), reach.written(ranked), reach.written(breadth.breadth(changed))


@dg.asset(key=NEW_HOLDINGS, deps=[HOLDINGS_KEY], **MART)
def new_holdings(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """Stocks that are newly held, returns and changes of code apart; not the newly eligible."""
    reach = _reach(platform, _days(context, window), back=HISTORY)
    since = min([reach.first, *reach.rows["session"]])
    rows = newcomers.new_holdings(
        reach.rows,
        before=_seen_before(platform, since),
        changes=code_changes.code_changes(reach.rows, reach.sessions),
    )
    return reach.written(rows)


def _seen_before(platform: Platform, since: date) -> pl.DataFrame:
    """Which codes were held before ``since``, as whose."""
    tables, table = platform.warehouse, table_name(NEW_HOLDINGS)
    entries = tables.read(
        table,
        columns=["code", "session", "entry", "previous_last_seen"],
        last=since - timedelta(days=1),
    )
    return newcomers.seen(
        tables.spans(HOLDINGS, key="code", amount="shares", before=since, says=["name", "source"]),
        entries=pl.DataFrame(schema=newcomers.NEW_HOLDINGS) if entries is None else entries,
    )


@dg.asset(key=STREAKS, deps=[HOLDINGS_KEY, DELTAS], **MART)
def holding_streaks(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """For how many sessions each holding has risen or fallen, and when it last changed."""
    reach = _reach(platform, _days(context, window), back=0)
    rows = streaks.streaks(
        reach.rows, before=_streaks_before(platform, reach), suspects=_suspects(platform, reach)
    )
    return reach.written(rows)


def _streaks_before(platform: Platform, reach: Reach) -> pl.DataFrame:
    """The streaks of the last session before those that change, if there is one."""
    tables, table = platform.warehouse, table_name(STREAKS)
    for session in tables.newest_sessions(table, before=reach.first, count=1):
        return known_rows(platform, table, first=session, last=session)
    return pl.DataFrame(schema=streaks.STREAKS)


def _suspects(platform: Platform, reach: Reach) -> pl.DataFrame:
    """The changes over one session that may be no purchase or sale."""
    changes = known_rows(platform, table_name(DELTAS), first=reach.first, last=reach.last)
    return changes.filter(pl.col("horizon") == 1, pl.col("status").str.ends_with("_suspect"))


ASSETS = [holding_changes, new_holdings, holding_streaks]

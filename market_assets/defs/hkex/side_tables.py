"""The tables beside the holdings: what may be bought through Stock Connect, who else holds."""

import dagster as dg
import polars as pl

from market_assets.defs.hkex.analytics import MART
from market_assets.defs.hkex.statements import statements_key
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.reach import reached
from market_assets.defs.tables import Written
from market_assets.defs.window import SessionWindow
from market_assets.domain.holdings import concentration, eligibility
from market_assets.domain.holdings.rows import PARTICIPANTS
from market_assets.sources import registry

ELIGIBILITY = dg.AssetKey([HKEX.name, "southbound_eligibility"])
CONCENTRATION = dg.AssetKey([HKEX.name, "participant_concentration"])
LISTERS = ("sse_southbound", "szse_southbound")
LISTS = f"{HKEX.name}.eligible_lists"
LISTS_BACK = 60
"""Sessions in which a list before is searched for."""


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
    reach = reached(platform, HKEX, LISTS, days, back=LISTS_BACK, ahead=None)
    return reach.written(eligibility.eligibility_changes(reach.rows))


@dg.asset(
    key=CONCENTRATION,
    ins={"participants": dg.AssetIn(statements_key(registry.source("hkex_participants")))},
    **MART,
)
def participant_concentration(participants: pl.DataFrame) -> pl.DataFrame:
    """How much of a stock its largest participants hold, where their pages were captured."""
    return concentration.concentration(participants.select(PARTICIPANTS.names()))


ASSETS = [southbound_eligibility, participant_concentration]

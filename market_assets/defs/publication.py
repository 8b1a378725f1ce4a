"""What readers get: a new immutable file of all tables, once the checks that block have passed."""

import dagster as dg

from market_assets.defs.casablanca.reconciliation import DAILY_QUOTES
from market_assets.defs.graph import ONE_RUN, OWNERS, WAREHOUSE_POOL
from market_assets.defs.platform import Platform
from market_assets.defs.tables import table_name
from market_assets.defs.window import MONTHS, SessionWindow, Window
from market_assets.warehouse.publish import publish
from market_assets.warehouse.views import volume_views

SCHEMAS = ("casablanca", "quality")
PUBLISHED = dg.AssetKey(["published", "market"])
COMPLETE = "runs.complete_sessions"
"""The sessions of runs that got as far as publishing; what a killed run left half-way is not."""


def publication(marts: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The asset that publishes after ``marts``."""

    @dg.asset(
        key=PUBLISHED,
        deps=marts,
        group_name="published",
        kinds={"duckdb"},
        owners=OWNERS,
        pool=WAREHOUSE_POOL,
        description="The published file: immutable, compact, read by SQL, REST and dashboard.",
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
    )
    def market(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> dg.MaterializeResult:
        path = publish(
            platform.warehouse,
            platform.published,
            schemas=SCHEMAS,
            views=volume_views("casablanca"),
            facts={},
            order={},
        )
        _note_complete(platform, window.of(context.partition_keys))
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(path)),
                "bytes": path.stat().st_size,
            }
        )

    return market


def _note_complete(platform: Platform, days: Window) -> None:
    first, last = days.first, days.last
    quotes = platform.warehouse.read(
        table_name(DAILY_QUOTES), columns=["session"], first=first, last=last
    )
    if quotes is not None:
        platform.warehouse.replace_sessions(COMPLETE, quotes.unique(), first=first, last=last)

"""What readers get: a new immutable file of all tables, once the checks that block have passed."""

import dagster as dg

from market_assets.defs.graph import ONE_RUN, OWNERS, WAREHOUSE_POOL
from market_assets.defs.platform import Platform
from market_assets.defs.window import MONTHS
from market_assets.warehouse.publish import publish
from market_assets.warehouse.views import volume_views

SCHEMAS = ("casablanca", "quality")
PUBLISHED = dg.AssetKey(["published", "market"])


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
    def market(platform: dg.ResourceParam[Platform]) -> dg.MaterializeResult:
        path = publish(
            platform.warehouse,
            platform.published,
            schemas=SCHEMAS,
            views=volume_views("casablanca"),
            facts={},
            order={},
        )
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(path)),
                "bytes": path.stat().st_size,
            }
        )

    return market

"""What all assets share: their partitions, owners and pools."""

from typing import Any

import dagster as dg

from market_assets.defs.window import MONTHS

OWNERS = ["team:market-data"]
WAREHOUSE_POOL = "warehouse"
MONTHLY: dict[str, Any] = {
    "partitions_def": MONTHS,
    "backfill_policy": dg.BackfillPolicy.single_run(),
}

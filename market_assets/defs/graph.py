"""What all assets share: their owners and pools, how tables show and run."""

from typing import Any
from urllib.parse import urlsplit

import dagster as dg

from market_assets.defs.markets import Market
from market_assets.sources.source import Source

OWNERS = ["team:market-data"]
WAREHOUSE_POOL = "warehouse"
ONE_RUN = dg.BackfillPolicy.single_run()
"""A range of months is one run, however long."""


def publisher_pool(source: Source) -> str:
    """The pool of all who ask the host of ``source``: they take turns."""
    host = urlsplit(source.base_url).hostname
    if host is None:
        raise ValueError(f"{source.name}: {source.base_url} names no host")
    return host


def shown(group: str) -> dict[str, Any]:
    """How the tables of ``group`` show."""
    return {"group_name": group, "kinds": {"polars", "duckdb"}, "owners": OWNERS}


def monthly(market: Market) -> dict[str, Any]:
    """How what writes the tables of ``market`` runs."""
    return {
        "pool": WAREHOUSE_POOL,
        "partitions_def": market.months,
        "backfill_policy": ONE_RUN,
    }

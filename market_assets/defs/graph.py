"""What all assets share: their owners and pools, how tables show and run."""

from typing import TypedDict
from urllib.parse import urlsplit

import dagster as dg

from market_assets.defs.markets import Market
from market_assets.sources.source import Source

OWNERS = ["team:market-data"]
WAREHOUSE_POOL = "warehouse"
ONE_RUN = dg.BackfillPolicy.single_run()
"""A range of months is one run, however long."""


class Shown(TypedDict):
    """How a table shows."""

    group_name: str
    kinds: set[str]
    owners: list[str]


class Monthly(TypedDict):
    """How what writes tables runs."""

    pool: str
    partitions_def: dg.MonthlyPartitionsDefinition
    backfill_policy: dg.BackfillPolicy


class Table(Shown, Monthly):
    """Both, of an asset that is one table."""


def publisher_pool(source: Source) -> str:
    """The pool of all who ask the host of ``source``: they take turns."""
    host = urlsplit(source.base_url).hostname
    if host is None:
        raise ValueError(f"{source.name}: {source.base_url} names no host")
    return host


def shown(group: str) -> Shown:
    """How the tables of ``group`` show."""
    return {"group_name": group, "kinds": {"polars", "duckdb"}, "owners": OWNERS}


def monthly(market: Market) -> Monthly:
    """How what writes the tables of ``market`` runs."""
    return {
        "pool": WAREHOUSE_POOL,
        "partitions_def": market.months,
        "backfill_policy": ONE_RUN,
    }


def table(market: Market, group: str) -> Table:
    """How a table of ``group`` shows, and how what writes it runs."""
    return {**shown(group), **monthly(market)}

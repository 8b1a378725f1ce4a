"""Checks of tables: which sessions they look at, which rows, and what they say.

Structural faults are errors and block what comes after; implausible values warn.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import dagster as dg
import polars as pl

from market_assets.defs.graph import WAREHOUSE_POOL
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import SessionWindow, Window, month


def mart_checks(
    market: Market,
    key: dg.AssetKey,
    schema: pl.Schema,
    faults: Callable[[pl.DataFrame], dict[str, int]],
) -> dg.AssetChecksDefinition:
    """The structural rules of a mart as blocking checks; ``faults`` counts the rows that break."""
    names = list(faults(pl.DataFrame(schema=schema)))
    table = key.path[-1]

    @dg.multi_asset_check(
        name=f"{table}_is_sound",
        specs=[
            dg.AssetCheckSpec(
                name,
                asset=key,
                description=f"Rows of {table} with the fault: {name.replace('_', ' ')}.",
                blocking=True,
            )
            for name in names
        ],
        pool=WAREHOUSE_POOL,
    )
    def is_sound(
        context: dg.AssetCheckExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Iterator[dg.AssetCheckResult]:
        days = checked_days(context, window, market)
        column = "session" if "session" in schema else "period_start"
        table = table_name(key)
        rows = known_rows(platform, table, first=days.first, last=days.last, column=column)
        for name, count in faults(rows).items():
            yield check_result(key, name, count, passed=count == 0, error=True)

    return is_sound


def check_result(
    key: dg.AssetKey, name: str, count: int, *, passed: bool, error: bool
) -> dg.AssetCheckResult:
    """How many faults a check found, and whether that is an error or a warning."""
    severity = dg.AssetCheckSeverity.ERROR if error else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=passed,
        severity=severity,
        metadata={"count": count},
    )


def checked_days(
    context: dg.AssetCheckExecutionContext, window: SessionWindow, market: Market
) -> Window:
    """The sessions of the run; of a check executed by itself those of the newest month.

    The checks are not partitioned: of a range of partitions Dagster 1.13 shows a partitioned
    check as skipped.
    """
    if context.has_partition_key or context.has_partition_key_range:
        return window.of(market, context.partition_keys)
    return window.of(market, [month(market.newest(datetime.now(UTC)))])

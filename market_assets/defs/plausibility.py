"""Checks that warn: what a person should look at in a table before relying on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import dagster as dg
import polars as pl

from market_assets.defs.graph import WAREHOUSE_POOL
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.table_checks import check_result, checked_days
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.testimony import QUARANTINE
from market_assets.defs.window import SessionWindow, Window


@dataclass(frozen=True, kw_only=True)
class Found:
    """How many faults of each name there are among so many ``rows``, and where (worst first)."""

    counts: Mapping[str, int]
    rows: int
    where: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


Look = Callable[[Platform, Window], Found]


def warnings(
    market: Market,
    key: dg.AssetKey,
    texts: Mapping[str, str],
    *,
    tolerated: Mapping[str, float] = MappingProxyType({}),
    besides: Sequence[dg.AssetKey] = (),
) -> Callable[[Look], dg.AssetChecksDefinition]:
    """What makes a function that looks at a table one step of checks, named as it.

    ``texts`` tell each fault; ``tolerated`` is the part of the rows that may have it, of others
    none may. ``besides`` are the other tables that are looked at.
    """

    def checks(look: Look) -> dg.AssetChecksDefinition:
        @dg.multi_asset_check(
            name=look.__name__,
            description=look.__doc__,
            specs=[
                dg.AssetCheckSpec(name, asset=key, description=text, additional_deps=besides)
                for name, text in texts.items()
            ],
            pool=WAREHOUSE_POOL,
        )
        def are_plausible(
            context: dg.AssetCheckExecutionContext,
            platform: dg.ResourceParam[Platform],
            window: SessionWindow,
        ) -> Iterator[dg.AssetCheckResult]:
            found = look(platform, checked_days(context, window, market))
            for name, count in found.counts.items():
                passed = count <= tolerated.get(name, 0.0) * found.rows
                where = found.where.get(name, ())
                yield check_result(key, name, count, passed=passed, error=False, where=where)

        return are_plausible

    return checks


def rows_of(
    platform: Platform, key: dg.AssetKey, days: Window, *, column: str = "session"
) -> pl.DataFrame:
    """The rows of ``days`` in the table of ``key``."""
    return known_rows(platform, table_name(key), first=days.first, last=days.last, column=column)


def stated_alone(rows: pl.DataFrame) -> list[str]:
    """That one source states all of ``rows``, where that is so: nobody could say otherwise."""
    by = rows["sources"].unique().to_list()
    return [f"{by[0]} states all there is"] if len(by) == 1 and "+" not in by[0] else []


def put_aside(platform: Platform, market: Market, days: Window) -> pl.DataFrame:
    """What was put aside of what the market's own sources say: all markets share the quarantine."""
    rows = known_rows(platform, QUARANTINE, first=days.first, last=days.last)
    return rows.filter(pl.col("source").is_in([source.name for source in market.sources]))

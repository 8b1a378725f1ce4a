"""Checks of tables: which days they look at, what they say, and the structural ones.

Structural faults are errors and block what comes after; what warns is in ``plausibility``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import polars as pl

from market_assets.defs.graph import WAREHOUSE_POOL
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.publication import suspects_table
from market_assets.defs.tables import days_written, known_rows, rewritten, table_name
from market_assets.defs.window import SessionWindow, Window, month
from market_assets.warehouse.tables import Replacement

SUSPECTS = pl.Schema({"table": pl.String, "session": pl.Date})
MOST_TOLD = 20
"""Of what a check found, how much it names."""
DAY_COLUMNS = ("as_of", "session", "period_start", "reference_date")
"""What a table's days are called, the first of these that it has."""


def mart_checks(
    market: Market,
    key: dg.AssetKey,
    schema: pl.Schema,
    faults: Callable[[pl.DataFrame], dict[str, int]],
) -> dg.AssetChecksDefinition:
    """The structural rules of a mart as blocking checks; ``faults`` counts the rows that break.

    They look at all that the run wrote, be it beyond its own sessions.
    """
    table = key.path[-1]
    texts = {
        name: f"Rows of {table} with the fault: {name.replace('_', ' ')}."
        for name in faults(pl.DataFrame(schema=schema))
    }

    @dg.multi_asset_check(
        name=f"{key.path[0]}_{table}_is_sound",
        specs=_blocking(key, texts),
        pool=WAREHOUSE_POOL,
    )
    def is_sound(
        context: dg.AssetCheckExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Iterator[dg.AssetCheckResult]:
        first, last = written_days(context, window, market, key)
        column = next(name for name in DAY_COLUMNS if name in schema)
        rows = known_rows(platform, table_name(key), first=first, last=last, column=column)
        yield from _structural_results(
            platform, market, key, faults(rows), days=rows[column], first=first, last=last
        )

    return is_sound


Look = Callable[[Platform, Window], tuple[pl.DataFrame, Mapping[str, int]]]


def errors(
    market: Market, key: dg.AssetKey, texts: Mapping[str, str]
) -> Callable[[Look], dg.AssetChecksDefinition]:
    """What makes a function that looks at a table one step of blocking checks, named as it.

    It gives the rows of the sessions that the run wrote and how many faults of each name there are;
    ``texts`` tell each.
    """

    def checks(look: Look) -> dg.AssetChecksDefinition:
        @dg.multi_asset_check(
            name=look.__name__,
            description=look.__doc__,
            specs=_blocking(key, texts),
            pool=WAREHOUSE_POOL,
        )
        def are_sound(
            context: dg.AssetCheckExecutionContext,
            platform: dg.ResourceParam[Platform],
            window: SessionWindow,
        ) -> Iterator[dg.AssetCheckResult]:
            days = rewritten(context, market, key, checked_days(context, window, market))
            rows, found = look(platform, days)
            yield from _structural_results(
                platform,
                market,
                key,
                found,
                days=rows["session"],
                first=days.first,
                last=days.last,
            )

        return are_sound

    return checks


def _blocking(key: dg.AssetKey, texts: Mapping[str, str]) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(name, asset=key, description=text, blocking=True)
        for name, text in texts.items()
    ]


def _structural_results(
    platform: Platform,
    market: Market,
    key: dg.AssetKey,
    found: Mapping[str, int],
    *,
    days: pl.Series,
    first: date,
    last: date,
) -> Iterator[dg.AssetCheckResult]:
    """How many rows each rule ``found`` broken, of ``first`` to ``last`` with rows of ``days``.

    Where there are some, the days are not published before they were built anew.
    """
    suspects = pl.Series([*days.unique(), first]).unique() if any(found.values()) else days.clear()
    _note_suspects(platform, market, table_name(key), suspects, first=first, last=last)
    for name, count in found.items():
        yield check_result(key, name, count, passed=count == 0, error=True)


def _note_suspects(
    platform: Platform, market: Market, table: str, days: pl.Series, *, first: date, last: date
) -> None:
    """Remember that ``days``, of all from ``first`` to ``last``, are not to be published."""
    noted = platform.warehouse.read(suspects_table(market))
    if days.is_empty() and (noted is None or table not in noted["table"]):
        return
    rows = pl.DataFrame({"table": table, "session": days}, schema=SUSPECTS)
    platform.warehouse.replace_many(
        [
            Replacement(
                table=suspects_table(market),
                frame=rows,
                first=first,
                last=last,
                column="session",
                owner=("table", table),
            )
        ]
    )


def check_result(
    key: dg.AssetKey,
    name: str,
    count: int,
    *,
    passed: bool,
    error: bool,
    where: Sequence[str] = (),
) -> dg.AssetCheckResult:
    """How many faults a check found, ``where`` (worst first), and whether that is an error."""
    severity = dg.AssetCheckSeverity.ERROR if error else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=passed,
        severity=severity,
        metadata={"count": count} | ({"where": "\n".join(where[:MOST_TOLD])} if where else {}),
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


def written_days(
    context: dg.AssetCheckExecutionContext, window: SessionWindow, market: Market, key: dg.AssetKey
) -> tuple[date, date]:
    """The first and the last day that the run replaced in the table of ``key``.

    Of a check executed by itself they are ``checked_days``, from the start of their month or week,
    so that the periods which they are in count too.
    """
    if written := days_written(context.instance, context.run.run_id, key):
        return written
    days = checked_days(context, window, market)
    monday = days.first - timedelta(days=days.first.weekday())
    return min(monday, days.first.replace(day=1)), days.last

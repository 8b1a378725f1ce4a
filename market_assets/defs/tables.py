"""How an asset's frame becomes rows of the warehouse and back; the only Dagster I/O manager."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import dagster as dg
import polars as pl

from market_assets.defs.columns import table_schema
from market_assets.defs.markets import Market, market_of
from market_assets.defs.platform import Platform
from market_assets.defs.window import SessionWindow, Window
from market_assets.warehouse.tables import Replacement

PREVIEW_ROWS = 5
FIRST_WRITTEN, LAST_WRITTEN = "first_written", "last_written"
"""Under which names an asset's materialization says the days that it replaced (ISO dates)."""


@dataclass(frozen=True)
class Written:
    """An asset's own ``frame`` and rows that it puts ``beside`` into shared tables.

    Both go into the warehouse in one transaction. Of a shared table only the rows that carry the
    asset's name in the column ``asset`` are replaced. ``first`` and ``last`` are the days that are
    replaced where these are not the run's own sessions; of a shared table they reach on to rows of
    days beyond.
    """

    frame: pl.DataFrame
    beside: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None


def sessions_beside(*, before: int, after: int = 0) -> dict[str, int]:
    """Metadata of an input that also wants so many sessions before and after the run's own."""
    return {"sessions_before": before, "sessions_after": after}


class SessionTables(dg.IOManager):
    """Replaces exactly the sessions of a run in the asset's table, in one transaction.

    The table of ``AssetKey(["casablanca", "daily_quotes"])`` is ``casablanca.daily_quotes``.
    """

    def __init__(self, platform: Platform, window: SessionWindow) -> None:
        self._platform = platform
        self._window = window

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame | Written) -> None:
        """Store the rows and report their number, columns and first rows to the UI."""
        written = obj if isinstance(obj, Written) else Written(obj)
        market = market_of(context.asset_partitions_def)
        window = self._window.of(market, context.asset_partition_keys)
        column = (context.definition_metadata or {}).get("session_column", "session")
        table, name = table_name(context.asset_key), context.asset_key.to_user_string()
        own = Replacement(
            table=table,
            frame=written.frame,
            first=written.first or window.first,
            last=written.last or window.last,
            column=column,
        )
        replacements = [own] + [
            Replacement(
                table=shared,
                frame=rows.select(pl.lit(name).alias("asset"), pl.all()),
                first=min([window.first, own.first, *rows["session"]]),
                last=max([window.last, own.last, *rows["session"]]),
                owner=("asset", name),
            )
            for shared, rows in written.beside.items()
        ]
        self._platform.warehouse.replace_many(replacements)
        frame = written.frame
        context.add_output_metadata(
            {
                "dagster/table_name": table,
                "dagster/row_count": frame.height,
                "dagster/column_schema": table_schema(table, frame.schema),
                "preview": dg.MetadataValue.md(_markdown(frame.tail(PREVIEW_ROWS))),
                "sessions": f"{window.first} .. {window.last}",
                FIRST_WRITTEN: own.first.isoformat(),
                LAST_WRITTEN: own.last.isoformat(),
            }
        )

    def load_input(self, context: dg.InputContext) -> pl.DataFrame:
        """The table's rows of the run's sessions, and of those beside that the input asks for."""
        market = market_of(context.asset_partitions_def)
        window = self._window.of(market, context.asset_partition_keys)
        asked = context.definition_metadata or {}
        first = market.before(window.first, asked.get("sessions_before", 0))
        last = market.after(window.last, asked.get("sessions_after", 0))
        column = str(_upstream_metadata(context).get("session_column", "session"))
        table = table_name(context.asset_key)
        return known_rows(self._platform, table, first=first, last=last, column=column)


def table_name(key: dg.AssetKey) -> str:
    """The table of an asset: "schema.name"."""
    schema, name = key.path
    return f"{schema}.{name}"


def days_written(
    instance: dg.DagsterInstance, run: str, key: dg.AssetKey
) -> tuple[date, date] | None:
    """The first and the last day that the run replaced in the table of ``key``, if it says so."""
    event = instance.get_latest_materialization_event(key)
    if event is None or event.run_id != run or event.asset_materialization is None:
        return None
    said = event.asset_materialization.metadata
    if FIRST_WRITTEN not in said:
        return None
    first, last = (str(said[name].value) for name in (FIRST_WRITTEN, LAST_WRITTEN))
    return date.fromisoformat(first), date.fromisoformat(last)


def rewritten(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext,
    market: Market,
    key: dg.AssetKey,
    days: Window,
) -> Window:
    """``days`` and those beside them that the run replaced in the table of ``key``."""
    first, last = days_written(context.instance, context.run.run_id, key) or (days.first, days.last)
    return Window(sessions=market.sessions(min(days.first, first), max(days.last, last)))


def known_rows(
    platform: Platform,
    table: str,
    *,
    first: date | None,
    last: date | None,
    column: str = "session",
) -> pl.DataFrame:
    """The rows of ``first`` to ``last`` (None: no bound).

    A failure that says so where there is no such table.
    """
    rows = platform.warehouse.read(table, first=first, last=last, column=column)
    if rows is None:
        raise dg.Failure(f"{table} does not exist yet: materialize it first")
    return rows


def _upstream_metadata(context: dg.InputContext) -> Mapping[str, object]:
    upstream = context.upstream_output
    return (upstream.definition_metadata if upstream else None) or {}


def _markdown(frame: pl.DataFrame) -> str:
    with pl.Config(
        tbl_formatting="MARKDOWN",
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        tbl_cols=-1,
        fmt_str_lengths=40,
    ):
        return str(frame)

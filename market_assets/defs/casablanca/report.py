"""The report for people: the newest session's volumes as CSV and XLSX, through typed pandas."""

from pathlib import Path

import dagster as dg
import pandas as pd
from dagster_pandas import PandasColumn, create_dagster_pandas_dataframe_type

from market_assets.defs.casablanca.analytics import ANALYSIS
from market_assets.defs.casablanca.reconciliation import DAILY_QUOTES
from market_assets.defs.graph import OWNERS, monthly
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.tables import table_name
from market_assets.defs.window import SessionWindow

REPORT = dg.AssetKey(["report", "volume"])
QUOTED = ["ticker", "isin", "name", "sector", "session", "close", "turnover", "confidence"]
ANALYSED = ["ticker", "volume", "average_volume", "volume_ratio", "volume_change_percent"]

COLUMNS = [
    PandasColumn.string_column("ticker", non_nullable=True, unique=True),
    PandasColumn.string_column("isin", non_nullable=True),
    PandasColumn.string_column("name", non_nullable=True),
    PandasColumn.string_column("sector", non_nullable=True),
    PandasColumn.string_column("session", non_nullable=True),
    PandasColumn.float_column("close", min_value=0.0, ignore_missing_vals=True),
    PandasColumn.float_column("volume", min_value=0.0, ignore_missing_vals=True),
    PandasColumn.float_column("turnover", min_value=0.0, ignore_missing_vals=True),
    PandasColumn.float_column("average_volume", min_value=0.0, ignore_missing_vals=True),
    PandasColumn.float_column("volume_ratio", min_value=0.0, ignore_missing_vals=True),
    PandasColumn.float_column("volume_change_percent", min_value=-100.0, ignore_missing_vals=True),
    PandasColumn.float_column("confidence", min_value=0.0, max_value=1.0, ignore_missing_vals=True),
]
"""Columns and bounds as the UI shows them. ``volume`` is shares, ``turnover`` MAD."""

VolumeReport = create_dagster_pandas_dataframe_type(
    name="VolumeReport",
    description="One row per line of one session, highest volume ratio first.",
    columns=COLUMNS,
)


class ReportFiles(dg.IOManager):
    """Keeps a report as ``volume-<session>.csv`` and ``.xlsx`` in the mode's reports."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def handle_output(self, context: dg.OutputContext, obj: pd.DataFrame) -> None:
        """Write both files and say where they are."""
        self._directory.mkdir(parents=True, exist_ok=True)
        stem = self._directory / f"volume-{obj['session'].max()}"
        csv, xlsx = stem.with_suffix(".csv"), stem.with_suffix(".xlsx")
        obj.to_csv(csv, index=False, encoding="utf-8-sig")
        obj.to_excel(xlsx, index=False, sheet_name="volume", freeze_panes=(1, 1))
        context.add_output_metadata(
            {
                "csv": dg.MetadataValue.path(str(csv)),
                "xlsx": dg.MetadataValue.path(str(xlsx)),
                "dagster/row_count": len(obj),
            }
        )

    def load_input(self, context: dg.InputContext) -> pd.DataFrame:
        """Nothing is built on a report: it is for people."""
        raise dg.Failure(f"{context.asset_key.to_user_string()} is read by people, not by assets")


@dg.asset(
    key=REPORT,
    deps=[DAILY_QUOTES, ANALYSIS],
    group_name="published",
    kinds={"pandas"},
    owners=OWNERS,
    dagster_type=VolumeReport,
    io_manager_key="reports",
    **monthly(CASABLANCA),
)
def volume_report(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
) -> pd.DataFrame:
    """The last session of the run as a spreadsheet: each line's volume beside its average."""
    last = window.of(CASABLANCA, context.partition_keys).last
    tables = platform.warehouse
    quotes = tables.read(table_name(DAILY_QUOTES), columns=QUOTED, first=last, last=last)
    analysis = tables.read(table_name(ANALYSIS), columns=ANALYSED, first=last, last=last)
    if quotes is None or analysis is None:
        raise dg.Failure("there is no volume analysis yet: materialize it first")
    report = quotes.join(analysis, on="ticker", how="left").sort(
        "volume_ratio", "ticker", descending=[True, False], nulls_last=True
    )
    return (
        report.to_pandas()
        .astype({"session": str, "volume": float})
        .reindex(columns=[column.name for column in COLUMNS])
    )

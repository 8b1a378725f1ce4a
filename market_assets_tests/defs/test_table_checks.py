"""A mart's checks look at what the run wrote: sessions beyond its own, periods begun before."""

from datetime import date

import dagster as dg
import polars as pl
import pytest

from market_assets.defs.graph import monthly
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.table_checks import mart_checks
from market_assets.defs.tables import SessionTables, Written
from market_assets.defs.window import SessionWindow, Window, run_config, run_tags
from market_assets.settings import read_settings

KEY = dg.AssetKey(["casablanca", "odd"])
DAYS = Window(sessions=(date(2026, 11, 12), date(2026, 11, 13)))
"""A Thursday and a Friday."""


def faults(rows: pl.DataFrame) -> dict[str, int]:
    return {"negative": int((rows["number"] < 0).sum())}


def counted(data, column: str, day: date, *, alone: bool) -> object:
    """What the check counts after a row of ``day`` with a fault was written; ``alone``: later."""
    schema = pl.Schema({column: pl.Date, "number": pl.Int64})
    check = mart_checks(CASABLANCA, KEY, schema, faults)

    @dg.asset(key=KEY, metadata={"session_column": column}, **monthly(CASABLANCA))
    def odd() -> Written:
        frame = pl.DataFrame([(day, -1)], schema=schema, orient="row")
        return Written(frame, first=min(day, DAYS.first), last=max(day, DAYS.last))

    platform, window = Platform(read_settings({"data_dir": data})), SessionWindow()
    definitions = dg.Definitions(
        assets=[odd],
        asset_checks=[check],
        jobs=[dg.define_asset_job("everything", dg.AssetSelection.all())],
        resources={
            "platform": platform,
            "window": SessionWindow.configure_at_launch(),
            "io_manager": SessionTables(platform, window),
        },
    )
    job = definitions.resolve_job_def("everything")
    run = {"tags": run_tags(DAYS), "run_config": run_config(DAYS), "raise_on_error": False}
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, **run)
        if alone:
            checks = set(job.asset_layer.asset_graph.asset_check_keys)
            only = job.get_subset(asset_selection=set(), asset_check_selection=checks)
            result = only.execute_in_process(instance=instance, **run)
        (evaluation,) = result.get_asset_check_evaluations()
        return evaluation.metadata["count"].value


@pytest.mark.parametrize(
    ("column", "day"),
    [
        ("session", date(2026, 11, 12)),
        ("session", date(2026, 11, 19)),
        ("session", date(2026, 10, 2)),
        ("period_start", date(2026, 11, 9)),
        ("period_start", date(2026, 11, 1)),
    ],
)
def test_a_fault_in_any_row_that_was_written_is_found(column, day, tmp_path):
    assert counted(tmp_path, column, day, alone=False) == 1


@pytest.mark.parametrize(
    ("column", "day", "found"),
    [
        ("session", date(2026, 11, 12), 1),
        ("session", date(2026, 11, 19), 0),
        ("period_start", date(2026, 11, 9), 1),
        ("period_start", date(2026, 11, 1), 1),
    ],
)
def test_a_check_by_itself_looks_at_its_sessions_and_the_periods_they_are_in(
    column, day, found, tmp_path
):
    assert counted(tmp_path, column, day, alone=True) == found

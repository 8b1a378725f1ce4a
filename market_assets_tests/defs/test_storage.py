"""Dagster's storage with engines kept: the same files, the same answers, and watchers are told."""

import queue
from pathlib import Path

import dagster as dg
from dagster._core.event_api import EventLogCursor
from dagster._core.storage.event_log import SqliteEventLogStorage

from market_assets.defs.instance import open_instance
from market_assets.defs.storage import ENGINES, EventLog
from market_assets.settings import read_settings

KEYS = [dg.AssetKey(["hkex", name]) for name in ("movers", "new_holdings")]


def stock_instance(data_dir: Path) -> dg.DagsterInstance:
    """Dagster's own storage over the same folder."""
    file = data_dir / "stock" / "dagster.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"storage: {{sqlite: {{base_dir: {data_dir / 'dagster'}}}}}", "utf-8")
    return dg.DagsterInstance.from_config(str(file.parent))


def record(instance: dg.DagsterInstance, rows: int) -> None:
    """A materialisation of each key for two partitions."""
    for key in KEYS:
        for month in ("2026-10", "2026-11"):
            instance.report_runless_asset_event(
                dg.AssetMaterialization(key, partition=month, metadata={"rows": rows})
            )


def recorded(instance: dg.DagsterInstance) -> list[tuple[dg.AssetKey, str | None, object]]:
    """What is known of all materialisations, newest first."""
    events = [
        event for key in KEYS for event in instance.fetch_materializations(key, limit=100).records
    ]
    known = [event.asset_materialization for event in events]
    return [(made.asset_key, made.partition, made.metadata["rows"].value) for made in known if made]


def test_the_files_are_those_of_dagster_itself(tmp_path):
    with open_instance(read_settings({"data_dir": tmp_path})) as ours:
        assert isinstance(ours.event_log_storage, EventLog)
        record(ours, 1)
        seen = recorded(ours)
    with stock_instance(tmp_path) as stock:
        assert type(stock.event_log_storage) is SqliteEventLogStorage
        assert recorded(stock) == seen
        record(stock, 2)
        both = recorded(stock)
    with open_instance(read_settings({"data_dir": tmp_path})) as again:
        assert recorded(again) == both
    assert len(seen) == 4
    assert [rows for *_, rows in both] == [2, 2, 1, 1] * 2


def test_who_watches_a_run_is_told_of_each_event(tmp_path):
    @dg.asset
    def figures() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"rows": 7})

    with open_instance(read_settings({"data_dir": tmp_path})) as instance:
        job = dg.Definitions(assets=[figures]).resolve_implicit_global_asset_job_def()
        run = instance.create_run_for_job(job)
        told: queue.Queue[str] = queue.Queue()
        before = EventLogCursor.from_storage_id(len(instance.all_logs(run.run_id))).to_string()
        instance.watch_event_logs(run.run_id, before, lambda event, _: told.put(event.message))
        said = [f"event {number}" for number in range(5)]
        for message in said:
            instance.report_engine_event(message, run)
        assert [told.get(timeout=20) for _ in said] == said


def test_more_runs_than_files_are_kept_open_are_all_recorded_and_one_can_be_forgotten(tmp_path):
    with open_instance(read_settings({"data_dir": tmp_path})) as instance:
        log = instance.event_log_storage
        assert isinstance(log, EventLog)
        job = dg.Definitions(
            assets=[dg.AssetSpec("figures")]
        ).resolve_implicit_global_asset_job_def()
        runs = [instance.create_run_for_job(job) for _ in range(ENGINES + 3)]
        for said in ("first", "second"):
            for run in runs:
                instance.report_engine_event(said, run)
        told = [[event.message for event in instance.all_logs(run.run_id)] for run in runs]
        assert told == [["first", "second"]] * len(runs)
        gone, kept = (Path(log.path_for_shard(run.run_id)) for run in runs[-2:])
        log.forget(runs[-2].run_id)
        assert (gone.exists(), kept.exists()) == (False, True)
        instance.report_engine_event("third", runs[-2])
        assert [event.message for event in instance.all_logs(runs[-2].run_id)] == ["third"]

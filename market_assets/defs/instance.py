"""Dagster's own state, under the data directory that the program was given."""

import os
from pathlib import Path

import dagster as dg

CONFIG = """\
# Written by market-assets for this data directory; the same as dagster.yaml of the project.
telemetry:
  enabled: false
storage:
  sqlite:
    base_dir: {home}
compute_logs:
  module: dagster._core.storage.local_compute_log_manager
  class: LocalComputeLogManager
  config:
    base_dir: {home}/logs
local_artifact_storage:
  module: dagster._core.storage.root
  class: LocalArtifactStorage
  config:
    base_dir: {home}
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    default_limit: 1
    granularity: op
run_monitoring:
  enabled: true
  max_runtime_seconds: 7200
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      failure: 30
      success: 30
"""
PROCESS_TAG = "market_assets/process"


def instance_home(data_dir: Path) -> Path:
    """The folder of Dagster's state, with its configuration written there."""
    home = (data_dir / "dagster").absolute()
    home.mkdir(parents=True, exist_ok=True)
    config = CONFIG.format(home=home)
    file = home / "dagster.yaml"
    if not file.exists() or file.read_text("utf-8") != config:
        file.write_text(config, "utf-8")
    return home


def open_instance(data_dir: Path) -> dg.DagsterInstance:
    """The instance of ``data_dir``, with what killed runs left behind cleaned up."""
    instance = dg.DagsterInstance.from_config(str(instance_home(data_dir)))
    _bury_killed_runs(instance)
    return instance


def _bury_killed_runs(instance: dg.DagsterInstance) -> None:
    """Fail the runs whose process is gone, and free the pool slots that they still hold."""
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    for run in instance.get_runs(started):
        process = run.tags.get(PROCESS_TAG)
        if process and not _alive(int(process)):
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            instance.report_run_failed(run, f"its process {process} was killed")


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

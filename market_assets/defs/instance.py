"""Dagster's own state, under the data directory that the program was given."""

import os
from importlib.resources import files
from pathlib import Path

import dagster as dg

CONFIG = "dagster.yaml"
"""Beside this module; in the project's root, where ``dagster dev`` looks, is a link to it."""
HOME = "data/dagster"
"""The folder that it names: that of the default data directory."""
PROCESS_TAG = "market_assets/process"


def instance_home(data_dir: Path) -> Path:
    """The folder of Dagster's state, with its configuration written there."""
    home = (data_dir / "dagster").absolute()
    home.mkdir(parents=True, exist_ok=True)
    config = files("market_assets.defs").joinpath(CONFIG).read_text("utf-8")
    config = config.replace(HOME, str(home))
    file = home / CONFIG
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

"""Dagster's own state, under the data directory that the program was given."""

import os
import re
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import dagster as dg

from market_assets.settings import PREFIX, SettingRefused, Settings

CONFIG = "dagster.yaml"
"""Beside this module; in the project's root, where ``dagster dev`` looks, is a link to it."""
HOME = "data/dagster"
"""The folder that it names: that of the default data directory."""
STORAGE = re.compile(r"^storage:\n(?: .*\n)+", re.MULTILINE)
POSTGRES_URL = f"{PREFIX}DAGSTER__POSTGRES_URL"
POSTGRES = f"""\
storage:
  postgres:
    postgres_url:
      env: {POSTGRES_URL}
"""
"""The address has a password in it, so it stays in the environment."""
PROCESS_TAG = "market_assets/process"


def instance_home(settings: Settings) -> Path:
    """The folder of Dagster's state, with its configuration written there.

    Runs and events are in SQLite files beside it, or in Postgres where an address is set: then
    this process has it in its environment. Raises ``SettingRefused`` without the client for that.
    """
    home = (settings.data_dir / "dagster").absolute()
    home.mkdir(parents=True, exist_ok=True)
    config = files("market_assets.defs").joinpath(CONFIG).read_text("utf-8")
    if settings.dagster.postgres_url:
        if find_spec("dagster_postgres") is None:
            raise SettingRefused(f"{POSTGRES_URL} needs the extra: uv sync --extra postgres")
        os.environ[POSTGRES_URL] = settings.dagster.postgres_url.get_secret_value()
        config = STORAGE.sub(POSTGRES, config)
    config = config.replace(HOME, str(home))
    file = home / CONFIG
    if not file.exists() or file.read_text("utf-8") != config:
        file.write_text(config, "utf-8")
    return home


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance of the data directory, with what killed runs left behind cleaned up."""
    instance = dg.DagsterInstance.from_config(str(instance_home(settings)))
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

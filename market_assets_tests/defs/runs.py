"""Small real runs of the code location, for what is said of runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import dagster as dg
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget

from market_assets.defs.location import code_location
from market_assets.defs.window import Window, run_config, run_tags
from market_assets.settings import Settings

CAPTURED = dg.AssetKey(["raw", "cdg_capital"])
DAY = date(2026, 11, 13)
LOCATION = "market_assets.definitions"


def asked(settings: Settings, instance: dg.DagsterInstance, *, day: date = DAY) -> str:
    """The id of a run in which one source of Casablanca was asked for one session."""
    window = Window(sessions=(day,), again=True)
    result = (
        code_location(settings, loggers=None)
        .resolve_job_def("casablanca")
        .execute_in_process(
            instance=instance,
            asset_selection=[CAPTURED],
            tags=run_tags(window),
            run_config=run_config(window),
        )
    )
    assert result.success
    return result.run_id


@contextmanager
def workspace(instance: dg.DagsterInstance) -> Iterator[WorkspaceRequestContext]:
    """What the UI works with, in this process; the settings are those of the environment."""
    target = LoadableTargetOrigin(executable_path=sys.executable, module_name=LOCATION)
    origin = InProcessCodeLocationOrigin(target, location_name=LOCATION)
    with WorkspaceProcessContext(instance, InProcessWorkspaceLoadTarget(origin)) as process:
        yield process.create_request_context()

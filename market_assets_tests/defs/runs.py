"""Small real runs of the code location, for what is said of runs."""

from datetime import date

import dagster as dg

from market_assets.defs.location import code_location
from market_assets.defs.window import Window, run_config, run_tags
from market_assets.settings import Settings

CAPTURED = dg.AssetKey(["raw", "cdg_capital"])
DAY = date(2026, 11, 13)


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

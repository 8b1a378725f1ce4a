"""Assets over tables that a test wrote itself: what they make of them, without a whole run."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl

from market_assets.defs.location import session_tables
from market_assets.defs.platform import Platform
from market_assets.defs.window import SessionWindow, Window, run_config, run_tags
from market_assets.settings import read_settings


def platform_of(data: Path) -> Platform:
    """The platform over the tables in ``data``."""
    return Platform(read_settings({"data_dir": data}))


def stated(platform: Platform, table: str, rows: pl.DataFrame, column: str = "session") -> None:
    """Make ``rows`` the whole ``table``."""
    first, last = date(2020, 1, 1), date(2030, 1, 1)
    platform.warehouse.replace_sessions(table, rows, first=first, last=last, column=column)


def materialize(
    platform: Platform, assets: Sequence[dg.AssetsDefinition], sessions: Iterable[date]
) -> None:
    """Run ``assets`` for ``sessions``, in one run."""
    window = Window(sessions=tuple(sessions))
    resources = {
        "platform": platform,
        "window": SessionWindow.configure_at_launch(),
        "io_manager": session_tables,
    }
    made = {key for asset in assets for key in asset.keys}
    read = {
        key: dg.AssetSpec(key, partitions_def=asset.partitions_def)
        for asset in assets
        for key in asset.keys_by_input_name.values()
        if key not in made
    }
    done = dg.materialize(
        [*assets, *read.values()],
        resources=resources,
        tags=run_tags(window),
        run_config=run_config(window),
    )
    assert done.success

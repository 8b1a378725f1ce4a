"""``market-assets replay``: the warehouse built anew from its captures, compared with the present.

Neither is written. What must be equal is every table of every market, with the times at which
values were captured and replaced; versions that were published are files and not compared.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import polars as pl
from rich.console import Console

from market_assets.commands.choosing import captured_sessions
from market_assets.commands.lock import only_run
from market_assets.commands.run import with_progress
from market_assets.defs.markets import MARKETS
from market_assets.defs.platform import Platform
from market_assets.modes import keep_to_seed
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.comparison import Comparison, compared

BESIDE = ".replay-"
"""Begins the name of the folder that is built in; it is removed."""
OF_THE_RUN = ("due_again",)
"""When a session is asked for again follows from the instant of the run, not from a capture."""


def replay(settings: Settings) -> bool:
    """Print each table that differs, and last how many are equal; whether all are.

    Raises ``SettingRefused`` where nothing is built yet.
    """
    console = Console()
    if not Platform(settings).warehouse.path.exists():
        raise SettingRefused(f"nothing is built in {settings.mode_dir} yet: `market-assets run`")
    keep_to_seed(settings)
    with only_run(settings), _beside(settings) as anew:
        platform = Platform(settings)
        built = [market for market in MARKETS if market.name in _schemas(platform)]
        for market, windows in captured_sessions(platform, built, days=None, until=None):
            console.print(f"{market.name}: {windows[0].first} to {windows[-1].last}")
            outcome = with_progress(anew, market, windows, from_captures=True, console=console)
            for failure in outcome.failures:  # its tables will differ
                print(f"failed: {market.name}: {failure}")
        anew.archive.close()
        tables = compared(platform.warehouse, anew.warehouse.path, without=OF_THE_RUN)
    different = [table for table in tables if not table.equal]
    for table in different:
        _print(table)
    equal = len(tables) - len(different)
    differ = f", {len(different)} differ" if different else ""
    print(f"{equal} of {len(tables)} tables are equal{differ}")
    return not different


def _schemas(platform: Platform) -> set[str]:
    with platform.warehouse.connected() as connection:
        schemas = connection.execute("SELECT DISTINCT schema_name FROM duckdb_tables()")
        return {name for (name,) in schemas.fetchall()}


@contextmanager
def _beside(settings: Settings) -> Iterator[Platform]:
    """The same captures, and nothing else yet, in a folder that is removed afterwards."""
    for left in settings.mode_dir.glob(f"{BESIDE}*"):  # of a replay that was killed
        shutil.rmtree(left)
    folder = Path(mkdtemp(prefix=BESIDE, dir=settings.mode_dir))
    try:
        anew = Platform(settings.model_copy(update={"data_dir": folder}))
        anew.settings.mode_dir.mkdir()
        captures = (settings.mode_dir / "captures").absolute()
        (anew.settings.mode_dir / "captures").symlink_to(captures)
        yield anew
    finally:
        shutil.rmtree(folder)


def _print(table: Comparison) -> None:
    print(f"{table.table}: {table.shape or _counts(table)}")
    with pl.Config(tbl_cols=-1, tbl_width_chars=300, tbl_hide_dataframe_shape=True):
        for side, rows in (("now", table.first_here), ("replayed", table.first_there)):
            if rows is not None and rows.height:
                print(f"{side}: {rows}")


def _counts(table: Comparison) -> str:
    return f"{table.only_here} rows only now, {table.only_there} only when replayed"

"""How far back the charts of a page go."""

import polars as pl

from market_assets.serving.dashboard.state import switch

PERIODS = {20: "1M", 60: "3M", 250: "1Y", 0: "all"}
"""Sessions, 0 for every one."""
USUAL = 60


def chosen() -> int:
    """The control of the sidebar: how many sessions."""
    return switch("Period", list(PERIODS), name="sessions", default=USUAL, told=PERIODS.__getitem__)


def cut(rows: pl.DataFrame, sessions: int) -> pl.DataFrame:
    """The last ``sessions`` rows of ascending ones."""
    return rows.tail(sessions) if sessions else rows

"""Turnover and volume of each session, with their averages."""

import polars as pl

from market_assets.serving.dashboard import charts
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.reading import Data


def turnover(data: Data, seen: pl.DataFrame) -> None:
    """Money of each session, with the averages beside it in ``seen``."""
    _flow(data, seen, "total_turnover", "Turnover", "Million MAD", scale=1e-6, digits=1)


def volume(data: Data, seen: pl.DataFrame) -> None:
    """Shares of each session, likewise."""
    _flow(data, seen, "total_volume", "Volume", "Thousand shares", scale=1e-3, digits=1)


def _flow(
    data: Data, seen: pl.DataFrame, column: str, title: str, unit: str, *, scale: float, digits: int
) -> None:
    rows = seen.with_columns(pl.col(column, f"{column}_5", f"{column}_20") * scale)
    figure = charts.bars_with_means(
        rows,
        Series(column=column, name=title, digits=digits),
        [
            Series(column=f"{column}_5", name="5-session average", digits=digits),
            Series(column=f"{column}_20", name="20-session average", digits=digits),
        ],
    )
    charts.shown(data, figure, title=title, name=title.lower(), unit=f"{unit} per session")

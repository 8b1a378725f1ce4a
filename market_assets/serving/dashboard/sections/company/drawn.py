"""A company's price, volume and range, drawn."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from market_assets.serving.dashboard import charts, fields
from market_assets.serving.dashboard.alerts import SYMBOLS, WORDS
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import nothing
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.theme import INK, OCHRE


def price(data: Data, seen: pl.DataFrame, how: str) -> None:
    """Closing prices with their averages; ``how`` says how they were altered."""
    figure = charts.lines(
        seen,
        [
            Series(column="close", name="close", digits=2),
            Series(column="close_5", name="5-session average", digits=2),
            Series(column="close_20", name="20-session average", digits=2),
        ],
        from_zero=False,
    )
    charts.shown(
        data,
        figure,
        title="Price",
        name="price",
        height=340,
        unit=f"Closing price, MAD{how}; the axis does not start at 0",
    )


def volume(data: Data, seen: pl.DataFrame, alerts: pl.DataFrame | None, how: str) -> None:
    """Shares of each session with their averages and the alerts on them."""
    figure = charts.bars_with_means(
        seen,
        Series(column="volume", name="volume"),
        [
            Series(column="volume_5", name="5-session average"),
            Series(column="volume_20", name="20-session average"),
        ],
    )
    if alerts is not None and seen.height:
        within = alerts.filter(pl.col("session") >= seen["session"].min())
        _add_alerts(figure, within)
    charts.shown(
        data,
        figure,
        title="Volume and alerts",
        name="volume",
        height=340,
        unit=f"Shares per session{how}; marks are alerts",
    )


def year_range(data: Data, figures: pl.DataFrame) -> None:
    """Where the newest close stands between the lowest and highest of 52 weeks."""
    found: dict[str, Any] = dict(figures.select("key", "number").iter_rows())
    low, high, close = (found.get(each) for each in ("low_52w", "high_52w", "close"))
    if low is None or high is None or close is None:
        nothing(
            "The 52-week range is null",
            "It is known once 52 weeks of sessions are published, or a source states it; "
            "`market-assets run --days 260` gathers them.",
        )
        return
    figure = fields.span(low, high, close)
    charts.shown(
        data,
        figure,
        title="52-week range",
        name="range",
        height=120,
        unit="MAD: lowest, newest close, highest",
    )


def _add_alerts(figure: go.Figure, rows: pl.DataFrame) -> None:
    """Alerts over the volume they are about, each kind with a mark of its own."""
    for kind, symbol in SYMBOLS.items():
        of_kind = rows.filter(pl.col("alert_type") == kind)
        if of_kind.height:
            figure.add_scatter(
                x=of_kind["session"].to_list(),
                y=of_kind["volume"].to_list(),
                mode="markers",
                name=WORDS[kind],
                customdata=of_kind["message"].to_list(),
                marker={
                    "symbol": symbol,
                    "size": 10,
                    "color": OCHRE,
                    "line": {"color": INK, "width": 1},
                },
                hovertemplate="%{customdata}<extra></extra>",
            )

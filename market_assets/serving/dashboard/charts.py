"""The figures of all pages: quiet axes, units said, gaps left where nothing is stated.

Series are told apart by dash and mark as well as by colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.theme import (
    BLUE,
    INK,
    MUTED,
    OCHRE,
    PALE,
    PAPER,
    RULE,
    SAND,
    SANS,
    SERIES,
)

HEIGHT = 310
ROW = 30
"""Pixels of a bar that lies."""
DASHES = ("solid", "dash", "dot", "dashdot")
WEEKEND = 5
CONFIG = {
    "displaylogo": False,
    "displayModeBar": "hover",
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
}
AXIS = {
    "gridcolor": RULE,
    "linecolor": RULE,
    "zerolinecolor": INK,
    "zerolinewidth": 1,
    "ticks": "",
    "title": {"font": {"size": 12, "color": MUTED}, "standoff": 8},
    "tickfont": {"size": 12, "color": MUTED},
}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": SANS, "size": 13, "color": INK},
        "colorway": SERIES,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 52, "r": 12, "t": 34, "b": 56},
        "xaxis": {**AXIS, "showgrid": False, "ticks": "outside", "ticklen": 5, "tickcolor": RULE},
        "yaxis": {**AXIS, "tickformat": ",", "rangemode": "tozero"},
        "separators": ".,",
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "xanchor": "left",
            "font": {"size": 12},
        },
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": MUTED, "font": {"color": INK}},
        "hovermode": "x unified",
        "bargap": 0.22,
        "dragmode": False,
        "treemapcolorway": SERIES,
    }
)


@dataclass(frozen=True, kw_only=True)
class Series:
    """A column to draw and what to call it; ``digits`` after the decimal point when pointed at.

    ``points``: each value is marked, for one that stands alone between gaps would not be seen.
    """

    column: str
    name: str
    digits: int = 0
    points: bool = False


def shown(
    data: Data, figure: go.Figure, *, title: str, unit: str, name: str, height: int = HEIGHT
) -> None:
    """``figure`` under its title and unit; of invented figures it says so itself."""
    st.subheader(title, anchor=False)
    st.html(f'<p class="unit">{escape(unit)}</p>')
    figure.update_layout(template=TEMPLATE, height=height)
    if sum(1 for _ in figure.select_traces()) == 1:  # and so no legend
        figure.update_layout(margin_t=8)
    if data.facts.mode == "sandbox":
        figure.add_annotation(
            text="SANDBOX · invented",
            xref="paper",
            yref="paper",
            x=1,
            y=0,
            xanchor="right",
            yanchor="top",
            showarrow=False,
            font={"size": 10, "color": MUTED},
            yshift=-38,
        )
    st.plotly_chart(figure, theme=None, key=f"{name} chart", config=CONFIG, alt=f"{title}. {unit}")


def bars_with_means(rows: pl.DataFrame, bar: Series, means: Sequence[Series]) -> go.Figure:
    """A column for each session from zero, and lines over them."""
    days = rows["session"].to_list()
    figure = go.Figure(
        go.Bar(
            x=days,
            y=rows[bar.column].to_list(),
            name=bar.name,
            marker={"color": PALE},
            hovertemplate=_told(bar),
        )
    )
    _add_lines(figure, rows, means, colours=(BLUE, OCHRE))
    return on_sessions(figure, days)


def lines(rows: pl.DataFrame, series: Sequence[Series], *, from_zero: bool) -> go.Figure:
    """A line for each series, broken where a session has no value."""
    figure = go.Figure()
    _add_lines(figure, rows, series, colours=SERIES)
    figure.update_yaxes(rangemode="tozero" if from_zero else "normal")
    return on_sessions(figure, rows["session"].to_list())


def steps(rows: pl.DataFrame, series: Series) -> go.Figure:
    """What holds until it is changed."""
    figure = lines(rows, [series], from_zero=True)
    figure.update_traces(line={"shape": "hv"})
    return figure.update_xaxes(rangebreaks=[])


def breadth(rows: pl.DataFrame) -> go.Figure:
    """Lines that rose above zero, those that fell below it, for each session."""
    days = rows["session"].to_list()
    rising, falling = rows["rising"].to_list(), rows["falling"].to_list()
    below = [None if count is None else -count for count in falling]
    figure = go.Figure(
        [
            go.Bar(
                x=days,
                y=rising,
                name="▲ rising",
                marker={"color": BLUE},
                hovertemplate="%{y:,} rising<extra></extra>",
            ),
            go.Bar(
                x=days,
                y=below,
                name="▼ falling",
                customdata=falling,
                marker={"color": SAND, "line": {"color": OCHRE, "width": 1}},
                hovertemplate="%{customdata:,} falling<extra></extra>",
            ),
        ]
    )
    figure.update_layout(barmode="relative")
    figure.update_yaxes(tickformat=",")
    return on_sessions(figure, days)


def on_sessions(figure: go.Figure, days: Sequence[date]) -> go.Figure:
    """Days without a session left out of the axis, so that neighbours stand beside each other."""
    breaks: list[dict[str, object]] = [{"bounds": ["sat", "mon"]}]
    if days:
        first, last = min(days), max(days)
        there = set(days)
        span = (first + timedelta(number) for number in range((last - first).days))
        breaks.append({"values": [d for d in span if d.weekday() < WEEKEND and d not in there]})
        if any(each.weekday() >= WEEKEND for each in there):
            breaks = breaks[1:]
    return figure.update_xaxes(rangebreaks=breaks, tickformat="%d %b\n%Y", nticks=8)


def _add_lines(
    figure: go.Figure, rows: pl.DataFrame, series: Sequence[Series], *, colours: Sequence[str]
) -> None:
    for number, each in enumerate(series):
        figure.add_scatter(
            x=rows["session"].to_list(),
            y=rows[each.column].to_list(),
            name=each.name,
            mode="lines+markers" if each.points else "lines",
            marker={"size": 4},
            connectgaps=False,
            hovertemplate=_told(each),
            line={
                "color": colours[number % len(colours)],
                "width": 2,
                "dash": DASHES[number % len(DASHES)],
            },
        )


def _told(series: Series) -> str:
    return f"{series.name}: %{{y:,.{series.digits}f}}<extra></extra>"

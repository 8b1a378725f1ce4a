"""The figures of all pages: quiet axes, units said, gaps left where nothing is stated.

Series are told apart by dash and mark as well as by colour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from textwrap import wrap

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from market_assets.serving.dashboard.alerts import SYMBOLS, WORDS
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
    SHADES,
    SLATE,
    WASH,
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
        "margin": {"l": 52, "r": 12, "t": 34, "b": 42},
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
    if data.facts.mode == "sandbox":
        figure.add_annotation(
            text="SANDBOX · invented",
            xref="paper",
            yref="paper",
            x=1,
            y=1,
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
            font={"size": 10, "color": MUTED},
            yshift=3,
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


def add_alerts(figure: go.Figure, rows: pl.DataFrame) -> None:
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


def span(low: float, high: float, now: float) -> go.Figure:
    """Where ``now`` stands between two values."""
    figure = go.Figure(
        [
            go.Scatter(
                x=[low, high],
                y=[0, 0],
                mode="lines+markers+text",
                text=[f"{low:,.2f}", f"{high:,.2f}"],
                textposition="bottom center",
                line={"color": PALE, "width": 8},
                marker={"size": 1},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[now],
                y=[0],
                mode="markers+text",
                text=[f"{now:,.2f}"],
                textposition="top center",
                textfont={"size": 14, "color": INK},
                marker={"symbol": "diamond", "size": 14, "color": BLUE},
                hoverinfo="skip",
            ),
        ]
    )
    pad = (high - low) * 0.06 or 1
    figure.update_layout(showlegend=False, hovermode=False)
    figure.update_xaxes(visible=False, range=[low - pad, high + pad])
    return figure.update_yaxes(visible=False, range=[-1.4, 1.4])


def curve(
    series: Mapping[str, pl.DataFrame], *, x: str, y: str, names: tuple[str, str]
) -> go.Figure:
    """One line of ``y`` over ``x`` for each series, its points marked."""
    figure = go.Figure()
    for number, (name, rows) in enumerate(series.items()):
        figure.add_scatter(
            x=rows[x].to_list(),
            y=rows[y].to_list(),
            name=name,
            mode="lines+markers",
            line={"color": SERIES[number % len(SERIES)], "dash": DASHES[number % len(DASHES)]},
            marker={"size": 7, "symbol": ("circle", "diamond")[number % 2]},
            hovertemplate=f"{name}: %{{y:.2f}}<extra></extra>",
        )
    figure.update_xaxes(title_text=names[0])
    return figure.update_yaxes(title_text=names[1], rangemode="normal")


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


def lying_bars(
    names: Sequence[str], values: Sequence[float | None], texts: Sequence[str], *, unit: str
) -> go.Figure:
    """Bars from zero, the first on top; what falls is pale with an outline, in grey too."""
    falling = [(value or 0) < 0 for value in values]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=names,
            orientation="h",
            text=texts,
            textposition="auto",
            marker={
                "color": [SAND if down else BLUE for down in falling],
                "line": {"color": [OCHRE if down else BLUE for down in falling], "width": 1.2},
            },
            insidetextfont={"color": [INK if down else PAPER for down in falling]},
            outsidetextfont={"color": INK},
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(hovermode="closest", showlegend=False)
    figure.update_xaxes(
        title_text=unit, showgrid=True, rangemode="tozero", tickformat=",", nticks=5
    )
    return figure.update_yaxes(
        autorange="reversed",
        type="category",
        showgrid=False,
        automargin=True,
        tickfont={"size": 12, "color": INK},
    )


def shares(names: Sequence[str], values: Sequence[float | None], *, digits: int) -> go.Figure:
    """Areas of a whole, each with its name and share."""
    told = f"%{{label}}<br>%{{value:,.{digits}f}}<br>%{{percentRoot:.1%}}<extra></extra>"
    figure = go.Figure(
        go.Treemap(
            labels=names,
            values=values,
            parents=[""] * len(names),
            sort=True,
            text=["<br>".join(wrap(name, 18)) for name in names],
            texttemplate="<b>%{text}</b><br>%{percentRoot:.1%}",
            hovertemplate=told,
            textfont={"size": 13, "color": INK},
            tiling={"pad": 2, "packing": "squarify"},
            marker={
                "colors": [PALE if place % 2 else WASH for place in range(len(names))],
                "line": {"color": SLATE, "width": 1},
                "pad": dict.fromkeys("tlbr", 0),
            },
            root={"color": PAPER},
            pathbar={"visible": False},
        )
    )
    return figure.update_layout(
        margin={"l": 0, "r": 0, "t": 20, "b": 0},
        hovermode="closest",
        uniformtext={"minsize": 10, "mode": "hide"},
    )


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


def grid(
    columns: Sequence[object],
    names: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    span: tuple[float, float],
    texts: Sequence[Sequence[str]] | None,
) -> go.Figure:
    """A field for each row and column, darker where there is more; empty where nothing is known."""
    figure = go.Figure(
        go.Heatmap(
            x=columns,
            y=names,
            z=values,
            zmin=span[0],
            zmax=span[1],
            colorscale=[list(shade) for shade in SHADES],
            xgap=1.5,
            ygap=1.5,
            hoverongaps=False,
            text=texts,
            texttemplate="%{text}" if texts else None,
            hovertemplate="%{y}<br>%{x}: %{z:.3f}<extra></extra>",
            colorbar={"thickness": 10, "outlinewidth": 0, "len": 0.9, "tickfont": {"size": 11}},
        )
    )
    figure.update_layout(hovermode="closest")
    return figure.update_yaxes(
        autorange="reversed", showgrid=False, automargin=True, tickfont={"color": INK}
    )


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

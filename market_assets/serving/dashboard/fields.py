"""Figures that are not over time: bars that lie, areas of a whole, fields, a range, a curve."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

import plotly.graph_objects as go
import polars as pl

from market_assets.serving.dashboard.charts import DASHES
from market_assets.serving.dashboard.theme import (
    BLUE,
    INK,
    OCHRE,
    PALE,
    PAPER,
    SAND,
    SERIES,
    SHADES,
    SLATE,
    WASH,
)

MANY = 30
"""Columns of fields, which on a phone would be hidden by wider gaps."""


def lying_bars(
    names: Sequence[str], values: Sequence[float | None], texts: Sequence[str]
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
    figure.update_xaxes(showgrid=True, rangemode="tozero", tickformat=",", nticks=5)
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
        margin={"l": 0, "r": 0, "t": 8, "b": 54},
        hovermode="closest",
        uniformtext={"minsize": 10, "mode": "hide"},
    )


def grid(
    columns: Sequence[object],
    names: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    span: tuple[float, float],
    texts: Sequence[Sequence[str]],
    scale: bool,
) -> go.Figure:
    """A field for each row and column, darker where there is more; empty where nothing is known.

    ``scale``: what the shades mean is drawn beside it, for the ``texts`` do not say it.
    """
    figure = go.Figure(
        go.Heatmap(
            x=columns,
            y=names,
            z=values,
            zmin=span[0],
            zmax=span[1],
            colorscale=[list(shade) for shade in SHADES],
            xgap=1.5 if len(columns) < MANY else 0.5,
            ygap=1.5,
            hoverongaps=False,
            text=texts,
            texttemplate="%{text}",
            showscale=scale,
            hovertemplate="%{y}<br>%{x}: %{z:.3f}<extra></extra>",
            colorbar={"thickness": 10, "outlinewidth": 0, "len": 0.9, "tickfont": {"size": 11}},
        )
    )
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(side="top", ticks="", automargin=True)
    return figure.update_yaxes(
        autorange="reversed", showgrid=False, automargin=True, tickfont={"color": INK}
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

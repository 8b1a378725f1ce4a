"""The charts of a digest as PNG; drawn without a display, and slow to import."""

import io

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from PIL import Image

from market_assets.serving.digests import figures
from market_assets.serving.digests.content import Bars

WIDTH, DENSITY, COLOURS = 5.6, 200, 64
"""Inches, and pixels in each: twice what a message shows, for screens that have them."""
UP, DOWN, PLAIN, INK, RULE = "#1a7f53", "#b3372f", "#2f5d8a", "#222222", "#d7dbe0"
FEW = 12
"""More upright bars than these have a label at every other or fifth only."""


def drawn(bars: Bars) -> bytes:
    """The PNG of a chart; the same bytes for the same values."""
    height = 2.3 if bars.upright else 0.6 + 0.23 * len(bars.labels)
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.suptitle(bars.title, x=0.01, ha="left", fontsize=10, color=INK)
    axes = figure.add_subplot()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=9, colors=INK)
    axes.set_axisbelow(True)
    places = range(len(bars.labels))
    if bars.upright:
        axes.bar(places, bars.values, color=PLAIN, width=0.7)
        step = 1 if len(bars.labels) <= FEW else 5
        shown = [place for place in places if (len(bars.labels) - 1 - place) % step == 0]
        axes.set_xticks(shown, [bars.labels[place] for place in shown])
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: figures.short(value)))
        axes.grid(axis="y", color=RULE, linewidth=0.6)
    else:
        colours = [UP if value > 0 else DOWN for value in bars.values]
        drawn_bars = axes.barh(places, bars.values, color=colours, height=0.72)
        axes.bar_label(
            drawn_bars,
            [figures.percent(value, signed=True) for value in bars.values],
            padding=3,
            fontsize=8,
            color=INK,
        )
        axes.set_yticks(places, [label[:24] for label in bars.labels])
        axes.invert_yaxis()
        axes.set_xticks([])
        axes.axvline(0, color=RULE, linewidth=0.8)
        axes.margins(x=0.18, y=0.01)
    drawing, target = io.BytesIO(), io.BytesIO()
    figure.savefig(drawing, format="png", dpi=DENSITY)
    # A chart has few colours: a palette of them makes a file a quarter as large.
    Image.open(drawing).convert("RGB").quantize(COLOURS).save(target, "png", optimize=True)
    return target.getvalue()

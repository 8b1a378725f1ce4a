"""How the market is made up: its sectors, and its companies by size."""

import polars as pl

from market_assets.serving.dashboard import charts, fields
from market_assets.serving.dashboard.frame import nothing
from market_assets.serving.dashboard.reading import Data

SECTORS = """
SELECT coalesce(sector, 'not classified') AS sector, lines, market_cap, market_cap_share, turnover,
    turnover_share
FROM companies.sector_summary WHERE session = ? AND taxonomy = ?
ORDER BY {measure} DESC NULLS LAST, sector
"""
BANDS = """
SELECT band_from, band_to, lines, market_cap, market_cap_share
FROM companies.market_cap_distribution WHERE session = ? ORDER BY band_from
"""


def sectors(data: Data, session: object, measure: str, taxonomy: str) -> None:
    """The sectors' parts of the whole ``measure``, by one of the two taxonomies."""
    words = measure.replace("_", " ")
    if not data.has("companies.sector_summary"):
        nothing("No sectors", "They come with `market-assets run --market companies`.")
        return
    rows = data.rows(SECTORS.format(measure=measure), session, taxonomy)
    rows = rows.filter(pl.col(measure) > 0)
    if rows.is_empty():
        nothing("No sectors", f"None has a {words} on this session.")
        return
    figure = fields.shares(rows["sector"].to_list(), rows[measure].to_list(), digits=0)
    charts.shown(
        data,
        figure,
        title=f"Sectors by {words}",
        name="sectors",
        height=400,
        unit="Share of the whole; areas are proportional to MAD",
    )


def sizes(data: Data, session: object) -> None:
    """How many companies there are of each size."""
    if not data.has("companies.market_cap_distribution"):
        nothing("No sizes", "They come with `market-assets run --market companies`.")
        return
    rows = data.rows(BANDS, session)
    if rows.is_empty():
        nothing("No sizes", "No line has a market capitalisation on this session.")
        return
    names = [_band(low, high) for low, high in rows.select("band_from", "band_to").iter_rows()]
    shares = [
        f"{n} lines, {share:.1%} of the market"
        for n, share in rows.select("lines", "market_cap_share").iter_rows()
    ]
    figure = fields.lying_bars(names, rows["lines"].to_list(), shares)
    charts.shown(
        data,
        figure,
        title="Companies by size",
        name="sizes",
        height=400,
        unit="Lines in each band of market capitalisation, billion MAD",
    )


def _band(low: float | None, high: float | None) -> str:
    """The bounds of a band in billions, either of which may be open."""
    if low is None:
        return f"below {(high or 0) / 1e9:g} bn"
    return f"from {low / 1e9:g} bn" if high is None else f"{low / 1e9:g} to {high / 1e9:g} bn"

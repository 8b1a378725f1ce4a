"""The checks of the companies' tables; the rules are in domain/companies."""

import polars as pl

from market_assets.defs.companies import fundamentals, listings
from market_assets.defs.markets import COMPANIES
from market_assets.defs.platform import Platform
from market_assets.defs.plausibility import Found, rows_of, warnings
from market_assets.defs.table_checks import mart_checks
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import Window
from market_assets.domain.companies import fundamentals as figures
from market_assets.domain.companies import listings as lines
from market_assets.domain.companies import market_caps, rules, sectors

MISSING = {
    "without_isin": "Lines without an ISIN, in the newest session.",
    "without_shares": "Lines whose number of shares nobody states, in the newest session.",
}
DOUBTED = {
    "without_market_cap": "Lines and sessions whose market cap cannot be told.",
    "market_cap_disagreement": "Market caps of sources that are not the one that stands.",
}
TOLERATED = dict.fromkeys(DOUBTED, 0.1)
"""The part of the figures that sources may state otherwise: African Markets has old share counts
of some lines."""


@warnings(COMPANIES, listings.LISTINGS, MISSING)
def listings_are_complete(platform: Platform, days: Window) -> Found:
    """Whether each line has what a line should have."""
    table = table_name(listings.LISTINGS)
    rows = known_rows(platform, table, first=days.last, last=days.last)
    faults = lines.listings_faults(rows)
    return Found(counts={name: faults[name] for name in MISSING}, rows=rows.height)


@warnings(
    COMPANIES,
    fundamentals.FUNDAMENTALS,
    DOUBTED,
    tolerated=TOLERATED,
    besides=[fundamentals.DISAGREEMENTS],
)
def fundamentals_are_plausible(platform: Platform, days: Window) -> Found:
    """What a person should look at before relying on a market cap."""
    rows = rows_of(platform, fundamentals.FUNDAMENTALS, days)
    counts = {
        "without_market_cap": figures.fundamentals_faults(rows)["without_market_cap"],
        "market_cap_disagreement": rows_of(platform, fundamentals.DISAGREEMENTS, days).height,
    }
    return Found(counts=counts, rows=rows.height)


def _listings_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of each session for itself: a line is there once in each."""
    counts = [lines.listings_faults(day) for day in rows.partition_by("session") or [rows]]
    return {name: sum(c[name] for c in counts) for name in counts[0] if name not in MISSING}


def _figures_faults(rows: pl.DataFrame) -> dict[str, int]:
    faults = figures.fundamentals_faults(rows)
    return {name: count for name, count in faults.items() if name != "without_market_cap"}


CHECKS = [
    mart_checks(
        COMPANIES,
        listings.LISTINGS,
        pl.Schema({"session": pl.Date, **lines.LISTINGS}),
        _listings_faults,
    ),
    mart_checks(COMPANIES, fundamentals.FUNDAMENTALS, figures.FUNDAMENTALS, _figures_faults),
    mart_checks(
        COMPANIES,
        fundamentals.DISAGREEMENTS,
        market_caps.DISAGREEMENTS,
        rules.disagreements_faults,
    ),
    mart_checks(
        COMPANIES, fundamentals.SECTOR_SUMMARY, sectors.SECTOR_SUMMARY, rules.sector_summary_faults
    ),
    mart_checks(
        COMPANIES,
        fundamentals.DISTRIBUTION,
        sectors.MARKET_CAP_DISTRIBUTION,
        rules.distribution_faults,
    ),
    mart_checks(
        COMPANIES,
        fundamentals.CONCENTRATION,
        sectors.MARKET_CAP_CONCENTRATION,
        rules.concentration_faults,
    ),
    listings_are_complete,
    fundamentals_are_plausible,
]

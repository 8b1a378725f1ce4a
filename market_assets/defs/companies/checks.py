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
    counts = {
        "without_isin": rows["isin"].null_count(),
        "without_shares": rows["shares"].null_count(),
    }
    return Found(counts=counts, rows=rows.height)


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
        "without_market_cap": rows["market_cap"].null_count(),
        "market_cap_disagreement": rows_of(platform, fundamentals.DISAGREEMENTS, days).height,
    }
    return Found(counts=counts, rows=rows.height)


CHECKS = [
    mart_checks(
        COMPANIES,
        listings.LISTINGS,
        pl.Schema({"session": pl.Date, **lines.LISTINGS}),
        rules.listings_faults,
    ),
    mart_checks(
        COMPANIES, fundamentals.FUNDAMENTALS, figures.FUNDAMENTALS, rules.fundamentals_faults
    ),
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

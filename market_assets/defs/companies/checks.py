"""The checks of the companies' tables; the rules are in domain/companies."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from market_assets.defs.companies import fundamentals, listings
from market_assets.defs.graph import WAREHOUSE_POOL
from market_assets.defs.markets import COMPANIES
from market_assets.defs.platform import Platform
from market_assets.defs.table_checks import check_result, checked_days, mart_checks
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import SessionWindow
from market_assets.domain.companies import fundamentals as figures
from market_assets.domain.companies import listings as lines
from market_assets.domain.companies import market_caps, rules, sectors

MISSING = {
    "without_isin": "Lines without an ISIN, in the newest session.",
    "without_shares": "Lines whose number of shares nobody states, in the newest session.",
}
WITHOUT_MARKET_CAP = "without_market_cap"
DISAGREEMENT = "market_cap_disagreement"
TOLERATED = 0.1
"""The part of the figures that sources may state otherwise: African Markets has old share counts
of some lines."""


@dg.multi_asset_check(
    name="listings_are_complete",
    specs=[
        dg.AssetCheckSpec(name, asset=listings.LISTINGS, description=text)
        for name, text in MISSING.items()
    ],
    pool=WAREHOUSE_POOL,
)
def listings_are_complete(
    context: dg.AssetCheckExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
) -> Iterator[dg.AssetCheckResult]:
    """Whether each line has what a line should have."""
    last = checked_days(context, window, COMPANIES).last
    rows = known_rows(platform, table_name(listings.LISTINGS), first=last, last=last)
    faults = lines.listings_faults(rows)
    for name in MISSING:
        count = faults[name]
        yield check_result(listings.LISTINGS, name, count, passed=count == 0, error=False)


@dg.multi_asset_check(
    name="fundamentals_are_plausible",
    specs=[
        dg.AssetCheckSpec(
            WITHOUT_MARKET_CAP,
            asset=fundamentals.FUNDAMENTALS,
            description="Lines and sessions whose market cap cannot be told.",
        ),
        dg.AssetCheckSpec(
            DISAGREEMENT,
            asset=fundamentals.FUNDAMENTALS,
            description="Market caps of sources that are not the one that stands.",
            additional_deps=[fundamentals.DISAGREEMENTS],
        ),
    ],
    pool=WAREHOUSE_POOL,
)
def fundamentals_are_plausible(
    context: dg.AssetCheckExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
) -> Iterator[dg.AssetCheckResult]:
    """What a person should look at before relying on a market cap."""
    days = checked_days(context, window, COMPANIES)
    rows, dissent = (
        known_rows(platform, table_name(key), first=days.first, last=days.last)
        for key in (fundamentals.FUNDAMENTALS, fundamentals.DISAGREEMENTS)
    )
    faults = {
        WITHOUT_MARKET_CAP: figures.fundamentals_faults(rows)[WITHOUT_MARKET_CAP],
        DISAGREEMENT: dissent.height,
    }
    for name, count in faults.items():
        tolerated = TOLERATED * rows.height
        yield check_result(
            fundamentals.FUNDAMENTALS, name, count, passed=count <= tolerated, error=False
        )


def _listings_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of each session for itself: a line is there once in each."""
    counts = [lines.listings_faults(day) for day in rows.partition_by("session") or [rows]]
    return {name: sum(c[name] for c in counts) for name in counts[0] if name not in MISSING}


def _figures_faults(rows: pl.DataFrame) -> dict[str, int]:
    faults = figures.fundamentals_faults(rows)
    return {name: count for name, count in faults.items() if name != WITHOUT_MARKET_CAP}


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

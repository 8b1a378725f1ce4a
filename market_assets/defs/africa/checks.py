"""The checks of the neighbours' tables; the rules are in domain/africa and domain/currencies."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from market_assets.defs.africa import comparison, currencies, exchanges, quotes
from market_assets.defs.graph import WAREHOUSE_POOL
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.table_checks import check_result, checked_days, mart_checks
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import SessionWindow
from market_assets.domain.africa import cross_market, listed, returns, rules, sector_weights
from market_assets.domain.currencies import rules as currency_rules
from market_assets.domain.currencies import trust
from market_assets.domain.currencies.cross_rates import CROSS_RATES
from market_assets.domain.currencies.rows import RATES
from market_assets.domain.data_quality import DATA_QUALITY, data_quality_faults
from market_assets.domain.quotes.reconcile import DAILY_QUOTES

QUOTED = {
    "no_quote_at_all": "Not one quote in all the sessions of the run.",
    "low_confidence": "Quotes whose confidence is below one half.",
    "silent_exchange": "Exchanges with known sessions but no quote in the run.",
}
TOLERATED = {"low_confidence": 1 / 2}
"""The part of the rows that may have the fault: of Johannesburg only AFX tells, without a date."""
STRAYED = "strayed_table"
INCOMPARABLE = "no_rate"


@dg.multi_asset_check(
    name="african_quotes_are_plausible",
    specs=[
        dg.AssetCheckSpec(name, asset=quotes.DAILY_QUOTES, description=text)
        for name, text in QUOTED.items()
    ],
    pool=WAREHOUSE_POOL,
)
def african_quotes_are_plausible(
    context: dg.AssetCheckExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
) -> Iterator[dg.AssetCheckResult]:
    """What a person should look at before relying on a quote."""
    days = checked_days(context, window, AFRICA)
    rows = known_rows(platform, table_name(quotes.DAILY_QUOTES), first=days.first, last=days.last)
    trading = {
        mic
        for mic in exchanges.MICS
        if not exchanges.sessions_frame(mic, days.first, days.last).is_empty()
    }
    faults = {
        "no_quote_at_all": int(rows.is_empty()),
        "low_confidence": rows.filter(pl.col("confidence") < 1 / 2).height,
        "silent_exchange": len(trading - set(rows["mic"])),
    }
    for name, count in faults.items():
        tolerated = TOLERATED.get(name, 0.0) * rows.height
        yield check_result(quotes.DAILY_QUOTES, name, count, passed=count <= tolerated, error=False)


@dg.multi_asset_check(
    name="quoted_rates_are_of_their_day",
    specs=[
        dg.AssetCheckSpec(
            STRAYED,
            asset=currencies.QUOTED_RATES,
            description="Tables of a bank whose euro in dollars is not that of the others of its "
            "day; no cross is made of them.",
        )
    ],
    pool=WAREHOUSE_POOL,
)
def quoted_rates_are_of_their_day(
    context: dg.AssetCheckExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
) -> Iterator[dg.AssetCheckResult]:
    """Whether a bank repeats old rates under a new date."""
    days = checked_days(context, window, AFRICA)
    rows = known_rows(
        platform,
        table_name(currencies.QUOTED_RATES),
        first=days.first,
        last=days.last,
        column="reference_date",
    )
    count = trust.strayed_tables(rows, tolerance=currencies.TOLERANCE).height
    yield check_result(currencies.QUOTED_RATES, STRAYED, count, passed=count == 0, error=False)


@dg.multi_asset_check(
    name="markets_are_comparable",
    specs=[
        dg.AssetCheckSpec(
            INCOMPARABLE,
            asset=comparison.CROSS_MARKET,
            description="Values that no rate brings to the currency of the comparison, though "
            "both currencies had been quoted by their day, or one never was.",
        )
    ],
    pool=WAREHOUSE_POOL,
)
def markets_are_comparable(
    context: dg.AssetCheckExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
) -> Iterator[dg.AssetCheckResult]:
    """Whether every value has one; a value that nobody states needs none, and is seen."""
    days = checked_days(context, window, AFRICA)
    rows = known_rows(
        platform,
        table_name(comparison.CROSS_MARKET),
        first=days.first,
        last=days.last,
        column="as_of",
    )
    quoted = known_rows(
        platform,
        table_name(currencies.QUOTED_RATES),
        first=None,
        last=days.last,
        column="reference_date",
    )
    count = cross_market.values_without_rate(rows, quoted).height
    yield check_result(comparison.CROSS_MARKET, INCOMPARABLE, count, passed=count == 0, error=False)


CHECKS = [
    mart_checks(AFRICA, quotes.DAILY_QUOTES, DAILY_QUOTES, rules.daily_quotes_faults),
    mart_checks(
        AFRICA,
        quotes.LISTINGS,
        listed.LISTED,
        rules.listings_faults,
    ),
    mart_checks(AFRICA, quotes.DATA_QUALITY, DATA_QUALITY, data_quality_faults),
    mart_checks(AFRICA, currencies.QUOTED_RATES, RATES, currency_rules.quoted_rates_faults),
    mart_checks(AFRICA, currencies.FX_RATES, CROSS_RATES, currency_rules.cross_rates_faults),
    mart_checks(AFRICA, comparison.RETURNS, returns.MARKET_RETURNS, rules.returns_faults),
    mart_checks(
        AFRICA, comparison.CROSS_MARKET, cross_market.CROSS_MARKET, cross_market.cross_market_faults
    ),
    mart_checks(
        AFRICA,
        comparison.SECTOR_WEIGHTS,
        sector_weights.SECTOR_WEIGHTS,
        sector_weights.sector_weight_faults,
    ),
    mart_checks(AFRICA, comparison.CORRELATIONS, returns.CORRELATIONS, rules.correlations_faults),
    african_quotes_are_plausible,
    quoted_rates_are_of_their_day,
    markets_are_comparable,
]

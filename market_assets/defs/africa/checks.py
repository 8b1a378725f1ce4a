"""The checks of the neighbours' tables; the rules are in domain/africa and domain/currencies."""

import polars as pl

from market_assets.defs.africa import comparison, currencies, exchanges, quotes
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.plausibility import Found, rows_of, warnings
from market_assets.defs.table_checks import mart_checks
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import Window
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
"""The part of the rows that may have the fault: of two exchanges AFX alone tells the volume."""
STRAYED = {
    "strayed_table": "Tables of a bank whose euro in dollars is not that of the others of its day; "
    "no cross is made of them.",
    "parted_tables": "Days on which two banks say otherwise of the euro in dollars and no third "
    "judges: crosses are made of both.",
}
INCOMPARABLE = {
    "no_rate": "Values that no young enough rate brings to the currency of the comparison; those "
    "of before a currency was first quoted aside.",
}


@warnings(AFRICA, quotes.DAILY_QUOTES, QUOTED, tolerated=TOLERATED)
def african_quotes_are_plausible(platform: Platform, days: Window) -> Found:
    """What a person should look at before relying on a quote."""
    rows = rows_of(platform, quotes.DAILY_QUOTES, days)
    trading = {
        mic
        for mic in exchanges.MICS
        if not exchanges.sessions_frame(mic, days.first, days.last).is_empty()
    }
    counts = {
        "no_quote_at_all": int(rows.is_empty()),
        "low_confidence": rows.filter(pl.col("confidence") < 1 / 2).height,
        "silent_exchange": len(trading - set(rows["mic"])),
    }
    return Found(counts=counts, rows=rows.height)


@warnings(AFRICA, currencies.QUOTED_RATES, STRAYED)
def quoted_rates_are_of_their_day(platform: Platform, days: Window) -> Found:
    """Whether a bank repeats old rates under a new date."""
    rows = rows_of(platform, currencies.QUOTED_RATES, days, column="reference_date")
    strayed = trust.strayed_tables(rows, tolerance=currencies.TOLERANCE)
    parted = trust.parted_days(rows, tolerance=currencies.TOLERANCE)
    counts = {"strayed_table": strayed.height, "parted_tables": parted.height}
    return Found(counts=counts, rows=rows.height)


@warnings(AFRICA, comparison.CROSS_MARKET, INCOMPARABLE)
def markets_are_comparable(platform: Platform, days: Window) -> Found:
    """Whether every value has one; a value that nobody states needs none, and is seen."""
    rows = rows_of(platform, comparison.CROSS_MARKET, days, column="as_of")
    quoted = known_rows(
        platform,
        table_name(currencies.QUOTED_RATES),
        first=None,
        last=days.last,
        column="reference_date",
    )
    lacking = cross_market.values_without_rate(rows, quoted)
    return Found(counts={"no_rate": lacking.height}, rows=rows.height)


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
        AFRICA, comparison.CROSS_MARKET, cross_market.CROSS_MARKET, rules.cross_market_faults
    ),
    mart_checks(
        AFRICA,
        comparison.SECTOR_WEIGHTS,
        sector_weights.SECTOR_WEIGHTS,
        rules.sector_weights_faults,
    ),
    mart_checks(AFRICA, comparison.CORRELATIONS, returns.CORRELATIONS, rules.correlations_faults),
    african_quotes_are_plausible,
    quoted_rates_are_of_their_day,
    markets_are_comparable,
]

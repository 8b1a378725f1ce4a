"""The checks of the central bank's tables; the rules are in domain/central_bank."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import polars as pl

from market_assets.defs.central_bank import agreement, indicators
from market_assets.defs.central_bank.quality import DATA_QUALITY_KEY
from market_assets.defs.central_bank.statements import DAY
from market_assets.defs.central_bank.timing import complete_at
from market_assets.defs.graph import WAREHOUSE_POOL
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.table_checks import check_result, checked_days, mart_checks
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import SessionWindow
from market_assets.domain.central_bank import currentness, rules, statements
from market_assets.domain.central_bank.indicators import INDICATORS
from market_assets.domain.central_bank.money import BANKING_METRICS
from market_assets.domain.data_quality import DATA_QUALITY, data_quality_faults

RATES = agreement.agreed_key("exchange_rates")
PLAUSIBLE = {
    "missing_day": "Business days whose rates are out by now, without a reference rate.",
    "low_confidence": "Rates of exchange whose confidence is below one half.",
    "disagreement": "Statements of page or API that are not the value that was chosen.",
}
TOLERATED = {"disagreement": 0.01}
"""The part of the rows up to which a fault is usual."""
LATE = {
    "stale": "Indicators whose next value is late.",
    "frozen": "Indicators without a new value for longer than their frequency allows.",
}


@dg.multi_asset_check(
    name="exchange_rates_are_plausible",
    specs=[
        dg.AssetCheckSpec(
            name,
            asset=RATES,
            description=text,
            additional_deps=[agreement.disagreements_key("exchange_rates")],
        )
        for name, text in PLAUSIBLE.items()
    ],
    pool=WAREHOUSE_POOL,
)
def exchange_rates_are_plausible(
    context: dg.AssetCheckExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
) -> Iterator[dg.AssetCheckResult]:
    """What a person should look at before relying on a rate."""
    days = checked_days(context, window, CENTRAL_BANK)
    rates, dissent = (
        known_rows(platform, table_name(key), first=days.first, last=days.last, column=DAY)
        for key in (RATES, agreement.disagreements_key("exchange_rates"))
    )
    stated = set(rates.filter(pl.col("kind") == "reference")[DAY])
    now = datetime.now(UTC)
    faults = {
        "missing_day": sum(day not in stated for day in days.sessions if complete_at(day) <= now),
        "low_confidence": rates.filter(pl.col("confidence") < 1 / 2).height,
        "disagreement": dissent.height,
    }
    for name, count in faults.items():
        tolerated = TOLERATED.get(name, 0.0) * rates.height
        yield check_result(RATES, name, count, passed=count <= tolerated, error=False)


@dg.multi_asset_check(
    name="indicators_are_current",
    specs=[
        dg.AssetCheckSpec(name, asset=indicators.STATUS, description=text)
        for name, text in LATE.items()
    ],
    pool=WAREHOUSE_POOL,
)
def indicators_are_current(
    context: dg.AssetCheckExecutionContext,
    platform: dg.ResourceParam[Platform],
    window: SessionWindow,
) -> Iterator[dg.AssetCheckResult]:
    """Whether the bank still says something new, as of the newest day of the run."""
    last = checked_days(context, window, CENTRAL_BANK).last
    rows = known_rows(
        platform, table_name(indicators.STATUS), first=last, last=last, column="session"
    )
    for name in LATE:
        count = rows.filter(pl.col("status") == name).height
        yield check_result(indicators.STATUS, name, count, passed=count == 0, error=False)


CHECKS = [
    mart_checks(CENTRAL_BANK, RATES, statements.EXCHANGE_RATES, rules.exchange_rates_faults),
    mart_checks(
        CENTRAL_BANK,
        agreement.agreed_key("treasury_curve"),
        statements.TREASURY_CURVE,
        rules.treasury_curve_faults,
    ),
    mart_checks(CENTRAL_BANK, indicators.INDICATORS, INDICATORS, rules.indicators_faults),
    mart_checks(
        CENTRAL_BANK,
        indicators.STATUS,
        currentness.CURRENTNESS,
        rules.currentness_faults,
    ),
    mart_checks(
        CENTRAL_BANK,
        indicators.table_key("banking_metrics"),
        BANKING_METRICS,
        rules.banking_metrics_faults,
    ),
    mart_checks(CENTRAL_BANK, DATA_QUALITY_KEY, DATA_QUALITY, data_quality_faults),
    exchange_rates_are_plausible,
    indicators_are_current,
]

"""The checks of the central bank's tables; the rules are in domain/central_bank."""

from datetime import UTC, datetime

import polars as pl

from market_assets.defs.central_bank import agreement, indicators
from market_assets.defs.central_bank.quality import DATA_QUALITY_KEY
from market_assets.defs.central_bank.statements import DAY
from market_assets.defs.central_bank.timing import complete_at
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.plausibility import Found, rows_of, warnings
from market_assets.defs.table_checks import mart_checks
from market_assets.defs.tables import known_rows, table_name
from market_assets.defs.window import Window
from market_assets.domain.central_bank import currentness, rules, statements
from market_assets.domain.central_bank.indicators import INDICATORS
from market_assets.domain.data_quality import DATA_QUALITY, data_quality_faults

RATES = agreement.agreed_key("exchange_rates")
DISSENT = agreement.disagreements_key("exchange_rates")
PLAUSIBLE = {
    "missing_day": "Business days whose rates are out by now, without a reference rate.",
    "low_confidence": "Rates of exchange whose confidence is below one half.",
    "disagreement": "Statements of page or API that are not the value that was chosen.",
    "leap": "Reference rates that moved by more than a tenth since the one before.",
}
TOLERATED = {"disagreement": 0.01}
"""The part of the rows up to which a fault is usual."""
LEAP = 0.1
LATE = {
    "stale": "Indicators whose next value is late.",
    "frozen": "Indicators without a new value for longer than their frequency allows.",
}


@warnings(CENTRAL_BANK, RATES, PLAUSIBLE, tolerated=TOLERATED, besides=[DISSENT])
def exchange_rates_are_plausible(platform: Platform, days: Window) -> Found:
    """What a person should look at before relying on a rate."""
    rates = rows_of(platform, RATES, days, column=DAY)
    stated = set(rates.filter(pl.col("kind") == "reference")[DAY])
    now = datetime.now(UTC)
    counts = {
        "missing_day": sum(day not in stated for day in days.sessions if complete_at(day) <= now),
        "low_confidence": rates.filter(pl.col("confidence") < 1 / 2).height,
        "disagreement": rows_of(platform, DISSENT, days, column=DAY).height,
        "leap": _leaps(platform, days),
    }
    return Found(counts=counts, rows=rates.height)


def _leaps(platform: Platform, days: Window) -> int:
    table, first = table_name(RATES), CENTRAL_BANK.before(days.first, 1)
    known = known_rows(platform, table, first=first, last=days.last, column=DAY)
    worth = pl.col("mid") / pl.col("unit_count")
    moved = known.filter(pl.col("kind") == "reference", pl.col("mid") > 0).sort(DAY)
    moved = moved.with_columns(factor=worth / worth.shift(1).over("currency"))
    return moved.filter((pl.col("factor") - 1).abs() > LEAP).height


@warnings(CENTRAL_BANK, indicators.STATUS, LATE)
def indicators_are_current(platform: Platform, days: Window) -> Found:
    """Whether the bank still says something new, as of the newest day of the run."""
    table = table_name(indicators.STATUS)
    rows = known_rows(platform, table, first=days.last, last=days.last)
    counts = {name: rows.filter(pl.col("status") == name).height for name in LATE}
    return Found(counts=counts, rows=rows.height)


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
    *(
        mart_checks(CENTRAL_BANK, indicators.table_key(name), schema, faults)
        for name, (_, schema, faults, _) in indicators.TABLES.items()
    ),
    mart_checks(CENTRAL_BANK, DATA_QUALITY_KEY, DATA_QUALITY, data_quality_faults),
    exchange_rates_are_plausible,
    indicators_are_current,
]

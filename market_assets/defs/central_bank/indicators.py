"""The long table of the bank's indicators, how current each is, and a table for each subject."""

from collections.abc import Callable
from datetime import date
from functools import partial

import dagster as dg
import polars as pl

from market_assets.defs.central_bank.agreement import DATED, SUBJECTS, agreed_key
from market_assets.defs.central_bank.statements import DAY, heard
from market_assets.defs.graph import table
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.tables import Written, known_rows, table_name
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.central_bank import currentness, indicators, money, rates, rules
from market_assets.sources.central_bank.catalogue import catalogue

INDICATORS = dg.AssetKey([CENTRAL_BANK.name, "indicators"])
STATUS = dg.AssetKey([CENTRAL_BANK.name, "indicator_status"])


@dg.asset(
    key=INDICATORS,
    deps=[agreed_key(subject) for subject in SUBJECTS],
    description="Every value of every indicator of the catalogue, with its unit and frequency.",
    metadata=DATED,
    **table(CENTRAL_BANK, CENTRAL_BANK.name),
)
def long_table(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """One row per indicator and reference date, of the dates that the run has heard of."""
    days = window.of(CENTRAL_BANK, context.partition_keys)
    said = [heard(platform, subject, days) for subject in SUBJECTS]
    first, last = min(part.first for part in said), max(part.last for part in said)
    rates_, curve, observed = (
        known_rows(platform, table_name(agreed_key(subject)), first=first, last=last, column=DAY)
        for subject in SUBJECTS
    )
    rows = indicators.indicators(rates_, curve, observed, catalogue=catalogue())
    return Written(rows, first=first, last=last)


@dg.asset(
    key=STATUS,
    deps=[INDICATORS],
    description="How current each indicator is on each day: current, stale or frozen.",
    **table(CENTRAL_BANK, CENTRAL_BANK.name),
)
def indicator_status(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> pl.DataFrame:
    """What is frozen is never shown as current: its ``value`` is null."""
    days = window.of(CENTRAL_BANK, context.partition_keys)
    known = _indicators(platform, last=days.last)
    return pl.concat(currentness.currentness(known, as_of=day) for day in days.sessions)


def _indicators(platform: Platform, *, last: date | None) -> pl.DataFrame:
    """All that is known of the indicators up to ``last`` (None: to the newest)."""
    return known_rows(platform, table_name(INDICATORS), first=None, last=last, column=DAY)


Table = Callable[[pl.DataFrame], pl.DataFrame]
Faults = Callable[[pl.DataFrame], dict[str, int]]
TABLES: dict[str, tuple[Table, pl.Schema, Faults, str]] = {
    "policy_rate": (
        rates.policy_rate,
        rates.POLICY_RATE,
        partial(rules.rates_faults, rates=rates.DECIDED),
        "The decisions of the bank's council: policy rate, reserve ratio and remuneration.",
    ),
    "interbank_rate": (
        rates.interbank_rate,
        rates.INTERBANK_RATE,
        partial(rules.rates_faults, rates=("rate",)),
        "The overnight interbank rate by day, with volume and outstanding amount.",
    ),
    "monia": (
        rates.monia,
        rates.MONIA,
        partial(rules.rates_faults, rates=("rate",)),
        "The Moroccan overnight index average, with its volume.",
    ),
    "lending_rates": (
        rates.lending_rates,
        rates.LENDING_RATES,
        partial(rules.rates_faults, rates=rates.OBJECTS),
        "What banks charge by object of the loan, from the quarterly survey.",
    ),
    "interventions": (
        rates.interventions,
        rates.INTERVENTIONS,
        rules.subject_faults,
        "What the bank's interventions on the money market come to, by day.",
    ),
    "reserve_assets": (
        rates.reserve_assets,
        rates.RESERVE_ASSETS,
        rules.subject_faults,
        "The bank's official reserve assets by week.",
    ),
    "monetary_aggregates": (
        money.monetary_aggregates,
        money.MONETARY_AGGREGATES,
        rules.monetary_aggregates_faults,
        "Money by month, from currency in circulation to M3.",
    ),
    "banking_metrics": (
        money.banking_metrics,
        money.BANKING_METRICS,
        rules.banking_metrics_faults,
        "Bank credit by month, by object and by sector, with non-performing loans.",
    ),
}
"""Table -> how it is made of the indicators, the schema and the rules of its rows, what it is."""


def table_key(name: str) -> dg.AssetKey:
    """The asset of one of ``TABLES``."""
    return dg.AssetKey([CENTRAL_BANK.name, name])


def _table(name: str) -> dg.AssetsDefinition:
    made, _, _, description = TABLES[name]

    @dg.asset(
        key=table_key(name),
        deps=[INDICATORS],
        description=description,
        metadata=DATED,
        **table(CENTRAL_BANK, CENTRAL_BANK.name),
    )
    def made_of_indicators(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Written:
        days = window.of(CENTRAL_BANK, context.partition_keys)
        rows = made(_indicators(platform, last=None))
        return _whole(rows, days)

    return made_of_indicators


def _whole(rows: pl.DataFrame, days: Window) -> Written:
    """``rows`` in place of the whole table: changes are told against what lies far back."""
    stated = rows[DAY]
    return Written(rows, first=min([days.first, *stated]), last=max([days.last, *stated]))


ASSETS = [long_table, indicator_status, *(_table(name) for name in TABLES)]

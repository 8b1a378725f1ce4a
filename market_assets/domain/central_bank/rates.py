"""The central bank's rates, a column for each indicator: one table per subject.

Each is made of INDICATORS. A date on which only some columns are stated has nulls in the others.
"""

import polars as pl

from market_assets.domain.central_bank.wide import PROVENANCE, wide

DECIDED = ("rate", "reserve_ratio", "reserve_remuneration")
OBJECTS = ("total", "cash", "equipment", "property", "consumer")
"""What loans are for."""
POLICY_RATE = pl.Schema(
    {
        "reference_date": pl.Date,
        **dict.fromkeys(DECIDED, pl.Float64()),
        "change": pl.Float64,
        **PROVENANCE,
    }
)
"""One row per decision of the council. ``change`` is in points of percent since the one before,
null for the first."""

INTERBANK_RATE = pl.Schema(
    {
        "reference_date": pl.Date,
        "rate": pl.Float64,
        "volume": pl.Float64,
        "outstanding": pl.Float64,
        **PROVENANCE,
    }
)
"""Every calendar day; ``volume`` is null on a day without a market, whose rate is the last one."""

MONIA = pl.Schema(
    {
        "reference_date": pl.Date,
        "publication_date": pl.Date,
        "rate": pl.Float64,
        "volume": pl.Float64,
        **PROVENANCE,
    }
)
LENDING_RATES = pl.Schema(
    {
        "reference_date": pl.Date,
        "publication_date": pl.Date,
        **dict.fromkeys(OBJECTS, pl.Float64()),
        **PROVENANCE,
    }
)
"""By the last day of the quarter; ``publication_date`` is known of the newest five editions."""

INTERVENTIONS = pl.Schema(
    {
        "reference_date": pl.Date,
        "outstanding": pl.Float64,
        **PROVENANCE,
    }
)
"""What the bank has lent or taken on the money market, on every calendar day."""

RESERVE_ASSETS = pl.Schema(
    {
        "reference_date": pl.Date,
        "assets": pl.Float64,
        **PROVENANCE,
    }
)
"""Mostly of Fridays."""

EXACT = 6
"""Decimals. A difference of two rates that are printed with three."""


def policy_rate(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema POLICY_RATE."""
    change = pl.col("rate").diff().round(EXACT)
    decisions = wide(indicators, "policy", DECIDED)
    return decisions.with_columns(change=change).select(POLICY_RATE.names())


def interbank_rate(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema INTERBANK_RATE."""
    days = wide(indicators, "interbank", ("rate", "volume", "outstanding"))
    return days.select(INTERBANK_RATE.names())


def monia(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema MONIA."""
    return wide(indicators, "monia", ("rate", "volume")).select(MONIA.names())


def lending_rates(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema LENDING_RATES."""
    return wide(indicators, "lending", OBJECTS).select(LENDING_RATES.names())


def interventions(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema INTERVENTIONS."""
    return wide(indicators, "interventions", ("outstanding",)).select(INTERVENTIONS.names())


def reserve_assets(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema RESERVE_ASSETS."""
    return wide(indicators, "reserves", ("assets",)).select(RESERVE_ASSETS.names())

"""The central bank's rates, a column for each indicator: one table per subject.

Each is made of INDICATORS. A date on which only some columns are stated has nulls in the others.
"""

import polars as pl

from market_assets.domain.central_bank.wide import PROVENANCE, wide

POLICY_RATE = pl.Schema(
    {
        "reference_date": pl.Date,
        "rate": pl.Float64,
        "reserve_ratio": pl.Float64,
        "reserve_remuneration": pl.Float64,
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
        "total": pl.Float64,
        "cash": pl.Float64,
        "equipment": pl.Float64,
        "property": pl.Float64,
        "consumer": pl.Float64,
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
    decisions = wide(indicators, "policy", ("rate", "reserve_ratio", "reserve_remuneration"))
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
    objects = ("total", "cash", "equipment", "property", "consumer")
    return wide(indicators, "lending", objects).select(LENDING_RATES.names())


def interventions(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema INTERVENTIONS."""
    return wide(indicators, "interventions", ("outstanding",)).select(INTERVENTIONS.names())


def reserve_assets(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema RESERVE_ASSETS."""
    return wide(indicators, "reserves", ("assets",)).select(RESERVE_ASSETS.names())

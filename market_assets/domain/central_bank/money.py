"""Money and credit by month, from INDICATORS: aggregates, and what banks lend to whom for what.

All amounts are outstanding at the end of the month, in dirhams.
"""

import polars as pl

from market_assets.domain.central_bank.wide import PROVENANCE, wide

AGGREGATES = (
    *("currency", "demand_deposits", "m1", "sight_savings", "m2", "other_assets"),
    *("term_deposits", "money_market_funds", "foreign_currency_deposits", "repos"),
    *("certificates_of_deposit", "treasury_term_deposits", "other_deposits", "m3"),
)
MONETARY_AGGREGATES = pl.Schema(
    {
        "reference_date": pl.Date,
        **dict.fromkeys(AGGREGATES, pl.Float64()),
        **PROVENANCE,
    }
)
BANKING_METRICS = pl.Schema(
    {
        "reference_date": pl.Date,
        "dimension": pl.String,
        "indicator_id": pl.String,
        "name": pl.String,
        "value": pl.Float64,
        "share": pl.Float64,
        "yearly_change": pl.Float64,
        **PROVENANCE,
    }
)
"""``dimension`` is total, object or sector. ``share`` is a fraction of all bank credit of the month
(that of non-performing loans is their ratio), ``yearly_change`` the relative change since the same
month a year before; null where one of the two is not stated or the older is 0. Objects and sectors
have parts within them, so that shares add up to more than 1."""

TOTAL = "credit.total"


def monetary_aggregates(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema MONETARY_AGGREGATES."""
    return wide(indicators, "money", AGGREGATES).select(MONETARY_AGGREGATES.names())


def banking_metrics(indicators: pl.DataFrame) -> pl.DataFrame:
    """In the schema BANKING_METRICS, by month and indicator."""
    credit = indicators.filter(pl.col("indicator_id").str.starts_with("credit."))
    total = credit.filter(pl.col("indicator_id") == TOTAL).select("reference_date", total="value")
    a_year_on = pl.col("reference_date").dt.offset_by("1y").dt.month_end()
    before = credit.select("indicator_id", a_year_on, before="value")
    value, base = pl.col("value"), pl.col("before")
    return (
        credit.join(total, on="reference_date", how="left")
        .join(before, on=["indicator_id", "reference_date"], how="left")
        .with_columns(
            dimension=pl.col("indicator_id").str.split(".").list.get(1),
            share=pl.when(pl.col("total") != 0).then(value / pl.col("total")),
            yearly_change=pl.when(base != 0).then(value / base - 1),
        )
        .select(BANKING_METRICS.names())
        .sort("reference_date", "indicator_id")
    )

"""What the sources state of rates, curve and observations, each brought to one row per thing.

``sources`` has the schema SOURCES of ``domain.support``; its ``group`` is the channel (page, file
or API). Statements of a source that is not in it do not count.
"""

import polars as pl

from market_assets.domain.central_bank.agreement import PAGE, STAMPS, UNDATED, Agreed, agreed

BANKNOTE = "banknote"
HALF_A_DIGIT = {"mid": 5e-5, "bid": 5e-5, "ask": 5e-5}
"""Rates of exchange are printed with four decimals at most."""
CURVE = {"rate": 5e-4, "volume": 5_000.0}
"""The page prints rates with three decimals and amounts to a hundredth of a million."""
EXACT = {"value": 0.0}

EXCHANGE_RATES = pl.Schema(
    {
        "currency": pl.String,
        "unit_count": pl.Int32,
        "reference_date": pl.Date,
        "mid": pl.Float64,
        "bid": pl.Float64,
        "ask": pl.Float64,
        "kind": pl.String,
        **STAMPS,
    }
)
"""Dirhams for ``unit_count`` of ``currency``, one row per currency, day and kind."""

TREASURY_CURVE = pl.Schema(
    {
        "reference_date": pl.Date,
        "maturity_date": pl.Date,
        "rate": pl.Float64,
        "volume": pl.Float64,
        **STAMPS,
    }
)
OBSERVED = pl.Schema(
    {
        "indicator_id": pl.String,
        "reference_date": pl.Date,
        "value": pl.Float64,
        "publication_date": pl.Date,
        **STAMPS,
    }
)
"""``publication_date`` is null where no statement has one."""


def exchange_rates(statements: pl.DataFrame, *, sources: pl.DataFrame) -> Agreed:
    """The rate of each currency, day and kind, in the schema EXCHANGE_RATES.

    Where two statements are for different counts of a currency, all are brought to the largest.
    The page of banknotes states no day but the one in its form, so it counts as undated.
    """
    row = ["currency", "reference_date", "kind"]
    count = pl.col("unit_count").max().over(row)
    undated = (pl.col("kind") == BANKNOTE) & (pl.col("group") == PAGE)
    said = statements.join(sources, on="source").with_columns(
        *(
            pl.when(count == pl.col("unit_count"))
            .then(side)
            .otherwise(pl.col(side) * count / pl.col("unit_count"))
            .alias(side)
            for side in HALF_A_DIGIT
        ),
        count.alias("unit_count"),
        pl.when(undated)
        .then(pl.min_horizontal("weight", UNDATED))
        .otherwise("weight")
        .alias("weight"),
    )
    found = agreed(said, row=row, tolerance=HALF_A_DIGIT, also=["unit_count"])
    return Agreed(
        table=found.table.select(EXCHANGE_RATES.names()), disagreements=found.disagreements
    )


def treasury_curve(statements: pl.DataFrame, *, sources: pl.DataFrame) -> Agreed:
    """The points of each day's curve, in the schema TREASURY_CURVE."""
    said = statements.join(sources, on="source")
    return agreed(said, row=["reference_date", "maturity_date"], tolerance=CURVE, also=[])


def observations(statements: pl.DataFrame, *, sources: pl.DataFrame) -> Agreed:
    """The value of each indicator on each date, in the schema OBSERVED."""
    said = statements.join(sources, on="source")
    row = ["indicator_id", "reference_date"]
    return agreed(said, row=row, tolerance=EXACT, also=["publication_date"])

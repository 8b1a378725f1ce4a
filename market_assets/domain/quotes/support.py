"""How far the sources support a value that they state; what follows is ``reconcile``'s rule."""

import polars as pl

from market_assets.domain.quotes.screening import TURNOVER_ROUNDING

ROW = ["ticker", "session"]
TOLERANCE = {"close": 0.005, "volume": 0.0, "turnover": TURNOVER_ROUNDING}
"""How far two statements may differ and still agree: half a cent, no share, half a dirham."""


def weighed(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """Each statement of ``field`` in ``rows`` with its ``support`` and ``<field>_confidence``.

    ``rows`` need ticker, session, source, group, weight, rank and the field.
    """
    stated = rows.filter(pl.col(field).is_not_null()).select(
        *ROW, "source", "group", "weight", "rank", pl.col(field).cast(pl.Float64)
    )
    pairs = stated.join(stated.select(*ROW, "group", "weight", field), on=ROW, suffix="_other")
    agrees = (pl.col(field) - pl.col(f"{field}_other")).abs() <= TOLERANCE[field]
    statement = [*ROW, "rank", "source", field]
    groups = pairs.group_by(*statement, "group_other").agg(
        pro=pl.col("weight_other").filter(agrees).max().fill_null(0.0),
        contra=pl.when(agrees.any()).then(0.0).otherwise(pl.col("weight_other").max()),
    )
    contest = pl.col("contra").sum() / (pl.col("pro").sum() + pl.col("contra").sum())
    # The same product taken in another order may differ in the last bit: rounded to compare.
    support = (1 - (1 - pl.col("pro")).product()).round(9)
    return groups.group_by(statement).agg(
        support.alias("support"), (support * (1 - contest / 2)).alias(f"{field}_confidence")
    )


def best_supported(statements: pl.DataFrame, field: str) -> pl.DataFrame:
    """Per line and session the value with the most support, and its confidence."""
    return (
        statements.sort("support", "rank", "source", descending=[True, False, False])
        .group_by(ROW, maintain_order=True)
        .first()
        .select(*ROW, pl.col(field).alias(f"chosen_{field}"), f"{field}_confidence")
    )


def agrees_with(field: str, other: str) -> pl.Expr:
    """Whether ``field`` is what the column ``other`` says, as far as such a number is exact."""
    distance = (pl.col(field) - pl.col(other)).abs()
    return (distance <= TOLERANCE[field]).fill_null(value=False)

"""How far independent sources support a value they state; what follows is each table's rule."""

from collections.abc import Sequence

import polars as pl

SOURCES = pl.Schema(
    {"source": pl.String, "group": pl.String, "weight": pl.Float64, "rank": pl.Int32}
)
"""Who states something: those of one group count once, a lower ``rank`` is better."""


def weighed(
    rows: pl.DataFrame, field: str, *, row: Sequence[str], tolerance: float
) -> pl.DataFrame:
    """Each statement of ``field`` in ``rows`` with its ``support`` and ``<field>_confidence``.

    Two statements of one ``row`` (the columns that name it) agree where they are at most
    ``tolerance`` apart. ``rows`` need those columns, source, group, weight, rank and the field.
    """
    stated = rows.filter(pl.col(field).is_not_null()).select(
        *row, "source", "group", "weight", "rank", pl.col(field).cast(pl.Float64)
    )
    pairs = stated.join(stated.select(*row, "group", "weight", field), on=row, suffix="_other")
    agrees = (pl.col(field) - pl.col(f"{field}_other")).abs() <= tolerance
    statement = [*row, "rank", "source", field]
    groups = pairs.group_by(*statement, "group_other").agg(
        pro=pl.col("weight_other").filter(agrees).max().fill_null(0.0),
        contra=pl.when(agrees.any()).then(0.0).otherwise(pl.col("weight_other").max()),
    )
    contest = pl.col("contra").sum() / (pl.col("pro").sum() + pl.col("contra").sum())
    # The same product or sum taken in another order may differ in the last bit: rounded to compare.
    support = (1 - (1 - pl.col("pro")).product()).round(9)
    confidence = (support * (1 - contest / 2)).round(9)
    return groups.group_by(statement).agg(
        support.alias("support"), confidence.alias(f"{field}_confidence")
    )


def best_supported(statements: pl.DataFrame, field: str, *, row: Sequence[str]) -> pl.DataFrame:
    """Per ``row`` the value with the most support, and its confidence."""
    return (
        statements.sort("support", "rank", "source", descending=[True, False, False])
        .group_by(row, maintain_order=True)
        .first()
        .select(*row, pl.col(field).alias(f"chosen_{field}"), f"{field}_confidence")
    )


def agrees_with(field: str, other: str, *, tolerance: float) -> pl.Expr:
    """Whether ``field`` is what the column ``other`` says, as far as such a number is exact."""
    return ((pl.col(field) - pl.col(other)).abs() <= tolerance).fill_null(value=False)

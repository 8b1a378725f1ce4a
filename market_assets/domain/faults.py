"""How many rows break a rule."""

import polars as pl


def counted(rows: pl.DataFrame, **faults: pl.Expr) -> dict[str, int]:
    """How many of ``rows`` each expression is true of."""
    return rows.select(broken.sum().alias(name) for name, broken in faults.items()).row(
        0, named=True
    )

"""How many holdings rose and fell in each session; names none of them."""

import polars as pl

BREADTH = pl.Schema(
    {
        "session": pl.Date,
        "rising": pl.Int64,
        "falling": pl.Int64,
        "unchanged": pl.Int64,
        "new": pl.Int64,
        "exited": pl.Int64,
        "suspect": pl.Int64,
        "base_missing": pl.Int64,
        "total_shares": pl.Int64,
    }
)
"""``suspect`` are splits, changes of code and recycled codes, which neither rise nor fall.
``total_shares`` adds up shares of unlike worth: it tells a page that is not whole, not what is
invested."""


def breadth(deltas: pl.DataFrame) -> pl.DataFrame:
    """The counts over one session, from HOLDING_DELTAS, in the schema BREADTH, by session."""
    status, change = pl.col("status"), pl.col("change_shares")
    ok = status == "ok"
    counts = {
        "rising": ok & (change > 0),
        "falling": ok & (change < 0),
        "unchanged": ok & (change == 0),
        "new": status == "new",
        "exited": status == "exited",
        "suspect": status.str.ends_with("_suspect"),
        "base_missing": status == "base_missing",
    }
    return (
        deltas.filter(pl.col("horizon") == 1)
        .group_by("session")
        .agg(
            *(rows.sum().cast(pl.Int64).alias(name) for name, rows in counts.items()),
            total_shares=pl.col("shares").sum(),
        )
        .select(BREADTH.names())
        .sort("session")
    )

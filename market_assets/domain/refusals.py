"""What was put aside and which kind of fault it is; the reason in words is for people only."""

from typing import Literal, TypeAlias

import polars as pl

Kind: TypeAlias = Literal[
    "page",
    "lag",
    "stale",
    "row",
    "unknown_line",
    "before_close",
    "not_a_session",
    "same_bytes",
    "conflicting_rows",
    "duplicate_row",
    "impossible_price",
    "ghost_session",
    "unit_rule",
    "other_currency",
    "held_back",
    "nothing_stated",
]
"""Whoever refuses says which it is.

- Of a page: ``page`` cannot be used at all; ``lag`` shows an earlier session than was asked for.
- Of a row, by a parser: ``stale`` keeps the price of an earlier session, as a line without a trade
  does on some pages, which is no fault; ``row`` cannot be read.
- Of a row, by a rule: the others, as ``screening`` explains them. Of these a parser too knows
  ``unknown_line`` and ``before_close``.
"""

REFUSED = pl.Schema(
    {
        "source": pl.String,
        "session": pl.Date,
        "ticker": pl.String,
        "capture_id": pl.String,
        "kind": pl.String,
        "reason": pl.String,
        "text": pl.String,
    }
)
QUOTED = "'[^']*'"
"""The text of a page in a reason."""


def reasons(refused: pl.DataFrame, *key: str) -> pl.DataFrame:
    """For each ``key`` the ``reasons`` with their number, most frequent first, and all rows.

    Reasons that differ only in the text they quote are told once, by one of them. Columns: the key,
    reasons, put_aside.
    """
    return (
        refused.group_by(*key, pl.col("reason").str.replace_all(QUOTED, "").alias("alike"))
        .agg(rows=pl.len(), one=pl.col("reason").min(), texts=pl.col("reason").n_unique())
        .sort("rows", "one", descending=[True, False])
        .with_columns(like=pl.when(pl.col("texts") > 1).then(pl.lit(", and the like")))
        .group_by(key, maintain_order=True)
        .agg(
            reasons=pl.format("{} x {}{}", "rows", "one", pl.col("like").fill_null("")).str.join(
                "; "
            ),
            put_aside=pl.col("rows").sum().cast(pl.Int64),
        )
    )

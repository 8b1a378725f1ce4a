"""The stocks that are newly held, first entries apart from returns; not the newly eligible.

Computed from the rows of a window and what was seen before it, so history need not be read again.
"""

import polars as pl

from market_assets.domain.holdings.code_changes import TEMPORARY

NEW_HOLDINGS = pl.Schema(
    {
        "session": pl.Date,
        "code": pl.String,
        "name": pl.String,
        "shares": pl.Int64,
        "percent": pl.Float64,
        "entry": pl.String,
        "first_seen": pl.Date,
        "previous_last_seen": pl.Date,
    }
)
"""``entry`` is first, or re_entry of a code that was last held on ``previous_last_seen``."""

SEEN = pl.Schema({"code": pl.String, "first_seen": pl.Date, "last_seen": pl.Date})
"""The first and the last session that has a row of the code."""


def seen(holdings: pl.DataFrame) -> pl.DataFrame:
    """When each code of ``holdings`` (code, session, shares) was first and last held."""
    return (
        holdings.filter(pl.col("shares").is_not_null())
        .group_by("code")
        .agg(first_seen=pl.col("session").min(), last_seen=pl.col("session").max())
        .sort("code")
    )


def new_holdings(
    holdings: pl.DataFrame, *, before: pl.DataFrame, changes: pl.DataFrame
) -> pl.DataFrame:
    """The entries into ``holdings`` in the schema NEW_HOLDINGS, by session and code.

    ``holdings`` (code, name, session, shares, percent) are all rows of a window of sessions,
    ``before`` what was seen earlier (SEEN; empty where the window is all there is), ``changes``
    the pairs of CODE_CHANGES: a holding that goes on under another code is not new, and neither is
    a temporary code. A code enters where the last session for which anybody has a row has none
    of it. Nothing is new in the very first session of all.
    """
    rows = holdings.filter(pl.col("shares").is_not_null()).sort("code", "session")
    earlier = before.select("code", "first_seen", "last_seen")
    days = pl.concat([rows["session"], earlier["last_seen"]]).unique().sort()
    order = pl.DataFrame({"session": days, "session_before": days.shift()})
    last = pl.col("session").shift().over("code")
    first = pl.col("session").min().over("code")
    return (
        rows.join(order, on="session", maintain_order="left")
        .join(earlier, on="code", how="left", maintain_order="left")
        .with_columns(
            previous_last_seen=pl.coalesce(last, "last_seen"),
            first_seen=pl.coalesce("first_seen", first),
        )
        .filter(
            pl.col("session_before").is_not_null(),
            pl.col("previous_last_seen").ne_missing(pl.col("session_before")),
            ~pl.col("code").str.contains(TEMPORARY),
        )
        .join(changes.select("session", code="entered"), on=["session", "code"], how="anti")
        .with_columns(
            entry=pl.when(pl.col("previous_last_seen").is_null())
            .then(pl.lit("first"))
            .otherwise(pl.lit("re_entry"))
        )
        .select(NEW_HOLDINGS.names())
        .sort("session", "code")
    )

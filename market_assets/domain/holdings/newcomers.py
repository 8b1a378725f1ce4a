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
        "status": pl.String,
        "replaces": pl.String,
        "first_seen": pl.Date,
        "previous_last_seen": pl.Date,
    }
)
"""``entry`` is first, or re_entry of a code that was last held on ``previous_last_seen``.
``status`` is new, or code_change_suspect where the holding seems to go on from another code:
``replaces``, several joined by ``+``, null where only the code (029xx) says so."""

SEEN = pl.Schema({"code": pl.String, "first": pl.Date, "last": pl.Date})
"""The first and the last session at which the code was held."""


def new_holdings(
    holdings: pl.DataFrame, *, before: pl.DataFrame, changes: pl.DataFrame
) -> pl.DataFrame:
    """The entries into ``holdings`` in the schema NEW_HOLDINGS, by session and code.

    ``holdings`` (code, name, session, shares, percent) are all rows of a window of sessions,
    ``before`` what was seen earlier (SEEN; empty where the window is all there is), ``changes``
    the pairs of CODE_CHANGES. 0 shares are not held; a row without shares is, for a channel lists
    it and only the total is unknown. A code enters where it was not held on the last session that
    has a total of any code (at the first session of the window, on the last one of ``before``),
    and nothing is new in the very first one of all.
    """
    days = pl.concat([holdings.filter(pl.col("shares").is_not_null())["session"], before["last"]])
    days = days.unique().sort()
    order = pl.DataFrame({"session": days, "session_before": days.shift()})
    replaced = changes.group_by("session", code="entered").agg(
        replaces=pl.col("vanished").sort().str.join("+")
    )
    first, last = pl.col("session").min(), pl.col("session").shift()
    suspect = pl.col("replaces").is_not_null() | pl.col("code").str.contains(TEMPORARY)
    return (
        holdings.filter(pl.col("shares").ne_missing(0))
        .sort("code", "session")
        .join(order, on="session", maintain_order="left")
        .join(before, on="code", how="left", maintain_order="left")
        .with_columns(
            first_seen=pl.coalesce("first", first.over("code")),
            previous_last_seen=pl.coalesce(last.over("code"), "last"),
        )
        .filter(
            pl.col("session_before").is_not_null(),
            pl.col("previous_last_seen").ne_missing(pl.col("session_before")),
        )
        .join(replaced, on=["session", "code"], how="left")
        .with_columns(
            entry=pl.when(pl.col("previous_last_seen").is_null())
            .then(pl.lit("first"))
            .otherwise(pl.lit("re_entry")),
            status=pl.when(suspect).then(pl.lit("code_change_suspect")).otherwise(pl.lit("new")),
        )
        .select(NEW_HOLDINGS.names())
        .sort("session", "code")
    )

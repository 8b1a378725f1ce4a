"""The stocks that are newly held, first entries apart from returns; not the newly eligible.

Computed from the rows of a window and what was seen before it, so history need not be read again.
"""

import polars as pl

from market_assets.domain.holdings.code_changes import TEMPORARY
from market_assets.domain.holdings.recycling import another_company

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
        "previous_name": pl.String,
    }
)
"""``entry`` is first, or re_entry of a code that was last held on ``previous_last_seen``, under
``previous_name``. ``status`` is new; or code_change_suspect where the holding seems to go on from
another code: ``replaces``, several joined by ``+``, null where only the code (029xx) says so; or
recycled_code_suspect where the code seems to be another company's now (``recycling``), whose entry
is a first one and whose ``first_seen`` is that session."""

SEEN = pl.Schema(
    {
        "code": pl.String,
        "first": pl.Date,
        "last": pl.Date,
        "last_name": pl.String,
        "last_source": pl.String,
    }
)
"""The first and the last session at which the code was held, and what the last one says."""


def seen(spans: pl.DataFrame, *, entries: pl.DataFrame) -> pl.DataFrame:
    """``spans`` (SEEN) of codes, each from the first session of the company that has it now on.

    ``entries`` (code, session, entry, previous_last_seen) are the NEW_HOLDINGS of the same time.
    """
    another = (pl.col("entry") == "first") & pl.col("previous_last_seen").is_not_null()
    begun = entries.filter(another).group_by("code")
    return (
        spans.join(begun.agg(begun=pl.col("session").max()), on="code", how="left")
        .with_columns(first=pl.coalesce("begun", "first"))
        .select(SEEN.names())
    )


def new_holdings(
    holdings: pl.DataFrame, *, before: pl.DataFrame, changes: pl.DataFrame
) -> pl.DataFrame:
    """The entries into ``holdings`` in the schema NEW_HOLDINGS, by session and code.

    ``holdings`` (code, name, session, shares, percent, source) are all rows of a window of
    sessions, ``before`` what was seen earlier (SEEN; empty where the window is all there is),
    ``changes`` the pairs of CODE_CHANGES. 0 shares are not held; a row without shares is, for a
    channel lists it and only the total is unknown. A code enters where it was not held on the last
    session that has a total of any code (at the first session of the window, on the last one of
    ``before``), and nothing is new in the very first one of all.
    """
    days = pl.concat([holdings.filter(pl.col("shares").is_not_null())["session"], before["last"]])
    days = days.unique().sort()
    order = pl.DataFrame({"session": days, "session_before": days.shift()})
    replaced = changes.group_by("session", code="entered").agg(
        replaces=pl.col("vanished").sort().str.join("+")
    )
    first, temporary = pl.col("session").min(), pl.col("code").str.contains(TEMPORARY)
    earlier = {
        name: pl.coalesce(pl.col(column).shift().over("code"), before_it)
        for name, column, before_it in (
            ("previous_last_seen", "session", "last"),
            ("previous_name", "name", "last_name"),
            ("previous_source", "source", "last_source"),
        )
    }
    compared = (pl.col(c) for c in ("name", "source", "previous_name", "previous_source"))
    other = another_company(*compared) & (temporary | pl.col("replaces").is_null())
    return (
        holdings.filter(pl.col("shares").ne_missing(0))
        .sort("code", "session")
        .join(order, on="session", maintain_order="left")
        .join(before, on="code", how="left", maintain_order="left")
        .with_columns(
            first_seen=pl.coalesce("first", first.over("code")),
            **earlier,
        )
        .filter(
            pl.col("session_before").is_not_null(),
            pl.col("previous_last_seen").ne_missing(pl.col("session_before")),
        )
        .join(replaced, on=["session", "code"], how="left", maintain_order="left")
        .with_columns(begun=pl.when(other).then("session"))
        .with_columns(
            entry=pl.when(pl.col("previous_last_seen").is_null() | pl.col("begun").is_not_null())
            .then(pl.lit("first"))
            .otherwise(pl.lit("re_entry")),
            status=pl.when(temporary | pl.col("replaces").is_not_null())
            .then(pl.lit("code_change_suspect"))
            .when(pl.col("begun").is_not_null())
            .then(pl.lit("recycled_code_suspect"))
            .otherwise(pl.lit("new")),
            first_seen=pl.coalesce(pl.col("begun").forward_fill().over("code"), "first_seen"),
        )
        .select(NEW_HOLDINGS.names())
        .sort("session", "code")
    )

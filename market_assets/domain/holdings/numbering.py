"""Holdings in order of code and session, each row under one ascending integer; changes no figure.

The key is ``line * 2**16 + number``: ``line`` counts the codes, ``number`` the sessions of the
market's list, so that a base ``h`` sessions back is the last key up to ``key - h``, found without
looking at codes, and belongs to the same code where it is not below ``key - number``.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

REACH = 5
"""Sessions beyond its horizon that a base may lie back: a week in which one code had no row."""

LINE = 2**16
"""More sessions than any list has: 2**16 are 260 years."""


def numbered(holdings: pl.DataFrame, sessions: Sequence[date]) -> pl.DataFrame:
    """The rows of ``holdings`` that state shares, ascending by ``key``.

    ``holdings`` need code, name, session, shares, percent and source, at most one row for a code
    and session; ``number`` and ``key`` are added. Raises ValueError where there are more, and for
    a day that is not in ``sessions``.
    """
    rows = holdings.select("code", "name", "session", "shares", "percent", "source")
    if rows["shares"].null_count():
        rows = rows.filter(pl.col("shares").is_not_null())
    days = pl.Series(sorted(set(sessions)), dtype=pl.Date).cast(pl.Int32)
    rows = rows.with_columns(number=_numbers(rows["session"], days))
    key = pl.col("code").rle_id().cast(pl.Int64) * LINE + pl.col("number")
    begins = pl.col("code").ne_missing(pl.col("code").shift())
    ascends = pl.col("number") > pl.col("number").shift()
    codes_ascend = pl.col("code").filter(begins).is_sorted()
    if not rows.select((begins | ascends).all(ignore_nulls=False) & codes_ascend).item():
        rows = rows.sort("code", "number")
    rows = rows.with_columns(key=key)
    twice = rows["key"].diff().eq(0)
    if twice.any():
        row = rows.filter(twice.fill_null(value=False)).row(0, named=True)
        raise ValueError(f"two rows of {row['code']} on {row['session']}")
    return rows.with_columns(pl.col("key").set_sorted())


def _numbers(session: pl.Series, days: pl.Series) -> pl.Series:
    """The place of each of ``session`` among ``days`` (ascending, in days since 1970)."""
    first, last = (days[0], days[-1]) if days.len() else (0, 0)
    table = pl.Series([None] * (last - first + 1), dtype=pl.Int32)
    table = table.scatter(days - first, pl.int_range(days.len(), dtype=pl.Int32, eager=True))
    place = session.cast(pl.Int32) - first
    inside = place.is_between(0, table.len() - 1)
    number = table.gather(place.zip_with(inside, pl.Series([None], dtype=pl.Int32)))
    if number.null_count():
        raise ValueError(f"not a session: {session.filter(number.is_null()).min()}")
    return number


def published(rows: pl.DataFrame, sessions: Sequence[date]) -> pl.Series:
    """Of each session's number whether any of ``rows`` (numbered) is of it."""
    known = pl.repeat(value=False, n=len(set(sessions)), eager=True)
    return known.scatter(rows["number"], values=True)

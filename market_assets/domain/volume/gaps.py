"""Sessions that the calendar has and the rows have not: what no window may step over."""

from collections.abc import Sequence
from datetime import date

import polars as pl


def with_missing_sessions(quotes: pl.DataFrame, sessions: Sequence[date]) -> pl.DataFrame:
    """``quotes`` with a row of nulls wherever a line has none for one of ``sessions``.

    ``sessions`` are the calendar's; only those between a line's first and last row are filled.
    What happened there is not known, so no window may step over it.
    """
    spans = quotes.group_by("ticker").agg(
        first=pl.col("session").min(), last=pl.col("session").max()
    )
    due = spans.join(pl.DataFrame({"session": sessions}, schema={"session": pl.Date}), how="cross")
    missing = due.filter(pl.col("session").is_between("first", "last")).join(
        quotes, on=["ticker", "session"], how="anti"
    )
    return pl.concat([quotes, missing.select("ticker", "session")], how="diagonal")


def stretches(quotes: pl.DataFrame, sessions: Sequence[date]) -> pl.DataFrame:
    """The sessions that ``quotes`` has a row of, whichever its line, each with its ``stretch``.

    ``sessions`` are the calendar's. Two of them are in the same stretch where no session between
    them is missing for the whole market; one that the calendar does not have is in none.
    """
    calendar = pl.DataFrame({"session": sorted(sessions)}, schema={"session": pl.Date})
    missing = ~pl.col("session").is_in(quotes["session"].unique().to_list())
    return calendar.with_columns(stretch=missing.cum_sum()).filter(~missing)

"""How current each indicator is: whether the bank still says something new, as it used to.

Judged by the dates that the bank states. That a page was fetched today makes nothing on it current.
"""

from datetime import date
from typing import NamedTuple

import polars as pl


class Rhythm(NamedTuple):
    """Days from a newest reference date on which the next one is late, and counts as given up."""

    stale_after: int
    frozen_after: int


RHYTHMS = {
    "business_day": Rhythm(10, 60),
    "day": Rhythm(10, 60),
    "week": Rhythm(25, 100),
    "month": Rhythm(100, 200),
    "quarter": Rhythm(150, 400),
    "decision": Rhythm(110, 400),
}
"""By frequency, the longest that a newest date is old in good order, and some more.

- A day: published the next business morning; a feast and two weekends take nine days.
- A week: reserves of a Friday are told the Friday after, so that the newest is up to 14 days old,
  and some more over feasts.
- A month: out some weeks later (May's is known by the middle of July), so that the newest is up to
  75 days old.
- A quarter: out 38 days later (8 May for March), so that the newest is up to 130 days old.
- A decision: the council meets four times a year, at most 98 days apart.

What has missed several of its periods is frozen: the bank has pages without a new date for years.
"""

STATUSES = ("current", "stale", "frozen")
CURRENTNESS = pl.Schema(
    {
        "session": pl.Date,
        "indicator_id": pl.String,
        "name": pl.String,
        "unit": pl.String,
        "frequency": pl.String,
        "reference_date": pl.Date,
        "age_days": pl.Int64,
        "status": pl.String,
        "value": pl.Float64,
        "last_value": pl.Float64,
        "confidence": pl.Float64,
        "source": pl.String,
        "capture_id": pl.String,
    }
)


def currentness(indicators: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The newest value of each indicator of INDICATORS and its status on the day ``as_of``.

    That day is the ``session`` of every row.

    - ``current``: its reference date is at most ``stale_after`` days old;
    - ``stale``: a newer one is late, by at most what makes it
    - ``frozen``: more than ``frozen_after`` days old. Nothing newer has come for longer than its
      frequency allows, many times over.

    ``value`` is null unless the status is current: a frozen page is never shown as today's.
    ``last_value`` is what was stated last. Rows of days after ``as_of``, and those published after
    it, do not count. Where no day of publication is known a row counts from its reference date on,
    so a month counts before it can have been told. A frequency that has no rhythm raises.
    """
    rhythm = [{"frequency": name, **rhythm._asdict()} for name, rhythm in RHYTHMS.items()]
    age = (pl.lit(as_of) - pl.col("reference_date")).dt.total_days()
    published = (pl.col("publication_date") <= as_of).fill_null(value=True)
    newest = (
        indicators.filter(pl.col("reference_date") <= as_of, published)
        .sort("indicator_id", "reference_date")
        .unique("indicator_id", keep="last", maintain_order=True)
    )
    known = newest["frequency"].is_in(list(RHYTHMS))
    if not known.all():
        raise ValueError(f"no rhythm is known of {sorted(set(newest.filter(~known)['frequency']))}")
    return (
        newest.join(pl.DataFrame(rhythm), on="frequency", maintain_order="left")
        .with_columns(session=pl.lit(as_of), age_days=age, last_value="value")
        .with_columns(status=_status())
        .with_columns(value=pl.when(pl.col("status") == "current").then("value"))
        .select(CURRENTNESS.names())
    )


def _status() -> pl.Expr:
    age = pl.col("age_days")
    current, stale, frozen = (pl.lit(name) for name in STATUSES)
    return (
        pl.when(age <= pl.col("stale_after"))
        .then(current)
        .when(age <= pl.col("frozen_after"))
        .then(stale)
        .otherwise(frozen)
    )

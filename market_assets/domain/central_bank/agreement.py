"""One row from what a bank's page, file and API state of the same thing, with a confidence.

The rule is that of quotes and holdings (``domain.support``): a value's support is
``1 - product(1 - weight)`` over the channels that state it, the one with the most support is
chosen, the better-ranked channel deciding between equals, and a channel that states something else
takes from the confidence. An official figure that states its day weighs ``OFFICIAL``, one whose
day is only that of the form above it ``UNDATED``.

Within a channel the newest capture speaks: what it states anew replaces what was stated before,
what it repeats is known since the capture that first said it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from market_assets.domain.news import newest_said
from market_assets.domain.support import agrees_with, best_supported, weighed

OFFICIAL, UNDATED = 0.9, 0.6
API, PAGE, FILE = "api", "page", "file"

STAMPS = {
    "confidence": pl.Float64,
    "source": pl.String,
    "sources": pl.String,
    "capture_id": pl.String,
    "known_at": pl.Datetime("us", "UTC"),
}
"""``source``, ``capture_id`` and ``known_at`` are those of the best-ranked statement that says
nothing but what was chosen (of the best-ranked of all where each differs somewhere); ``sources``
are all such, joined by ``+``. ``confidence`` is that of the least certain field that is stated."""


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """``table``: one row per thing; ``disagreements``: the statements that were not chosen.

    A disagreement has the columns that name the thing, then field, source, value, chosen,
    difference (relative to the chosen one, null where that is 0) and capture_id.
    """

    table: pl.DataFrame
    disagreements: pl.DataFrame


def agreed(
    statements: pl.DataFrame,
    *,
    row: Sequence[str],
    tolerance: Mapping[str, float],
    also: Sequence[str],
) -> Agreed:
    """The one row for each value of the columns ``row``, sorted by them.

    ``tolerance``: the fields to agree on, and how far two statements of one may differ. ``also``:
    what is taken over from the best-ranked statement that says something of it. ``statements``
    need those columns, source, group, weight, rank, capture_id and known_at.
    """
    said = _newest(statements, row, fields=[*tolerance, *also])
    chosen = said.select(row).unique(maintain_order=True)
    for field, apart in tolerance.items():
        best = best_supported(weighed(said, field, row=row, tolerance=apart), field, row=row)
        chosen = chosen.join(best, on=row, how="left", maintain_order="left")
    rows = said.join(chosen, on=row, maintain_order="left")
    says_other = {
        field: pl.col(field).is_not_null() & ~agrees_with(field, f"chosen_{field}", tolerance=apart)
        for field, apart in tolerance.items()
    }
    rows = rows.with_columns(agrees=~pl.any_horizontal(*says_other.values()))
    lead = (
        pl.coalesce(pl.col(name).filter("agrees").first(), pl.col(name).first()).alias(name)
        for name in ("source", "capture_id", "known_at")
    )
    table = (
        rows.group_by(row, maintain_order=True)
        .agg(
            *(pl.col(f"chosen_{field}").first().alias(field) for field in tolerance),
            *(pl.col(name).drop_nulls().first() for name in also),
            *lead,
            *(pl.col(f"{field}_confidence").first() for field in tolerance),
            sources=pl.col("source").filter("agrees").str.join("+"),
        )
        .with_columns(confidence=pl.min_horizontal(f"{field}_confidence" for field in tolerance))
        .select(*row, *tolerance, *also, *STAMPS)
        .sort(row)
    )
    dissent = [_dissent(rows.filter(other), field, row) for field, other in says_other.items()]
    return Agreed(table=table, disagreements=pl.concat(dissent).sort(*row, "field", "source"))


def _newest(statements: pl.DataFrame, row: Sequence[str], *, fields: Sequence[str]) -> pl.DataFrame:
    """What each channel says last of each thing, the best-ranked channel first."""
    ordered = statements.sort("rank", "capture_id")
    return newest_said(ordered, by=[*row, "group"], fields=fields).sort(*row, "rank", "source")


def _dissent(rows: pl.DataFrame, field: str, row: Sequence[str]) -> pl.DataFrame:
    chosen = pl.col(f"chosen_{field}")
    return rows.select(
        *row,
        pl.lit(field).alias("field"),
        "source",
        pl.col(field).alias("value"),
        chosen.alias("chosen"),
        pl.when(chosen != 0).then(pl.col(field) / chosen - 1).alias("difference"),
        "capture_id",
    )

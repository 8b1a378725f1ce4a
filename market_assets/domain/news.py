"""What is new in what a publisher says over and over; who the publisher is matters nowhere."""

from collections.abc import Sequence

import polars as pl


def newest_said(
    statements: pl.DataFrame, *, by: Sequence[str], fields: Sequence[str]
) -> pl.DataFrame:
    """Of each value of ``by`` the statement that stands, as it was first made; sorted by ``by``.

    A later capture that repeats ``fields`` says nothing new: the statement keeps its capture and
    the instant at which it was known. One that says something else replaces it, also where it goes
    back to what was said before. ``statements`` need these columns, known_at and capture_id; the
    order of captures of one instant is that of the rows.
    """
    said = statements.sort(*by, "known_at", maintain_order=True)
    first = pl.struct(by).is_first_distinct()
    other = pl.any_horizontal(pl.col(f).ne_missing(pl.col(f).shift()) for f in fields)
    return said.filter(first | other).unique(by, keep="last", maintain_order=True)

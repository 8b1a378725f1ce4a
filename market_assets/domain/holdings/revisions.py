"""What a page said of a holding, and when it said something else."""

import polars as pl

from market_assets.domain.holdings.rows import HOLDINGS

LINE = ("source", "channel", "code", "session")
VALUES = ("name", "shares", "percent")


def revisions(holdings: pl.DataFrame) -> pl.DataFrame:
    """Every statement of ``holdings`` that says something new, with ``replaced_at``.

    A capture that repeats what was known adds nothing. ``replaced_at`` is the instant from which
    the source said something else, null for what stands. Two rows of one capture for one code
    stay both, for the checks to see.
    """
    said = holdings.sort(*LINE, "known_at", "capture_id", maintain_order=True)
    value = pl.struct(VALUES)
    repeats = (value == value.shift(1).over(LINE)).fill_null(value=False)
    same_page = (pl.col("capture_id") == pl.col("capture_id").shift(1).over(LINE)).fill_null(
        value=False
    )
    new = said.filter(~repeats | same_page)
    later = pl.col("known_at").shift(-1).over(LINE)
    return new.select(
        *HOLDINGS.names(), replaced_at=pl.when(later > pl.col("known_at")).then(later)
    )

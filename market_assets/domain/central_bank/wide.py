"""From the long table of indicators to one with a column for each; knows no subject."""

from collections.abc import Sequence

import polars as pl

PROVENANCE = pl.Schema(
    {
        "confidence": pl.Float64,
        "source": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""``confidence`` is that of the least certain number of a row, the others are of its newest."""


def wide(indicators: pl.DataFrame, subject: str, columns: Sequence[str]) -> pl.DataFrame:
    """A row per date of the indicators ``<subject>.<column>``, null where one is not stated.

    Besides: ``publication_date``, the newest of them, and what PROVENANCE says.
    """
    here = {f"{subject}.{column}": column for column in columns}
    stated = pl.col("indicator_id")
    return (
        indicators.filter(stated.is_in(list(here)))
        .group_by("reference_date")
        .agg(
            *(pl.col("value").filter(stated == name).first().alias(c) for name, c in here.items()),
            pl.col("publication_date").max(),
            pl.col("confidence").min(),
            pl.col("source", "capture_id", "known_at").sort_by("known_at", stated).last(),
        )
        .sort("reference_date")
    )

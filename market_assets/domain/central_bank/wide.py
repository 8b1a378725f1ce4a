"""From the long table of indicators to one with a column for each; knows no subject."""

from collections.abc import Sequence

import polars as pl


def wide(indicators: pl.DataFrame, subject: str, columns: Sequence[str]) -> pl.DataFrame:
    """A row per date of the indicators ``<subject>.<column>``, null where one is not stated.

    Besides: ``publication_date``, the newest of them, and ``known_at``, that of the newest capture.
    """
    here = {f"{subject}.{column}": column for column in columns}
    stated = pl.col("indicator_id")
    return (
        indicators.filter(stated.is_in(list(here)))
        .group_by("reference_date")
        .agg(
            *(pl.col("value").filter(stated == name).first().alias(c) for name, c in here.items()),
            pl.col("publication_date", "known_at").max(),
        )
        .sort("reference_date")
    )

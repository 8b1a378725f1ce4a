"""The known changes of what a Casablanca line is called or divided into; not all there ever were.

Read from ``identity_changes.csv``, a row for each change with what it rests on. A date that nobody
found is empty: such a change is known, but no series is adjusted for it.
"""

from importlib.resources import files

import polars as pl

from market_assets.domain.companies.rows import IDENTITY_CHANGES

MIC = "XCAS"


def identity_changes() -> pl.DataFrame:
    """All known changes in the schema IDENTITY_CHANGES, by line, kind and date."""
    columns = {name: kind for name, kind in IDENTITY_CHANGES.items() if name != "mic"}
    text = files("market_assets.sources.casablanca").joinpath("identity_changes.csv").read_bytes()
    return pl.read_csv(text, schema=columns).select(pl.lit(MIC).alias("mic"), *columns)

"""The indicators of Bank Al-Maghrib that its sources give, each with unit, rhythm and place.

``indicators.csv`` is the whole list. An indicator is in it if a parser reads it from a page, a file
or an answer; one whose table is frozen is not.

- ``page`` is the key of the request; two keys joined by ``+`` both state it.
- ``api`` is the product and the operation that state it too, "" where none does.
- ``row`` says which of the page's rows: a currency, the days to maturity of a band of the curve, or
  the label that the bank prints (without the marks of its footnotes).
- ``per`` is the number of currency units the value is for; null where there is none.
"""

from functools import cache
from importlib.resources import files

import polars as pl

from market_assets.domain.central_bank.indicators import CATALOGUE

PLACES = pl.Schema(
    {
        **CATALOGUE,
        "publisher": pl.String,
        "source": pl.String,
        "page": pl.String,
        "api": pl.String,
        "subject": pl.String,
    }
)
"""The columns of the catalogue: what the domain asks of it, and where each indicator stands."""


@cache
def catalogue() -> pl.DataFrame:
    """Every indicator, in the schema PLACES, in the order of the list."""
    text = files(__package__ or "").joinpath("indicators.csv").read_bytes()
    return pl.read_csv(text, schema_overrides=PLACES).select(
        pl.col(name).fill_null("") if name == "api" else name for name in PLACES
    )


def labels(page: str) -> dict[str, str]:
    """The indicator of each label that stands on the page of key ``page``."""
    here = catalogue().filter(pl.col("page").str.split("+").list.contains(page))
    return dict(here.select("row", "indicator_id").rows())

"""A publisher's words for a sector, and which of African Markets' ten ICB industries it is.

``icb_sectors.csv`` is the whole map, each row with its reason. A sector that spans two industries,
and one that is not in the file, is none: nothing is guessed.
"""

import csv
from functools import cache
from importlib.resources import files

INDUSTRIES = (
    "Oil & Gas",
    "Basic Materials",
    "Industrials",
    "Consumer Goods",
    "Health Care",
    "Consumer Services",
    "Telecom",
    "Utilities",
    "Financials",
    "Technology",
)
"""As African Markets names them. Its Financials include real estate."""


@cache
def icb_industries() -> dict[tuple[str, str], str | None]:
    """The whole map: source and sector, in its words, -> industry."""
    text = files("market_assets.sources.africa").joinpath("icb_sectors.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {(row["source"], row["sector"]): row["icb_industry"] or None for row in rows}

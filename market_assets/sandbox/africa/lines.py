"""The lines of the invented exchanges: real tickers, names and ISINs, nothing else that is real.

Lagos: the 147 lines, Abidjan: the 47, and Johannesburg: 83 of the 432, that AFX listed on
2025-11-28. Cairo: 64 of the 220 of the exchange's market watch of 2026-08-13, with ISINs and the
sectors it states; all nine that it quotes in US dollars are among them. The sectors of the others
and the ICB industries are nobody's statement: they make the invented market plausible.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of an exchange. ``sector``: in its exchange's words; an empty text is none."""

    mic: str
    ticker: str
    name: str
    isin: str
    sector: str
    icb_sector: str
    currency: str


@cache
def lines(mic: str) -> tuple[Line, ...]:
    """The lines of an exchange, by ticker."""
    text = files("market_assets.sandbox.africa").joinpath("lines.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Line(**row) for row in rows if row["mic"] == mic)

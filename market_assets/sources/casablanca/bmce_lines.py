"""Which line BMCE Capital Bourse means: it knows lines by its own numbers and short names.

The six numbers (``lid``) in ``LIDS`` are those that public clients used to read that line: ADH,
AKT, ATW and TGC agree in two or more independent ones, SNA and RIS come from one each. A wrong
number is another company's prices, so numbers on which clients disagreed are left out. The rest is
learnt from the links of the market list where the text is a line's name or ticker; how many texts
are is not verified ("Addoha" is none).
"""

import re
from functools import cache

from market_assets.sources.casablanca.lines import casablanca_lines

LIDS = {
    "ADH": "2585582",
    "AKT": "123429130",
    "ATW": "56107421",
    "RIS": "1730672",
    "SNA": "138953776",
    "TGC": "115038557",
}
LINK = re.compile(r"/bkbbourse/details/(?P<lid>[0-9]+)(?:,|%2C)102(?:,|%2C)608")


def linked_lid(href: str) -> str | None:
    """The number in a link to a line's page, or None."""
    link = LINK.search(href)
    return link["lid"] if link else None


def tickers(name: str, lid: str | None) -> set[str]:
    """The lines that a row's text and its number name: one, none, or two that differ."""
    numbered = next((ticker for ticker, known in LIDS.items() if known == lid), None)
    return {ticker for ticker in (_names().get(name.casefold()), numbered) if ticker}


@cache
def _names() -> dict[str, str]:
    lines = casablanca_lines()
    return {text.casefold(): line.ticker for line in lines for text in (line.name, line.ticker)}

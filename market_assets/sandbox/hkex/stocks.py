"""The stocks of the invented Southbound: real codes and names, nothing else that is real.

Codes and kinds: the list of securities that could be bought through Stock Connect on 2026-07-20
(613 equities, 31 ETFs), as SSE and SZSE published it. Names: the short names of HKEX's list of
securities of 2026-07-18, of ETFs those of the two exchanges. Real pages carry full legal names.
The mainland lines are codes and names of HKEX's list of 2019-10-27, a few of each exchange.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DUAL_COUNTERS = frozenset(
    {
        *("00016", "00020", "00175", "00291", "00388", "00700", "00883", "00941", "00992"),
        *("01024", "01211", "01299", "01810", "02020", "02318", "02331", "02333", "02388"),
        *("03690", "06618", "09988"),
    }
)
"""The stocks that are also traded in RMB, under 8xxxx."""

HKD_SUFFIX = " -HKD TRADED SHARES"
"""What HKEXnews adds to the names of dual counters."""


@dataclass(frozen=True, kw_only=True)
class Stock:
    """A security of Hong Kong. ``kind``: equity or etf."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class MainlandLine:
    """A line that Hong Kong may hold: HKEX's ``code``, and the ``a_code`` it trades under."""

    code: str
    a_code: str
    name: str


@cache
def stocks() -> tuple[Stock, ...]:
    """The rows of ``stocks.csv``, by code."""
    return tuple(Stock(**row) for row in _rows("stocks.csv"))


@cache
def mainland_lines() -> tuple[MainlandLine, ...]:
    """The rows of ``mainland_lines.csv``, by code: 9xxxx of Shanghai, 7xxxx of Shenzhen."""
    lines = (MainlandLine(**row) for row in _rows("mainland_lines.csv"))
    return tuple(sorted(lines, key=lambda line: line.code))


def _rows(file: str) -> list[dict[str, str]]:
    text = files("market_assets.sandbox.hkex").joinpath(file).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))

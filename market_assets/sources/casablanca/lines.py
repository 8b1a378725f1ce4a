"""The lines of the Casablanca exchange and what each publisher calls them.

Read from ``lines.csv``: the 81 lines listed on 2026-10-09 with their ISIN, the exchange's sector,
the share count where it was seen and when, and the codes under which African Markets and Investing
list them. A blank is not known; it is never guessed.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

from market_assets.sources.refusals import RowRefused
from market_assets.web.failures import NotThisPage
from market_assets.web.messages import Capture


@dataclass(frozen=True, kw_only=True)
class Line:
    """One listed line. ``shares`` is the count seen on ``shares_on``; None where none was seen."""

    ticker: str
    isin: str
    name: str
    sector: str
    compartment: str | None
    shares: int | None
    shares_on: date | None
    suspended: bool
    african_markets_code: str | None
    icb_sector: str | None
    investing_id: str | None


@cache
def casablanca_lines() -> tuple[Line, ...]:
    """All 81 lines, by ticker."""
    text = files("market_assets.sources.casablanca").joinpath("lines.csv").read_text("utf-8")
    return tuple(_line(row) for row in csv.DictReader(text.splitlines()))


def _line(row: dict[str, str]) -> Line:
    return Line(
        ticker=row["ticker"],
        isin=row["isin"],
        name=row["name"],
        sector=row["sector"],
        compartment=row["compartment"] or None,
        shares=int(row["shares"]) if row["shares"] else None,
        shares_on=date.fromisoformat(row["shares_on"]) if row["shares_on"] else None,
        suspended=row["suspended"] == "true",
        african_markets_code=row["african_markets_code"] or None,
        icb_sector=row["icb_sector"] or None,
        investing_id=row["investing_id"] or None,
    )


@cache
def casablanca_line(ticker: str) -> Line:
    """The line of that exchange ticker; RowRefused where there is none."""
    for line in casablanca_lines():
        if line.ticker == ticker:
            return line
    raise RowRefused("unknown_line", f"unknown line: {ticker}")


def asked_ticker(capture: Capture) -> str:
    """The line a page was asked for, where the page does not say: ``history/ATW``, ``ATW.csv``."""
    ticker = PurePosixPath(capture.key).stem
    if ticker not in {line.ticker for line in casablanca_lines()}:
        raise NotThisPage(f"the page does not say its line, and {capture.key!r} names none")
    return ticker

"""African Markets' table of listed companies, the same for every exchange it has.

A table rendered by the server: Company | Sector | Price | 1D | YTD | M.Cap | Date. Numbers are
English, M.Cap is in billions of the local currency, the date is ``dd/mm`` without a year. Table
classes are generated and differ from page to page: cells are found by heading. What a cell says may
stand in ``font``, ``p`` or ``span``; an empty cell has no text at all, so cells are read as
elements, never as a stream of texts. Knows no exchange and no line.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from market_assets.domain.numbers import NumberFormat, number
from market_assets.sources.reading import html_tree, stated_day
from market_assets.web.failures import LayoutChanged
from market_assets.web.messages import Capture

LINK = re.compile(r"company\?code=([A-Za-z0-9._-]+)")
ENGLISH = NumberFormat(decimal=".", groups=(",",))
COLUMNS = ("company", "sector", "price", "1d", "ytd", "m.cap", "date")
BILLION = 1_000_000_000
LATENESS = timedelta(days=7)
"""How long after the session asked for a page may still state a later one."""
LEAP_GAP = 8
"""Most years from one 29 February to the next."""


def listed_companies(body: bytes) -> tuple[list[Any], dict[str, int]]:
    """The rows of companies as lxml elements, and the place of each column in them."""
    page = html_tree(body)
    links = (link for link in page.iter("a") if "company?code=" in link.get("href", ""))
    found = (row for link in links for row in islice(link.iterancestors("tr"), 1))
    companies = list(dict.fromkeys(found))
    if not companies:
        raise LayoutChanged("links to companies, but not in a table")
    top = next(companies[0].iterancestors("table")).find(".//tr")
    headings = COLUMNS if top is companies[0] else [cell_text(cell).casefold() for cell in top]
    if missing := set(COLUMNS) - set(headings):
        raise LayoutChanged(f"no column {sorted(missing)} among {headings}")
    return companies, {heading: place for place, heading in enumerate(headings)}


def company_link(company: Any) -> str:  # noqa: ANN401  an lxml element
    """Where a row's company leads to."""
    return next(company.iter("a")).get("href")


def cell_text(cell: Any) -> str:  # noqa: ANN401  an lxml element
    """What a cell says, whatever stands around it; nothing of an empty one."""
    said = "".join(cell.itertext()) if len(cell) else cell.text or ""
    return " ".join(said.split())


def stated_price(text: str) -> float:
    """The price in a cell; ValueError where there is none, which 0 is too."""
    if price := number(text, ENGLISH):
        return price
    raise ValueError("no price")


def stated_market_cap(text: str) -> float | None:
    """The market cap in a cell, in money; None where it is empty or 0, which no company has."""
    billions = number(text, ENGLISH)
    return round(billions * BILLION, 0) if billions else None


def latest_possible(capture: Capture) -> date:
    """The newest day that a list can state: a page saved long ago keeps the year it is of."""
    return min(capture.fetched_at.date(), capture.last_session + LATENESS)


@lru_cache(maxsize=1024)
def latest_day(text: str, *, not_after: date) -> date:
    """``dd/mm`` in the latest year that has it and in which it is not after ``not_after``."""
    if not re.fullmatch("[0-9]{2}/[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a date dd/mm")
    leap = stated_day(f"{text}/2000", "%d/%m/%Y")
    for year in range(not_after.year, not_after.year - LEAP_GAP - 1, -1):
        if (leap.month, leap.day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
            continue
        if (day := leap.replace(year=year)) <= not_after:
            return day
    raise ValueError(f"{text!r} was no day of the years before {not_after}")

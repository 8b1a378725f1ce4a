"""The search pages of HKEXnews as they came: whole or not, what they refuse, their cells by class.

Knows no subject: whose rows they are is the matter of ``mutualmarket`` and ``hkex_participants``.
Every cell holds a heading for small screens beside what it says, so only ``.mobile-list-body`` is
read; columns are told by a class token (``col-shareholding text-right`` is ``col-shareholding``),
never by place or heading, which differ between years and languages.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from market_assets.domain.numbers import NumberFormat, number, whole
from market_assets.sources.reading import body_text, stated_day
from market_assets.web.failures import (
    EmptyPage,
    Incomplete,
    LayoutChanged,
    NotThisPage,
    OutOfRange,
    Unavailable,
)
from market_assets.web.messages import Capture

NUMBERS = NumberFormat(decimal=".", groups=(",",), empty=("",))
CODE = re.compile("[0-9]{1,5}")
DATE = re.compile("(?<![0-9/])[0-9]{4}/[0-9]{2}/[0-9]{2}(?![0-9/])")
BODY = "mobile-list-body"
MAINTENANCE = "System is under maintenance"
UNKNOWN_STOCK = "does not exist OR not available for enquiry"
NOTHING_HELD = "No match record"

Cells: TypeAlias = Mapping[str, str]
"""What the cells of a row say, by column."""


def search_page(capture: Capture) -> LexborHTMLParser:
    """The page of a search, whole and without a word of refusal."""
    text = body_text(capture)
    if not text.startswith("<"):
        raise NotThisPage(f"no HTML at {capture.url}: {text[:60]!r}")
    if BODY not in text and MAINTENANCE in text:
        raise Unavailable(f"{capture.url} says: {MAINTENANCE}")
    if "</html>" not in text:
        raise Incomplete(f"the page of {capture.url} breaks off: ...{text[-60:]!r}")
    page = LexborHTMLParser(text)
    if said := alert(page):
        raise OutOfRange(f"{capture.url} says: {said}")
    if BODY not in text and UNKNOWN_STOCK in text:
        raise OutOfRange(f"{capture.url} says that the stock {UNKNOWN_STOCK}")
    if BODY not in text and NOTHING_HELD in text:
        raise EmptyPage(f"{capture.url} says: {NOTHING_HELD}")
    return page


def alert(page: LexborHTMLParser) -> str:
    """What the page would say in a box before anything else; mostly nothing."""
    field = page.css_first("input[name=alertMsg]")
    return (field.attributes.get("value") or "").strip() if field else ""


def stated_date(text: str) -> date:
    """The one day YYYY/MM/DD in ``text``, whatever the words around it; else LayoutChanged."""
    days = set(DATE.findall(text))
    if len(days) != 1:
        raise LayoutChanged(f"not one date YYYY/MM/DD in {text.strip()[:80]!r}")
    try:
        return stated_day(days.pop(), "%Y/%m/%d")
    except ValueError as error:
        raise LayoutChanged(f"the date of the page: {error}") from error


def body_rows(page: LexborHTMLParser, column: str) -> list[LexborNode]:
    """The rows of the table that has ``column``, its head aside; one at least."""
    table: LexborNode | None = page.css_first(f"table .{column}")
    while table is not None and table.tag != "table":
        table = table.parent
    if table is None:
        raise LayoutChanged(f"no table has a cell of the class {column}")
    rows = table.css("tbody > tr")
    if not rows:
        raise EmptyPage(f"the table of {column} has no row")
    return rows


def cells(row: LexborNode) -> Cells:
    """What the cells of ``row`` say; ValueError where a column comes twice or says nothing."""
    said: dict[str, str] = {}
    for cell in row.iter():
        column = _column(cell.attributes.get("class") or "")
        if column is None:
            continue
        if column in said:
            raise ValueError(f"the column {column} comes twice")
        said[column] = _said(cell, column)
    return said


def row_text(row: LexborNode) -> str:
    """A row as a reader sees it, for the quarantine."""
    return " ".join(row.text(separator=" ").split())


def stock_code(text: str) -> str:
    """The code in five digits; pages pad it with spaces. ValueError where it is none."""
    bare = text.strip()
    if not CODE.fullmatch(bare):
        raise ValueError(f"{text!r} is not a stock code")
    return bare.zfill(5)


def shares(text: str) -> int:
    """A stated count of shares; ValueError where there is none."""
    count = whole(text, NUMBERS)
    if count is None:
        raise ValueError("no shareholding is stated")
    return count


@lru_cache(maxsize=1 << 14)
def percent(text: str) -> float | None:
    """A percentage as published (``0.59%`` is 0.59), None where the cell is empty."""
    bare = text.strip()
    if bare and not bare.endswith("%"):
        raise ValueError(f"{text!r} is not a percentage")
    return number(bare.removesuffix("%"), NUMBERS)


def _said(cell: LexborNode, column: str) -> str:
    for part in cell.iter():
        if BODY in (part.attributes.get("class") or "").split():
            return part.text().strip()
    raise ValueError(f"the cell {column} has no {BODY}")


@lru_cache(maxsize=64)
def _column(classes: str) -> str | None:
    return next((token for token in classes.split() if token.startswith("col-")), None)

"""The search pages of HKEXnews as they came: whole or not, what they refuse, their cells by class.

Knows no subject: whose rows they are is the matter of ``mutualmarket`` and ``hkex_participants``.
Every cell holds a heading for small screens beside what it says, so only ``.mobile-list-body`` is
read; columns are told by a class token (``col-shareholding text-right`` is ``col-shareholding``),
never by place or heading, which differ between years and languages.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from market_assets.domain.numbers import NumberFormat, number
from market_assets.sources.hkex.plain_rows import plain_rows
from market_assets.sources.reading import body_text, html_body, stated_day
from market_assets.web.failures import (
    EmptyPage,
    Incomplete,
    LayoutChanged,
    OutOfRange,
    Unavailable,
)
from market_assets.web.messages import Capture

PERCENT = NumberFormat(decimal=".", groups=(",",), empty=("",))
COUNT = re.compile("-?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3}){0,5})")
"""Every group of three has its comma, so that a number that was cut is mostly none."""
DATE = re.compile("(?<![0-9/])[0-9]{4}/[0-9]{2}/[0-9]{2}(?![0-9/])")
BODY = "mobile-list-body"
MAINTENANCE = "System is under maintenance"
UNKNOWN_STOCK = "does not exist OR not available for enquiry"
NOTHING_HELD = "No match record"


class Row(NamedTuple):
    """A row of a table, what its cells say by column, and which columns come once more."""

    markup: LexborNode | memoryview
    cells: dict[str, str]
    repeated: list[str]

    @property
    def text(self) -> str:
        """The row as a reader sees it, for the quarantine."""
        if isinstance(self.markup, memoryview):
            return shown(LexborHTMLParser(b"<table>" + self.markup))
        return shown(self.markup)

    def by_column(self, columns: Sequence[str]) -> dict[str, str]:
        """The cells by column; ValueError where one of ``columns`` is missing or one is twice."""
        if self.repeated:
            raise ValueError(f"a column comes twice: {', '.join(self.repeated)}")
        if missing := [column for column in columns if column not in self.cells]:
            raise ValueError(f"no cell says anything of {', '.join(missing)}")
        return self.cells


def search_page(capture: Capture) -> LexborHTMLParser:
    """The page of a search, whole and without a word of refusal."""
    return _unrefused(capture, tree_of=html_body(capture))


def table_page(capture: Capture, columns: Sequence[str]) -> tuple[LexborHTMLParser, list[Row]]:
    """``search_page``, of which the rows may be missing, and its ``body_rows``."""
    body = html_body(capture)
    plain = plain_rows(body, columns)
    if plain is not None:
        page = _unrefused(capture, tree_of=plain.around)
        if _lacks_just_rows(_table(page, columns[0])):
            return page, [Row(markup, cells, []) for markup, cells in plain.rows]
    page = _unrefused(capture, tree_of=body)
    return page, body_rows(page, columns)


def _lacks_just_rows(table: LexborNode | None) -> bool:
    return table is not None and [len(body.css("*")) for body in table.css("tbody")] == [1]


def _unrefused(capture: Capture, *, tree_of: bytes) -> LexborHTMLParser:
    body = capture.body
    empty = BODY.encode() not in body
    if empty and MAINTENANCE.encode() in body:
        raise Unavailable(f"{capture.url} says: {MAINTENANCE}")
    if body.rfind(b"</html>") < 0:
        raise Incomplete(f"the page of {capture.url} breaks off: ...{body_text(capture)[-60:]!r}")
    page = LexborHTMLParser(tree_of)
    if said := alert(page):
        raise OutOfRange(f"{capture.url} says: {said}")
    if empty and UNKNOWN_STOCK.encode() in body:
        raise OutOfRange(f"{capture.url} says that the stock {UNKNOWN_STOCK}")
    if empty and NOTHING_HELD.encode() in body:
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


def body_rows(page: LexborHTMLParser, columns: Sequence[str]) -> list[Row]:
    """The rows of the table that has the first of ``columns``, its head aside; one at least."""
    table = _table(page, columns[0])
    if table is None:
        raise LayoutChanged(f"no table has a cell of the class {columns[0]}")
    rows = {row.mem_id: Row(row, {}, []) for row in table.css("tbody > tr")}
    if not rows:
        raise EmptyPage(f"the table of {columns[0]} has no row")
    for column in columns:
        for said in table.css(f"tbody > tr > td.{column} > .{BODY}"):
            if (cell := said.parent) is not None and (node := cell.parent) is not None:
                row = rows[node.mem_id]
                if column in row.cells:
                    row.repeated.append(column)
                row.cells[column] = said.text_lexbor().strip()
    return list(rows.values())


def _table(page: LexborHTMLParser, column: str) -> LexborNode | None:
    table: LexborNode | None = page.css_first(f"table .{column}")
    while table is not None and table.tag != "table":
        table = table.parent
    return table


def shown(node: LexborNode | LexborHTMLParser) -> str:
    """The text of ``node`` on one line."""
    return " ".join(node.text(separator=" ").split())


def shares(text: str) -> int:
    """A count as these pages write it, below 10**18; ValueError for anything else."""
    if not COUNT.fullmatch(text):
        raise ValueError(f"{text!r} is not a count of shares")
    return int(text.replace(",", ""))


@lru_cache(maxsize=1 << 14)
def percent(text: str) -> float | None:
    """A percentage as published (``0.59%`` is 0.59), None where the cell is empty."""
    bare = text.strip()
    if bare and not bare.endswith("%"):
        raise ValueError(f"{text!r} is not a percentage")
    return number(bare.removesuffix("%"), PERCENT)

"""HKEXnews' list of securities in CCASS: the name behind each code on a day, and what stands in.

``GET /sdw/search/stocklist.aspx?sortby=stockcode&shareholdingdate=YYYYMMDD``: an HTML window with
one table until about 2021, since 2022 JSON, ``[{"c": "00001", "n": "CK HUTCHISON ..."}]``, for
those who send ``X-Requested-With: XMLHttpRequest``. Both are read; a saved page may be either.

- The HTML states its day in the address of its form, which repeats what was asked for; JSON
  states none and gets the day asked for.
- During a split or consolidation holdings sit under a temporary code (029xx, and 085xx on GEM),
  whose name ends in ``TEMPORARY COUNTER`` or ``-OLD``. CONTEMPORARY AMPEREX is no such counter. A
  temporary code whose name says neither cannot be told here.
- The codes of Stock Connect's mainland lines (90xxx and 7xxxx, ``(A #600519)`` in the name) are in
  the list and are kept. No category is stated.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from market_assets.domain.holdings.rows import SECURITIES
from market_assets.sources.hkex.items import (
    asked_day,
    require_enough,
    stock_code,
    stock_name,
)
from market_assets.sources.reading import Element, body_text, html_root, json_value, stated_day
from market_assets.sources.rows import Parts, as_rows, json_text, read_items, stamped
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

LIST = "/sdw/search/stocklist.aspx"
FEWEST = 500
"""Rows. The Southbound page alone names more; the list of 2019-10-27 has 4,755."""
COLUMNS = 2
ADDRESS = re.compile(r"stocklist(?:_c)?\.aspx\?", re.IGNORECASE)
DAY = re.compile("shareholdingdate=([0-9]{8})(?![0-9])", re.IGNORECASE)
TEMPORARY = re.compile(r"(?:\bTEMPORARY COUNTER|-\s*OLD)$")


def history(ask: Ask) -> Conversation:
    """One question per session."""
    for session in ask.sessions:
        yield Request(
            key=f"securities/{session}",
            path=LIST,
            params={"sortby": "stockcode", "shareholdingdate": f"{session:%Y%m%d}"},
            headers={"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"},
            referer="/sdw/search/searchsdw.aspx",
        )


def parse(capture: Capture) -> Parsed:
    """The securities of a day, from either form of the list."""
    text = body_text(capture)
    if text.startswith("<"):
        session, items = _window(text, capture), _cells(capture)
        rows, refused = read_items(items, lambda cells: _cell_row(cells, session), " | ".join)
    else:
        session = asked_day(capture)
        told = as_rows(json_value(text, "the list"), fields=("c", "n"), what="the list")
        rows, refused = read_items(told, lambda item: _json_row(item, session), json_text)
    require_enough(rows, fewest=FEWEST, what=f"the securities of {session}")
    return Parsed(refused=refused, tables={"securities": stamped(rows, SECURITIES, capture)})


def _window(text: str, capture: Capture) -> date:
    """The day of the HTML window, which must be whole."""
    if not ADDRESS.search(text):
        raise NotThisPage(f"no list of securities at {capture.url}: {text[:60]!r}")
    if not text.endswith("</html>"):
        raise LayoutChanged("the list of securities breaks off before its end")
    day = DAY.search(text)
    if day is None:
        return asked_day(capture)
    try:
        return stated_day(day[1], "%Y%m%d")
    except ValueError as error:
        raise LayoutChanged(f"the list of securities states no day: {error}") from error


def _cells(capture: Capture) -> Iterable[list[str]]:
    """The texts of the cells of each row that has any."""
    for row in html_root(capture).iter("tr"):
        if cells := [_text(cell) for cell in row if cell.tag == "td"]:
            yield cells


def _text(cell: Element) -> str:
    return " ".join("".join(cell.itertext()).split())


def _cell_row(cells: list[str], session: date) -> Parts:
    if len(cells) != COLUMNS:
        raise ValueError(f"{len(cells)} cells, not a code and a name")
    return _row(cells[0], cells[1], session)


def _json_row(item: Mapping[str, Any], session: date) -> Parts:
    return _row(item.get("c"), item.get("n"), session)


def _row(code: object, name: object, session: date) -> Parts:
    yield {"session": session}
    yield {"code": stock_code(code)}
    said = stock_name(name)
    if said is None:
        raise ValueError("no name is stated")
    yield {"name": said, "temporary": TEMPORARY.search(said) is not None}


SOURCE = Source(
    name="hkex_securities",
    market="hkex",
    publisher="HKEXnews",
    base_url="https://www3.hkexnews.hk",
    group="hkex",
    gives=frozenset({"securities"}),
    terms=(
        "The terms of HKEX's shareholding search forbid, without its written permission, "
        '"any programmatic, scripted or other mechanical means to access" it, compiling databases '
        "from it, and any but personal and non-commercial use."
    ),
    caution=(
        "Off in live mode because of its terms: ask only with HKEX's permission, or add pages that"
        " a person saved. Connections were reset after some 30 questions in a row. Served for 12"
        " months."
    ),
    verified=(
        "Not tried live. Seen: one raw HTML window, of 2019-10-27. The JSON of 2022 to 2026 is"
        " known from public clients, of which one says that the header is needed. Not known: the"
        " full list's size today, names of temporary counters in JSON, what is answered for a day"
        " out of range or without figures."
    ),
    parse=parse,
    history=history,
    official=True,
    live=False,
)

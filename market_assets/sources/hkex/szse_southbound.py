"""Shenzhen Stock Exchange: what is held, and what may be bought, through its Southbound channel.

``GET /api/report/ShowReport`` with ``SHOWTYPE=xlsx`` and ``txtDate`` answers a workbook: code,
name, shares; since 2023-01-03 or earlier, no percent, a day behind HKEXnews. The workbook does not
say of which day it is, so its rows get the day that was asked for and weigh less. Its columns are
found by the one word that each heading must have (code, short name, quantity); the whole headings
are known from one public client only.

``GET /api/report/ShowReport/data`` with ``SHOWTYPE=JSON`` answers the present list of what may be
bought, page by page: ``[{"metadata": {"pagecount", "recordcount", "subname"}, "data": [{"zqdm",
"zqjc", "zqywjc"}]}]``: code, Chinese and English name. Rows go to the day in ``subname``. A page is
a part of the list: what one page can show is that its rows fit the counts that it states; the
conversation sees that all of them came, of one and the same list.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from market_assets.domain.holdings.rows import ELIGIBLE, HOLDINGS, SHENZHEN
from market_assets.domain.numbers import NumberFormat, whole
from market_assets.sources.hkex.items import (
    asked_day,
    asked_each,
    require_enough,
    stock_code,
    stock_name,
)
from market_assets.sources.hkex.szse_pages import PAGE_KEY, list_page
from market_assets.sources.reading import body_bytes
from market_assets.sources.rows import Parts, json_text, read_items, stamped
from market_assets.sources.sheets import sheet_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged
from market_assets.web.messages import Capture, Conversation, Request

FIRST_DAY = date(2023, 1, 3)
"""The first day that is known to be served."""
FEWEST = 100
"""Rows. The channel had 712 lines on its first day; a book with so few is a part of one."""
NUMBERS = NumberFormat(decimal=".", groups=(",",))
HEADINGS = {"code": "代码", "name": "简称", "shares": "数量"}


def snapshot(_ask: Ask) -> Conversation:
    """The pages of the list of what may be bought now, as many as the first says there are.

    LayoutChanged where they are not of one list, or are not all of it.
    """
    first, items = list_page((yield _question(1)))
    codes = {str(item.get("zqdm")) for item in items}
    for number in range(2, first.pages + 1):
        edition, items = list_page((yield _question(number)))
        if edition != first:
            raise LayoutChanged(f"the list changed while it was read: {first}, then {edition}")
        codes |= {str(item.get("zqdm")) for item in items}
    if len(codes) != first.records:
        raise LayoutChanged(f"{len(codes)} codes came of a list of {first.records} lines")


def history(ask: Ask) -> Conversation:
    """One question per session; sessions before the first known day are not asked for."""
    yield from asked_each(_day_of(session) for session in ask.sessions if session >= FIRST_DAY)


def _day_of(session: date) -> Request:
    return Request(
        key=f"holdings/{session}",
        path="/api/report/ShowReport",
        params={
            "SHOWTYPE": "xlsx",
            "CATALOGID": "SGT_GGTCGSL",
            "TABKEY": "tab1",
            "txtDate": session.isoformat(),
            "txtZqdm": "",
        },
        referer="/szhk/szhkshareholding/hkholdamount/index.html",
    )


def _question(number: int) -> Request:
    return Request(
        key=f"eligible/{number}",
        path="/api/report/ShowReport/data",
        params={
            "SHOWTYPE": "JSON",
            "CATALOGID": "SGT_GGTBDQD",
            "TABKEY": "tab1",
            "PAGENO": str(number),
        },
        referer="/szhk/hkbussiness/underlylist/",
    )


def parse(capture: Capture) -> Parsed:
    """The holdings of the day that was asked for, or one page of what may be bought."""
    start = body_bytes(capture).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[" or PAGE_KEY.fullmatch(capture.key):
        return _list(capture)
    return _holdings(capture)


def _holdings(capture: Capture) -> Parsed:
    headings, *rows = sheet_rows(capture, "a workbook of holdings") or [()]
    session = asked_day(capture)
    if not rows:
        raise EmptyPage(f"nothing of {session} is out: the workbook has no row")
    columns = _columns(headings)
    held, refused = read_items(rows, lambda row: _holding(row, columns, session), " | ".join)
    require_enough(held, fewest=FEWEST, what=f"Shenzhen's holdings of {session}")
    return Parsed(refused=refused, tables={"holdings": stamped(held, HOLDINGS, capture)})


def _columns(headings: tuple[str, ...]) -> dict[str, int]:
    """The place of each column, by the word that only its heading has."""
    columns: dict[str, int] = {}
    for name, word in HEADINGS.items():
        places = [place for place, heading in enumerate(headings) if word in heading]
        if len(places) != 1:
            raise LayoutChanged(f"{len(places)} headings have {word!r}: {list(headings)}")
        columns[name] = places[0]
    return columns


def _holding(row: tuple[str, ...], columns: Mapping[str, int], session: date) -> Parts:
    yield {"session": session}
    yield {"code": stock_code(row[columns["code"]])}
    shares = whole(row[columns["shares"]], NUMBERS)
    if shares is None:
        raise ValueError("no holding is stated")
    yield {"channel": SHENZHEN, "name": stock_name(row[columns["name"]]), "shares": shares}


def _list(capture: Capture) -> Parsed:
    edition, items = list_page(capture)
    rows, refused = read_items(items, lambda item: _line(item, edition.session), json_text)
    return Parsed(refused=refused, tables={"eligible_lists": stamped(rows, ELIGIBLE, capture)})


def _line(item: Mapping[str, Any], session: date) -> Parts:
    yield {"session": session}
    yield {"code": stock_code(item.get("zqdm"))}
    yield {
        "channel": SHENZHEN,
        "name": stock_name(item.get("zqjc")),
        "name_en": stock_name(item.get("zqywjc")),
    }


SOURCE = Source(
    name="szse_southbound",
    market="hkex",
    publisher="Shenzhen Stock Exchange",
    base_url="https://www.szse.cn",
    group="mainland",
    gives=frozenset({"holdings", "eligible_lists"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "It lags HKEXnews by a day. Half of the Southbound holdings: the other half is"
        " Shanghai's. No percent of the issued shares. The workbook states no date: one that lags"
        " looks like the day asked for."
    ),
    verified=(
        "Not tried live, and no raw body was seen. Public clients that ran until 2026-08 read the"
        " workbook by the order code, name, shares below one row of headings; another by the"
        " headings 证券代码, 证券简称 and 港股通投资者合计持有数量. Three more page through the"
        " list and find the day (YYYY-MM-DD) in subname and the page's number in pageno, which is"
        " compared where it is stated. Not known: whether cells are numbers or text (both are"
        " read), what is answered for a day that is not out (a workbook without rows is expected),"
        " how many days before 2023-01-03 are served, how long a page of the list is (one client"
        " saw 20 rows)."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
    official=True,
    first_day=FIRST_DAY,
    states_date=False,
)

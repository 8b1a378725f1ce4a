"""Shanghai Stock Exchange: what is held, and what may be bought, through its Southbound channel.

``GET /sseQuery/commonSoaQuery.do`` with ``tradeDate`` answers ``{"pageHelp": {"data": [...]}}``:
``secCode``, ``totalHoldings``, ``cnAbbr``, ``enAbbr``, ``tradeDate``; the whole day in one page of
2,000. Published after the close of every Southbound day since 2024-08-19, no percent; it lags
HKEXnews by a day, so the newest day may still be empty. Rows go to the ``tradeDate`` they state.

``GET /commonQuery.do`` answers ``{"result": [...]}``, the present list of what may be bought:
``SECURITY_CODE``, ``ABBR_CN`` (padded with full-width spaces), ``ABBR_EN``, ``SECURITY_TYPE``,
``TRADE_FLAG``, ``UPDATE_DATE``. Rows go to ``UPDATE_DATE``. Only TRADE_FLAG 1 is known to mean
that a line may be bought; a line with another is put aside.

Where ``pageHelp`` states a ``total``, or else a ``pageCount``, the rows that came must be all.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from market_assets.domain.holdings.rows import ELIGIBLE, HOLDINGS, SHANGHAI
from market_assets.domain.numbers import NumberFormat, json_whole
from market_assets.sources.hkex.items import (
    asked_day,
    asked_each,
    require_enough,
    stock_code,
    stock_name,
)
from market_assets.sources.reading import (
    as_object,
    as_objects,
    body_text,
    json_value,
    stated_day,
)
from market_assets.sources.rows import Parts, as_rows, json_text, read_items, stamped
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged
from market_assets.web.messages import Capture, Conversation, Request

FIRST_DAY = date(2024, 8, 19)
"""The first day that is published per stock."""
FEWEST = 100
"""Rows. Both channels together had 794 lines on the first day; so short a page is a part of one."""
PAGE = 2000
NUMBERS = NumberFormat(decimal=".", groups=(",",))
DAYS = ("%Y%m%d", "%Y-%m-%d")
HOLDING_FIELDS = ("secCode", "totalHoldings", "cnAbbr", "enAbbr", "tradeDate")
LIST_FIELDS = (
    "SECURITY_CODE",
    "ABBR_CN",
    "ABBR_EN",
    "SECURITY_TYPE",
    "TRADE_FLAG",
    "UPDATE_DATE",
)


def snapshot(_ask: Ask) -> Conversation:
    """The list of what may be bought now, in one question."""
    yield Request(
        key="eligible",
        path="/commonQuery.do",
        params={"sqlId": "COMMON_SSE_JYFW_HGT_XXPL_BDZQQD_L"},
        referer="https://www.sse.com.cn/services/hkexsc/disclo/eligible/",
    )


def history(ask: Ask) -> Conversation:
    """One question per session; sessions before the first published day are not asked for."""
    yield from asked_each(_day_of(session) for session in ask.sessions if session >= FIRST_DAY)


def _day_of(session: date) -> Request:
    return Request(
        key=f"holdings/{session}",
        path="/sseQuery/commonSoaQuery.do",
        params={
            "sqlId": "FW_HGTZL_GGTSCSJ_GGTZQCYSL",
            "isPagination": "true",
            "tradeDate": f"{session:%Y%m%d}",
            "pageHelp.pageSize": str(PAGE),
            "pageHelp.pageNo": "1",
            "pageHelp.beginPage": "1",
            "pageHelp.endPage": "1",
        },
        referer="https://www.sse.com.cn/services/hkexsc/ggtscsj/ggtzqcysl/",
    )


def parse(capture: Capture) -> Parsed:
    """The holdings of the day the page states, or the list of what may be bought."""
    page = as_object(json_value(body_text(capture), "the answer"), "the answer")
    items = _items(page, capture)
    if any("SECURITY_CODE" in item for item in items):
        return _list(items, capture)
    return _holdings(items, capture)


def _items(page: dict[str, Any], capture: Capture) -> list[dict[str, Any]]:
    """The rows of the page, all that it says there are; they may stand in either place."""
    paging = as_object(page.get("pageHelp") or {}, "pageHelp")
    if "data" not in paging and "result" not in page:
        raise LayoutChanged(f"neither pageHelp.data nor result; there are {sorted(page)}")
    items = as_objects(paging.get("data") or page.get("result") or [], "the rows")
    if not items:
        raise EmptyPage(f"nothing of {asked_day(capture)} is out: the page has no row")
    # Whether an answer that is not paged states a total of 0 is not known: 0 is not compared.
    total, pages = paging.get("total"), paging.get("pageCount")
    if total and total != len(items):
        raise LayoutChanged(f"the total is {total!r}, but {len(items)} rows came")
    if not total and pages and pages != 1:
        raise LayoutChanged(f"the rows are on {pages!r} pages, of which one came")
    return items


def _holdings(items: list[dict[str, Any]], capture: Capture) -> Parsed:
    items = as_rows(items, fields=HOLDING_FIELDS, what="the holdings")
    session = _day(items, "tradeDate")
    rows, refused = read_items(items, lambda item: _holding(item, session), json_text)
    require_enough(rows, fewest=FEWEST, what=f"Shanghai's holdings of {session}")
    return Parsed(refused=refused, tables={"holdings": stamped(rows, HOLDINGS, capture)})


def _holding(item: Mapping[str, Any], session: date) -> Parts:
    yield {"session": session}
    yield {"code": stock_code(item.get("secCode"))}
    shares = json_whole(item.get("totalHoldings"), strings=NUMBERS)
    if shares is None:
        raise ValueError("no holding is stated")
    name = stock_name(item.get("cnAbbr")) or stock_name(item.get("enAbbr"))
    yield {"channel": SHANGHAI, "name": name, "shares": shares}


def _list(items: list[dict[str, Any]], capture: Capture) -> Parsed:
    items = as_rows(items, fields=LIST_FIELDS, what="the list")
    session = _day(items, "UPDATE_DATE")
    rows, refused = read_items(items, lambda item: _line(item, session), json_text)
    require_enough(rows, fewest=FEWEST, what=f"Shanghai's list of {session}")
    return Parsed(refused=refused, tables={"eligible_lists": stamped(rows, ELIGIBLE, capture)})


def _line(item: Mapping[str, Any], session: date) -> Parts:
    yield {"session": session}
    yield {"code": stock_code(item.get("SECURITY_CODE"))}
    if str(flag := item.get("TRADE_FLAG")).strip() != "1":
        raise ValueError(f"TRADE_FLAG is {flag!r}; only 1 is known to mean that it may be bought")
    yield {
        "channel": SHANGHAI,
        "name": stock_name(item.get("ABBR_CN")),
        "name_en": stock_name(item.get("ABBR_EN")),
        "kind": stock_name(item.get("SECURITY_TYPE")),
    }


def _day(items: list[dict[str, Any]], name: str) -> date:
    """The one day that every row states."""
    texts = {json_text(item.get(name)) for item in items}
    if len(texts) > 1:
        raise LayoutChanged(f"one page states {len(texts)} days as {name}: {sorted(texts)[:3]}")
    text = items[0].get(name)
    for form in DAYS:
        try:
            return stated_day(text, form)
        except ValueError:
            continue
    raise LayoutChanged(f"{name} {text!r} is a date of none of the forms {', '.join(DAYS)}")


SOURCE = Source(
    name="sse_southbound",
    market="hkex",
    publisher="Shanghai Stock Exchange",
    base_url="https://query.sse.com.cn",
    group="mainland",
    gives=frozenset({"holdings", "eligible_lists"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "It lags HKEXnews by a day. Half of the Southbound holdings: the other half is"
        " Shenzhen's. No percent of the issued shares. Nothing before 2024-08-19."
    ),
    verified=(
        "Not tried live. Seen: raw JSON of the list, unpaged; of the holdings only the fields that"
        " public clients read, which ran until 2026-08. Not known: whether codes and holdings are"
        " text or numbers, the form of tradeDate (20260805 and 2026-08-05 are read), what is"
        " answered for a day that is not out (an empty page is expected) or has no session, and"
        " every TRADE_FLAG but 1. total and pageCount of pageHelp are known from other queries of"
        " this host and are compared only where they are stated."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
    official=True,
    first_day=FIRST_DAY,
)

"""The Shanghai exchange's answers: holdings through it by day, and what may be bought through it.

``SECURITY_TYPE`` (股票, ETF) and ``UPDATE_DATE`` (YYYY-MM-DD) as public clients expect them. Not
verified, and so invented: the answer to a day without figures (an empty list; so for days without
Southbound trading), that numbers are strings, what is beside the rows of an answer that is not
paged, and that names are English.
"""

import json
from datetime import date, datetime
from typing import Any

from market_assets.sandbox.hkex.days import (
    day_in,
    newest_channel_session_out,
    southbound_session_of,
    southbound_sessions,
    today,
)
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.messages import Answer, Question

HOLDINGS = ("/sseQuery/commonSoaQuery.do", "FW_HGTZL_GGTSCSJ_GGTZQCYSL")
ELIGIBLE = ("/commonQuery.do", "COMMON_SSE_JYFW_HGT_XXPL_BDZQQD_L")
FIRST_HOLDINGS = date(2024, 8, 19)
"""The first day the exchange gives holdings of."""

SITE = "https://www.sse.com.cn/"
KINDS = {"equity": "股票", "etf": "ETF"}
NAME_WIDTH = 8
FULL_WIDTH_SPACE = "\u3000"


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """Holdings or the eligible list; 403 without the site as referer, 404 for anything else."""
    asked = (question.path, question.query.get("sqlId", ""))
    if asked not in {HOLDINGS, ELIGIBLE}:
        return Answer(body=b"Not Found", media_type="text/plain", status=404)
    if not question.headers.get("referer", "").startswith(SITE):
        return Answer(body=b"Forbidden", media_type="text/plain", status=403)
    if asked == ELIGIBLE:
        return _paged(_eligible(market, southbound_session_of(today(now))), question)
    day = shown_day(question, now)
    return _paged(_holdings(market, day) if day else [], question)


def shown_day(question: Question, now: datetime) -> date | None:
    """The session whose holdings the answer has, None where it has none."""
    day = day_in(question.query.get("tradeDate", ""), "%Y%m%d")
    out = day is not None and FIRST_HOLDINGS <= day <= newest_channel_session_out(now)
    return day if out and day in southbound_sessions() else None


def _holdings(market: Market, day: date) -> list[dict[str, str]]:
    return [
        {
            "secCode": code,
            "totalHoldings": str(shares),
            "cnAbbr": name,
            "enAbbr": name,
            "tradeDate": f"{day:%Y%m%d}",
        }
        for code, name, shares in market.holdings(day).select("code", "name", "shanghai").rows()
        if shares
    ]


def _eligible(market: Market, day: date) -> list[dict[str, str]]:
    return [
        {
            "SECURITY_CODE": code,
            "ABBR_CN": name.ljust(NAME_WIDTH, FULL_WIDTH_SPACE),
            "ABBR_EN": name,
            "SECURITY_TYPE": KINDS[kind],
            "TRADE_FLAG": "1",
            "UPDATE_DATE": f"{day}",
        }
        for code, name, kind in market.eligible(day).rows()
    ]


def _paged(rows: list[dict[str, str]], question: Question) -> Answer:
    """A page of ``rows``; all of them where no size of a page is asked for."""
    size = question.query.get("pageHelp.pageSize")
    if size is None:
        return _answered({"pageHelp": {"data": None, "total": 0}, "result": rows})
    number, lines = int(question.query.get("pageHelp.pageNo", "1")), int(size)
    part = rows[(number - 1) * lines : number * lines]
    paging = {
        "data": part,
        "pageNo": number,
        "pageSize": lines,
        "pageCount": -(-len(rows) // lines),
        "total": len(rows),
    }
    return _answered({"pageHelp": paging, "result": part})


def _answered(body: dict[str, Any]) -> Answer:
    text = json.dumps(body, ensure_ascii=False)
    return Answer(body=text.encode(), media_type="application/json;charset=UTF-8")

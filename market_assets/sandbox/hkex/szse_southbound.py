"""The Shenzhen exchange's answers: holdings through it as a sheet, and what may be bought as JSON.

Not verified, and so invented: the third heading of the sheet (that of its Northbound sister,
turned round), that shares are text with thousands marks, a day without figures (a sheet with its
headings alone; so for days without Southbound trading), and that names are English.
"""

import io
import json
from datetime import date, datetime

import xlsxwriter

from market_assets.sandbox.hkex.days import (
    newest_channel_session_out,
    southbound_session_of,
    southbound_sessions,
    today,
)
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.messages import Answer, Question

SHEET, LIST = "/api/report/ShowReport", "/api/report/ShowReport/data"
HEADINGS = ("证券代码", "证券简称", "港股通投资者合计持有数量")
LIST_COLUMNS = {"zqdm": "证券代码", "zqjc": "中文简称", "zqywjc": "英文简称"}
PAGE_LINES = 20
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """The sheet of holdings or a page of the eligible list; 404 for anything else."""
    query = question.query
    asked = (question.path, query.get("SHOWTYPE"), query.get("CATALOGID"))
    if asked == (SHEET, "xlsx", "SGT_GGTCGSL"):
        day = shown_day(question, now)
        rows = market.holdings(day).select("code", "name", "shenzhen").rows() if day else []
        return Answer(body=_sheet(rows), media_type=WORKBOOK)
    if asked == (LIST, "JSON", "SGT_GGTBDQD"):
        return _eligible(market, int(query.get("PAGENO", "1")), now)
    return Answer(body=b"Not Found", media_type="text/plain", status=404)


def shown_day(question: Question, now: datetime) -> date | None:
    """The session whose holdings the answer has, None where it has none."""
    try:
        day = datetime.strptime(question.query.get("txtDate", ""), "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        return None
    return day if day <= newest_channel_session_out(now) and day in southbound_sessions() else None


def _sheet(rows: list[tuple[str, str, int]]) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "constant_memory": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("港股通持股数量")
        sheet.write_row(0, 0, HEADINGS)
        for place, (code, name, shares) in enumerate(rows, start=1):
            sheet.write_string(place, 0, code)
            sheet.write_string(place, 1, name)
            sheet.write_string(place, 2, f"{shares:,}")
    return file.getvalue()


def _eligible(market: Market, number: int, now: datetime) -> Answer:
    day = southbound_session_of(today(now))
    rows = market.eligible(day).rows()
    data = [
        {"zqdm": code, "zqjc": name, "zqywjc": name}
        for code, name, _ in rows[(number - 1) * PAGE_LINES : number * PAGE_LINES]
    ]
    metadata = {
        "catalogid": "SGT_GGTBDQD",
        "name": "港股通标的证券名单",
        "tabkey": "tab1",
        "subname": f"{day}",
        "cols": LIST_COLUMNS,
        "pageno": number,
        "pagesize": PAGE_LINES,
        "pagecount": -(-len(rows) // PAGE_LINES),
        "recordcount": len(rows),
    }
    body = json.dumps([{"metadata": metadata, "data": data, "error": None}], ensure_ascii=False)
    return Answer(body=body.encode(), media_type="application/json;charset=UTF-8")

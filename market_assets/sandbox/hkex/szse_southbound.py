"""The Shenzhen exchange's answers: holdings through it as a sheet, and what may be bought as JSON.

Not verified, and so invented: the third heading of the sheet (that of its Northbound sister,
turned round), that shares are text with thousands marks, a day without figures (a sheet with its
headings alone; so for days without Southbound trading), and that names are English.
"""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from html import escape

import xlsxwriter

from market_assets.sandbox.hkex.days import (
    day_in,
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
ROW = (
    '<row r="{0}">'
    '<c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    '<c r="B{0}" t="inlineStr"><is><t>{2}</t></is></c>'
    '<c r="C{0}" t="inlineStr"><is><t>{3}</t></is></c></row>'
)
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
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
    day = day_in(question.query.get("txtDate", ""), "%Y-%m-%d")
    out = day is not None and day <= newest_channel_session_out(now)
    return day if out and day in southbound_sessions() else None


def _sheet(rows: list[tuple[str, str, int]]) -> bytes:
    """The workbook; only its sheet is written anew, which takes a tenth of writing all of it."""
    cells = [HEADINGS, *((code, escape(name), f"{shares:,}") for code, name, shares in rows)]
    data = "".join([ROW.format(n, *row) for n, row in enumerate(cells, start=1)])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for part, content in _empty_workbook().items():
            sheet = content.replace("<sheetData/>", f"<sheetData>{data}</sheetData>")
            size = sheet.replace('<dimension ref="A1"/>', f'<dimension ref="A1:C{len(cells)}"/>')
            book.writestr(zipfile.ZipInfo(part, ZIP_EPOCH), size, zipfile.ZIP_DEFLATED)
    return file.getvalue()


@cache
def _empty_workbook() -> dict[str, str]:
    """The parts of a workbook with one empty sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2023, 1, 1, tzinfo=UTC)})
        book.add_worksheet("港股通持股数量")
    with zipfile.ZipFile(file) as parts:
        return {part: parts.read(part).decode() for part in parts.namelist()}


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

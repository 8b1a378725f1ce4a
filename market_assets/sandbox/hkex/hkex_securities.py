"""HKEXnews' list of stocks: a JSON array of code and name, as of a day.

Who does not ask with ``X-Requested-With: XMLHttpRequest`` gets the popup's shell (one client says
the header is needed in 2026, one of 2023 did without). Not verified: the date's effect, and what
an invalid one answers (here an empty list).
"""

import json
from datetime import datetime

from market_assets.sandbox.hkex.days import day_in, newest_day_out, served_day, served_range
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.stocks import mainland_lines
from market_assets.sandbox.messages import Answer, Question

PATH = "/sdw/search/stocklist.aspx"
SHELL = b"<!DOCTYPE html><html><head><title>List of Stocks</title></head><body></body></html>"


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """Everything listed on ``shareholdingdate`` (YYYYMMDD), by code; 404 for anything else."""
    if question.path != PATH:
        return Answer(body=b"<html><head><title>404</title></head></html>", status=404)
    if question.headers.get("x-requested-with") != "XMLHttpRequest":
        return Answer(body=SHELL)
    rows = _rows(question.query.get("shareholdingdate", ""), market, now)
    body = json.dumps(rows, separators=(",", ":"))
    return Answer(body=body.encode(), media_type="application/json; charset=utf-8")


def _rows(text: str, market: Market, now: datetime) -> list[dict[str, str]]:
    day = day_in(text, "%Y%m%d")
    first, last = served_range(now)
    if day is None or not first <= day <= last:
        return []
    listed = market.listed(served_day(min(day, newest_day_out(now)))).select("code", "name")
    lines = [(line.code, f"{line.name} (A #{line.a_code})") for line in mainland_lines()]
    return [{"c": code, "n": name} for code, name in sorted([*listed.rows(), *lines])]

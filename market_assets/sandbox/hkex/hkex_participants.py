"""HKEXnews' search of participants: who holds one stock on one day; a GET for the form, then POST.

Any listed code can be asked for. Not verified, and so invented: how the words about an unknown
stock are sent (here in ``alertMsg``, over a page without a result), the answer to a POST without
``btnSearch`` (the form), and that a day follows the rules of the pages of holdings.
"""

from datetime import date, datetime

import polars as pl

from market_assets.sandbox.hkex.days import newest_day_out, served_day, served_range
from market_assets.sandbox.hkex.form_state import INVALID_DATE, REFUSED, Form, posted_day
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.roster import Holders, holders
from market_assets.sandbox.hkex.searchsdw_page import page
from market_assets.sandbox.messages import Answer, Question

PATH = "/sdw/search/searchsdw.aspx"
FORM = Form(page=PATH, generator="A7B2BBE2", sort_by="shareholding", direction="desc")
UNKNOWN_STOCK = "Stock code does not exist OR not available for enquiry"
NOT_FOUND = Answer(body=b"<html><head><title>404</title></head></html>", status=404)


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """The form, or the holders of a stock; 404 for anything else."""
    if question.path != PATH:
        return NOT_FOUND
    asked = question.method == "POST"
    if asked and not FORM.admits(question.form, now):
        return REFUSED
    first, last = served_range(now)
    day = shown_day(question, now)
    alert, code, name, result = "", "", "", None
    if asked and question.form["__EVENTTARGET"] == "btnSearch":
        code = question.form.get("txtStockCode", "").strip().zfill(5)
        wanted = posted_day(question.form, "txtShareholdingDate")
        if not (wanted and first <= wanted <= last):
            alert = INVALID_DATE
        elif found := _found(market, day, code):
            name, result = found
        else:
            alert = UNKNOWN_STOCK
    hidden = FORM.fields(now, shown=day, alert=alert)
    action = PATH.rpartition("/")[2]
    return Answer(body=page(hidden, action=action, shown=day, code=code, name=name, result=result))


def shown_day(question: Question, now: datetime) -> date:
    """The day the answer to ``question`` is about and states."""
    first, last = served_range(now)
    wanted = posted_day(question.form, "txtShareholdingDate")
    day = wanted if wanted and first <= wanted <= last else last
    return served_day(min(day, newest_day_out(now)))


def _found(market: Market, day: date, code: str) -> tuple[str, Holders] | None:
    listed = market.listed(day).filter(pl.col("code") == code)
    if listed.is_empty():
        return None
    stock = listed.row(0, named=True)
    held = market.holdings(day).filter(pl.col("code") == code)
    channels = held.row(0, named=True) if held.height else {"shanghai": 0, "shenzhen": 0}
    found = holders(
        day,
        code,
        shanghai=channels["shanghai"],
        shenzhen=channels["shenzhen"],
        issued=stock["issued"],
        seed=market.seed,
    )
    return stock["name"], found

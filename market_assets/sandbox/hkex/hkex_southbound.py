"""HKEXnews' pages of Stock Connect holdings: a GET for the form and the newest day, a POST for any.

Not verified, and so invented: the day of a bare GET on a Sunday or Monday (here the day served for
yesterday, so Saturday); that a day not yet out shows the newest that is; that an invalid date
keeps the day shown before; what a POST without ``btnSearch`` does (here what a GET does).
"""

from datetime import date, datetime

from market_assets.sandbox.hkex.days import newest_day_out, served_day, served_range, today
from market_assets.sandbox.hkex.form_state import INVALID_DATE, REFUSED, Form, posted_day
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.mutualmarket_page import page, words
from market_assets.sandbox.hkex.northbound import northbound_rows, quarter_end_out
from market_assets.sandbox.messages import Answer, Question

PAGES = {"/sdw/search/mutualmarket.aspx": False, "/sdw/search/mutualmarket_c.aspx": True}
"""Path -> whether the page is Chinese."""

GENERATOR = "EC4ACD6F"
NOT_FOUND = Answer(body=b"<html><head><title>404</title></head></html>", status=404)


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """The page of ``t``: hk, sh or sz; 404 for anything else."""
    kind = question.query.get("t", "")
    if question.path not in PAGES or kind not in {"hk", "sh", "sz"}:
        return NOT_FOUND
    form = _form(question)
    if question.method == "POST" and not form.admits(question.form, now):
        return REFUSED
    wanted = _wanted(question, now)
    first, last = served_range(now)
    alert = "" if wanted and first <= wanted <= last else INVALID_DATE
    day = shown_day(question, now)
    chinese = PAGES[question.path]
    if kind == "hk":
        columns = market.holdings(day).select("code", "name", "shares", "percent")
        rows = columns.rows()
    else:
        rows = northbound_rows(kind, day, chinese=chinese, seed=market.seed)
    body = page(
        words(kind, chinese=chinese),
        rows,
        action=f"{question.path.rpartition('/')[2]}?t={kind}",
        hidden=form.fields(now, shown=day, alert=alert),
        shown=day,
        limits=(first, last),
    )
    return Answer(body=body)


def shown_day(question: Question, now: datetime) -> date:
    """The day the answer to ``question`` is about and states."""
    first, last = served_range(now)
    asked = (_wanted(question, now), posted_day(question.form, "originalShareholdingDate"), last)
    day = next(day for day in asked if day and first <= day <= last)
    day = min(day, newest_day_out(now))
    if question.query.get("t") == "hk":
        return served_day(day)
    return quarter_end_out(day, asked_on=today(now))


def _wanted(question: Question, now: datetime) -> date | None:
    """The day asked for, None where it is no date."""
    if question.method == "POST" and question.form.get("__EVENTTARGET") == "btnSearch":
        return posted_day(question.form, "txtShareholdingDate")
    return served_range(now)[1]


def _form(question: Question) -> Form:
    name = f"{question.path}?t={question.query['t']}"
    return Form(page=name, generator=GENERATOR, sort_by="stockcode", direction="asc")

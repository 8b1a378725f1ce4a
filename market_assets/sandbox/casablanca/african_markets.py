"""African Markets' answers: a Joomla table of companies, and a page with the index.

Invented where nothing was seen: the heading row's markup, the dash of an unchanged percentage,
that a suspended line keeps the day of its last trade, the volume of the index.
"""

import json
from datetime import date, timedelta
from html import escape

from market_assets.sandbox.african_table import change, company_row, company_table
from market_assets.sandbox.casablanca.last_trade import last_trade
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question

BASE = "/en/stock-markets/bvc"
DEAD = ("Holcim ( Maroc )", "Industrials", "", "<p></p>", "&nbsp;", "", "")
DEAD_DAY = "15/03"


def answer(question: Question, market: Market, moment: Moment) -> Answer:
    """The list of companies or the exchange's page; 404 for anything else."""
    if question.path == f"{BASE}/listed-companies":
        return _page(_companies(market, moment))
    if question.path == BASE:
        return _page(_chart(market, moment.session))
    return Answer(body=b"<!DOCTYPE html><html><title>404</title></html>", status=404)


def _page(content: str) -> Answer:
    page = f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en-gb" lang="en-gb">
<head><meta charset="utf-8" /><title>BVC - African Markets</title></head>
<body class="site com_content">
<ul class="nav"><li><a href="/en/stock-markets/ngse">NGX</a></li></ul>
{content}
</body></html>
"""
    return Answer(body=page.encode())


def _companies(market: Market, moment: Moment) -> str:
    year_end = date(moment.session.year - 1, 12, 31)
    rows = [company_row(BASE, "HOL", DEAD)]
    for truth in market.truths(moment.session):
        if code := truth.line.african_markets_code:
            before = market.history(truth.line.ticker, year_end - timedelta(days=14), year_end)
            first = before[-1].close if before else truth.close
            rows.append(_company(code, truth, _day(truth, market), last_year_close=first))
    return company_table(rows)


def _day(truth: Truth, market: Market) -> str:
    """The session, or of a suspended line the day of its last trade; years are not shown."""
    shown = truth
    if truth.status == "S":
        shown = last_trade(market, truth.line.ticker, truth.session)
    return f"{shown.session:%d/%m}" if shown else DEAD_DAY


def _company(code: str, truth: Truth, day: str, *, last_year_close: float) -> str:
    line = truth.line
    alive = truth.status != "S"
    cells = (
        escape(line.name.title()),
        escape(line.icb_sector or ""),
        f"{truth.close:,.2f}",
        change(truth.close / truth.previous_close - 1) if alive else "<p>-</p>",
        change(truth.close / last_year_close - 1) if alive else "<p>-</p>",
        f"{truth.market_cap / 1e9:,.2f}",
        day,
    )
    return company_row(BASE, code, cells)


def _chart(market: Market, session: date) -> str:
    points = [
        {"date": f"{day}", "close": f"{level:.2f}", "volume": round(level * 1000)}
        for day, level in market.index(market.first_session, session)
    ]
    return f"<script>\nvar chartData = {json.dumps(points)};\nAmCharts.ready();\n</script>"

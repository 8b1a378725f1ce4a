"""African Markets' answers about the neighbours: the table of companies of each exchange.

Invented where nothing was seen: the headings' markup, the codes, the currency of Cairo's lines in
dollars, a line whose market cap is 0.00, and a dead line that keeps the day of its last trade.
"""

from datetime import datetime, timedelta
from html import escape

from market_assets.calendars.sessions import session_before
from market_assets.sandbox.africa.days import shown_session
from market_assets.sandbox.africa.market import Market, Truth
from market_assets.sandbox.african_table import change, company_row, company_table
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.africa.exchanges import EXCHANGES

FOLDER = "/en/stock-markets"
SLUGS = {place.list_slug: place.mic for place in EXCHANGES if place.calendar}
DEAD_FOR = timedelta(days=150)
UNVALUED = 3
"""The place of the line whose market cap is 0.00."""


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """The list of an exchange; 404 for anything else."""
    slug = question.path.removesuffix("/listed-companies").rpartition("/")[2]
    if question.path != f"{FOLDER}/{slug}/listed-companies" or slug not in SLUGS:
        return Answer(body=b"<!DOCTYPE html><html><title>404</title></html>", status=404)
    mic = SLUGS[slug]
    session = shown_session("african_lists", mic, now)
    rows = [
        _company(slug, truth, unvalued=place == UNVALUED)
        for place, truth in enumerate(market.truths(mic, session))
    ]
    dead = f"{session_before(mic, session - DEAD_FOR):%d/%m}"
    gone = ("Gone Plc", "Industrials", "1.00", "<p>-</p>", "<p>-</p>", "0.01", dead)
    rows.append(company_row(f"{FOLDER}/{slug}", "GONE", gone))
    text = (
        '<!DOCTYPE html>\n<html xml:lang="en-gb" lang="en-gb"><head><meta charset="utf-8" />'
        f"<title>{slug.upper()} - African Markets</title></head><body>\n"
        f"{company_table(rows)}\n</body></html>\n"
    )
    return Answer(body=text.encode())


def _company(slug: str, truth: Truth, *, unvalued: bool) -> str:
    cells = (
        escape(truth.line.name),
        escape(truth.line.icb_sector),
        f"{truth.close:,.{3 if truth.close != round(truth.close, 2) else 2}f}",
        change(truth.close / truth.previous_close - 1),
        "<p>-</p>",
        "0.00" if unvalued else f"{truth.market_cap / 1e9:,.2f}",
        f"{truth.session:%d/%m}",
    )
    return company_row(f"{FOLDER}/{slug}", truth.line.ticker, cells)

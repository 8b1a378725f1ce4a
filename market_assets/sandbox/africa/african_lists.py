"""African Markets' answers about the neighbours: the table of companies of each exchange.

Invented where nothing was seen: the headings' markup, the codes, the currency of Cairo's lines in
dollars, a line whose market cap is 0.00, and a dead line that keeps the day of its last trade.
"""

from datetime import datetime, timedelta
from html import escape

from market_assets.calendars.sessions import session_before
from market_assets.sandbox.africa.days import shown_session
from market_assets.sandbox.africa.market import Market, Truth
from market_assets.sandbox.messages import Answer, Question

FOLDER = "/en/stock-markets"
SLUGS = {"ngse": "XNSA", "egx": "XCAI", "jse": "XJSE"}
HEADINGS = ("Company", "Sector", "Price", "1D", "YTD", "M.Cap", "Date")
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
    rows.append(_row(slug, "GONE", gone))
    heads = "".join(f'<th class="tabcol">{heading}</th>' for heading in HEADINGS)
    text = (
        '<!DOCTYPE html>\n<html xml:lang="en-gb" lang="en-gb"><head><meta charset="utf-8" />'
        f"<title>{slug.upper()} - African Markets</title></head><body>\n"
        f'<table class="tabtable-rs_7f98zx7q"><thead><tr>{heads}</tr></thead>\n<tbody>'
        + "\n".join(rows)
        + "</tbody></table>\n</body></html>\n"
    )
    return Answer(body=text.encode())


def _company(slug: str, truth: Truth, *, unvalued: bool) -> str:
    cells = (
        escape(truth.line.name),
        escape(truth.line.icb_sector),
        f"{truth.close:,.{3 if truth.close != round(truth.close, 2) else 2}f}",
        _change(truth.close / truth.previous_close - 1),
        "<p>-</p>",
        "0.00" if unvalued else f"{truth.market_cap / 1e9:,.2f}",
        f"{truth.session:%d/%m}",
    )
    return _row(slug, truth.line.ticker, cells)


def _row(slug: str, code: str, cells: tuple[str, ...]) -> str:
    link = f"{FOLDER}/{slug}/listed-companies/company?code={code}"
    linked = (f'<a href="{link}">{cells[0]}</a>', *cells[1:])
    columns = enumerate(linked, start=1)
    return (
        '<tr class="tabrow">'
        + "".join(f'<td class="tabcol col_width_{i}">{cell}</td>' for i, cell in columns)
        + "</tr>"
    )


def _change(fraction: float) -> str:
    text = f"{fraction:+.2%}"
    if text in {"+0.00%", "-0.00%"}:
        return "<p>-</p>"
    return f'<font color="{"green" if fraction > 0 else "red"}">{text}</font>'

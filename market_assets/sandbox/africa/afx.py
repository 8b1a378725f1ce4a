"""AFX's answers: minified pages with the index, movers and the list of shares.

Invented where nothing was seen: how many shares a page holds, the headings of the movers, which
change an untraded share shows.
"""

from datetime import datetime
from html import escape

from market_assets.sandbox.africa.days import shown_session
from market_assets.sandbox.africa.market import Market, Truth
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.africa.exchanges import EXCHANGES

SLUGS = {place.afx_slug: place.mic for place in EXCHANGES if place.calendar}
PAGE = 100


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """One page of an exchange's list, past the end the last one again; 404 for anything else."""
    slug = question.path.strip("/")
    if question.path != f"/{slug}/" or slug not in SLUGS:
        return Answer(body=b"<!doctype html><title>404</title>", status=404)
    mic = SLUGS[slug]
    truths = market.truths(mic, shown_session("afx", mic, now))
    pages = -(-len(truths) // PAGE)
    page = min(int(question.query.get("page", "1")), pages)
    shown = truths[PAGE * (page - 1) : PAGE * page]
    movers = "".join(f"<tr><td>{x.line.ticker}<td>{x.close:,.2f}<td>+1.00%" for x in truths[:3])
    text = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{slug.upper()}</title><body>"
        "<table><tr><th>ASI Index<th>Year-to-Date<th>Market Cap."
        "<tr><td>165,370.40 (-156.91)<td>+9,757.37 (6.27%)<td>NGN 105.88Tr</table>"
        f"<table><tr><th>Ticker<th>Price<th>Change{movers}</table>"
        "<div class=t><table><thead><tr><th>Ticker<th>Name<th>Volume<th>Price<th>Change<tbody>"
        + "".join(_row(slug, truth) for truth in shown)
        + "</table></div></body></html>"
    )
    return Answer(body=text.encode())


def _row(slug: str, truth: Truth) -> str:
    ticker = truth.line.ticker
    volume = f"{truth.volume:,}" if truth.volume else ""
    change = f"{truth.close - truth.previous_close:+,.2f}" if truth.volume else ""
    return (
        f"<tr><td><a href=/{slug}/{ticker.lower()}.html>{ticker}</a>"
        f"<td>{escape(truth.line.name)}<td>{volume}<td>{truth.close:,.2f}<td>{change}"
    )

"""AFX's lists of shares: prices and volumes of three exchanges, of no stated day.

``/jse/``, ``/ngx/``, ``/brvm/``, further pages ``?page=2``; past the end the last page comes again.
Minified HTML that closes neither ``td`` nor ``tr``. Of its tables the list is the one with the
headings Ticker | Name | Volume | Price | Change; the box of the index and the movers are not read.

- Prices are in the exchange's currency: rand, not cents, in Johannesburg; numbers are English.
- An empty volume is a line that did not trade, as clients say; its price is of an earlier session.
  A dash states nothing.
- Nothing states the day, so rows get the session that was asked for and are not ``dated``.
"""

import re
from typing import Any

from parsel import Selector

from market_assets.domain.numbers import NumberFormat, number, whole
from market_assets.sources.africa.exchanges import EXCHANGES, Exchange
from market_assets.sources.africa.items import african, stated_name, stated_ticker
from market_assets.sources.company_lists import cell_text
from market_assets.sources.reading import body_text
from market_assets.sources.rows import Parts, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

ENGLISH = NumberFormat(decimal=".", groups=(",",))
HEADINGS = ("ticker", "name", "volume", "price", "change")
PATH = re.compile(r"/([a-z]+)/(?:[?#]|\Z)")
NAME = re.compile("([a-z]+)")
ROW = re.compile(rb"<tr\b")
MOST_PAGES = 9


def snapshot(_ask: Ask) -> Conversation:
    """The list of each exchange whose sessions are known, page by page to the last.

    The last is the one that is shorter than the first, or brings the page before again.
    """
    for exchange in EXCHANGES:
        if not exchange.calendar or exchange.afx_slug is None:
            continue
        first: int | None = None
        before = b""
        for page in range(1, MOST_PAGES + 1):
            answer = yield Request(
                key=f"{exchange.afx_slug}/{page}",
                path=f"/{exchange.afx_slug}/",
                params={} if page == 1 else {"page": str(page)},
            )
            rows = len(ROW.findall(answer.body))
            first = rows if first is None else first
            if not rows or rows < first or answer.body == before:
                break
            before = answer.body


def parse(capture: Capture) -> Parsed:
    """Price and volume of the shares on one page, as of the session that was asked for."""
    body_text(capture)
    if capture.body.rfind(b"</table") < capture.body.rfind(b"<tr"):
        raise LayoutChanged("the list of shares breaks off before its end")
    exchange = _exchange(capture)
    shares = _shares(capture.body)
    rows, refused = read_rows(
        shares,
        lambda share: _row(share, exchange, capture),
        lambda share: " | ".join(map(cell_text, share)),
    )
    return african(rows, refused, capture, dated=False)


def _exchange(capture: Capture) -> Exchange:
    """The exchange that the page was asked of: the address says so, or else the name."""
    said = PATH.search(capture.url) or NAME.match(capture.key)
    slug = said[1] if said else capture.key
    for exchange in EXCHANGES:
        if exchange.afx_slug == slug:
            return exchange
    raise NotThisPage(f"a list of no known exchange: {slug!r}; call a saved page as ngx.html")


def _shares(body: bytes) -> list[Any]:
    """The rows of the list as elements, without its headings."""
    page = Selector(body=body, encoding="utf-8", type="html").root
    tables = page.xpath("//table")
    if not tables:
        raise NotThisPage("no table: not a page of AFX")
    for table in tables:
        rows = table.xpath(".//tr")
        if rows and tuple(cell_text(cell).casefold() for cell in rows[0]) == HEADINGS:
            if len(rows) == 1:
                raise EmptyPage("the list of shares has no row")
            return rows[1:]
    raise LayoutChanged(f"no table with the headings {' | '.join(HEADINGS)}")


def _row(share: Any, exchange: Exchange, capture: Capture) -> Parts:  # noqa: ANN401  an lxml element
    cells = dict(zip(HEADINGS, map(cell_text, share), strict=False))
    if len(share) != len(HEADINGS):
        raise ValueError(f"{len(share)} cells under {len(HEADINGS)} headings")
    ticker = stated_ticker(cells["ticker"])
    yield {"mic": exchange.mic, "ticker": ticker, "currency": exchange.currency}
    yield {"session": capture.last_session}
    volume = whole(cells["volume"] or "0", ENGLISH)
    yield {
        "close": number(cells["price"], ENGLISH) or None,
        "status": None if volume is None else "T" if volume else "NT",
        "volume": volume,
        "name": stated_name(cells["name"], ticker=ticker),
    }


SOURCE = Source(
    name="afx",
    market="africa",
    publisher="AFX",
    base_url="https://afx.kwayisi.org",
    group="afx",
    gives=frozenset({"close", "volume"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Asked only where a user chose it: it refuses datacentres and bursts. Prices have no date"
        " and may be of an earlier session; no turnover, high or low."
    ),
    verified=(
        "Not tried live, and no page was seen: tables, headings and unclosed cells are as public"
        " clients describe them. Tickers, names and volumes that one of them derived from five"
        " exchanges' pages of 2025-11-28 were compared. Not known: how many shares a page holds,"
        " that the list is told by its headings."
    ),
    parse=parse,
    snapshot=snapshot,
    states_date=False,
    live=False,
)

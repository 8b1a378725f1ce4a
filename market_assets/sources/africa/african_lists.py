"""African Markets' lists of the neighbours' companies: closes and rounded market caps, no volume.

``/en/stock-markets/<slug>/listed-companies``, the table of ``company_lists``. Asked for are the
exchanges whose sessions are known; pages of others are read too (``exchanges``).

- The date has no year. A row that is far older than the newest of its page may be of any year, so
  it is put aside.
- M.Cap is in billions of the exchange's currency; 0 is missing.
- Codes may carry a suffix, as Casablanca's do (``ADI.MA``): what stands behind a dot is dropped.
- In which currency it states Cairo's lines in dollars nobody has seen: they are put aside.
- Lists of some exchanges have only Company and Sector; such a page is a changed layout.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from market_assets.sources.africa.exchanges import DOLLAR_LINES, EXCHANGES, Exchange
from market_assets.sources.africa.items import african, stated_name, stated_ticker
from market_assets.sources.company_lists import (
    LINK,
    cell_text,
    company_link,
    latest_day,
    latest_possible,
    listed_companies,
    stated_market_cap,
    stated_price,
)
from market_assets.sources.reading import body_text
from market_assets.sources.refusals import RowRefused
from market_assets.sources.rows import Parts, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

SLUG = re.compile(r"(?:stock-markets|bourse)/([a-z]+)/listed-companies")
NAME = re.compile("([a-z]+)")
OLDEST = timedelta(days=31)
"""Before the newest day of the page."""
CAIRO = "XCAI"


def snapshot(_ask: Ask) -> Conversation:
    """The list of each exchange whose sessions are known."""
    for exchange in EXCHANGES:
        if exchange.calendar:
            folder = f"/en/stock-markets/{exchange.list_slug}"
            yield Request(key=exchange.list_slug, path=f"{folder}/listed-companies", referer=folder)


def parse(capture: Capture) -> Parsed:
    """Close and market cap of the companies of one exchange on the days they state."""
    page = body_text(capture)
    if "company?code=" not in page:
        raise NotThisPage("no link to a company: not a list of African Markets")
    if "</html>" not in page:
        raise LayoutChanged("the list of companies breaks off before its end")
    companies, columns = listed_companies(capture.body)
    exchange = _exchange(company_link(companies[0]), capture)
    not_after = latest_possible(capture)
    oldest = _newest(companies, columns, not_after=not_after) - OLDEST
    rows, refused = read_rows(
        companies,
        lambda company: _row(company, columns, exchange, between=(oldest, not_after)),
        lambda company: " | ".join(map(cell_text, company)),
    )
    return african(rows, refused, capture, dated=True)


def _exchange(link: str, capture: Capture) -> Exchange:
    """The exchange that the page is of: its links say so, or else the address or the name."""
    said = SLUG.search(link) or SLUG.search(capture.url) or NAME.match(capture.key)
    slug = said[1] if said else capture.key
    for exchange in EXCHANGES:
        if exchange.list_slug == slug:
            return exchange
    raise NotThisPage(f"a list of no known exchange: {slug!r}; call a saved page as ngse.html")


def _newest(companies: list[Any], columns: Mapping[str, int], *, not_after: date) -> date:
    """The newest day that a row states, or the newest possible one where none does."""
    days: list[date] = []
    for company in companies:
        if len(company) != len(columns):
            continue
        text = cell_text(company[columns["date"]])
        if re.fullmatch("[0-3][0-9]/[01][0-9]", text):
            try:
                days.append(latest_day(text, not_after=not_after))
            except ValueError:
                continue  # its row is put aside for it
    return max(days, default=not_after)


def _row(
    company: Any,  # noqa: ANN401  an lxml element
    columns: Mapping[str, int],
    exchange: Exchange,
    *,
    between: tuple[date, date],
) -> Parts:
    if len(company) != len(columns):
        raise ValueError(f"{len(company)} cells under {len(columns)} headings")
    link = company_link(company)
    code = LINK.search(link)
    if code is None or ((said := SLUG.search(link)) and said[1] != exchange.list_slug):
        raise ValueError(f"a link to no company of {exchange.list_slug}: {link!r}")
    ticker = stated_ticker(code[1].partition(".")[0])
    yield {"mic": exchange.mic, "ticker": ticker, "currency": exchange.currency}
    close = stated_price(cell_text(company[columns["price"]]))
    oldest, not_after = between
    session = latest_day(cell_text(company[columns["date"]]), not_after=not_after)
    if session < oldest:
        raise RowRefused("stale", f"so old, {session:%d/%m} may be a day of any year")
    yield {"session": session}
    if exchange.mic == CAIRO and ticker in DOLLAR_LINES:
        raise ValueError("a line in dollars, whose currency this list does not state")
    yield {
        "close": close,
        "market_cap": stated_market_cap(cell_text(company[columns["m.cap"]])),
        "name": stated_name(cell_text(company[columns["company"]]), ticker=ticker),
        "sector": stated_name(cell_text(company[columns["sector"]]), ticker=ticker),
    }


SOURCE = Source(
    name="african_lists",
    market="africa",
    publisher="African Markets",
    base_url="https://www.african-markets.com",
    group="african_markets",
    gives=frozenset({"close", "market_cap"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Asked only where a user chose it: it stands behind Cloudflare and nobody has read its"
        " terms. No volume. The year of a date is inferred. It may still show the session before."
    ),
    verified=(
        "Not tried live. No page of a list was seen whole; the table is Casablanca's, which"
        " clients of 2024-26 describe, one of them for Nigeria too. Not known: the codes of the"
        " other exchanges, the currency of Cairo's lines in dollars and of Johannesburg's prices"
        " (rand is read), which exchanges show no prices."
    ),
    parse=parse,
    snapshot=snapshot,
    live=False,
)

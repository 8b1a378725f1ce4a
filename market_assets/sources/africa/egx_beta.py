"""The Egyptian exchange's market watch, as the JSON behind its beta site.

``GET /api/bff/egx/market-watch`` answers ``{"data": {"data": [...]}}``, some 221 objects in pages
of up to 250; the next page is asked for after a full one. Who saves several pages may have put
their objects into one list, which says the same.

- Nine lines are quoted in US dollars (``currShort`` "US$"): their prices are dollars, but ``value``
  and ``mc`` are Egyptian pounds, as of all others ("L.E"). Nothing is converted.
- ``lastTradeDate`` is the day a row states. ``closePrice`` is read: it may be not ``lastPrice``,
  and lay outside high and low in one of the 220 shares seen. ``openPrice`` was the previous close
  of every one: no opening is read. A market cap of 0 is missing.
- A bond (``symbolType`` "B") is put aside; funds are among the shares ("C").
- The exchange's firewall refuses with a page that says "Request Rejected", under any status.
"""

from collections.abc import Mapping
from typing import Any

from market_assets.sources.africa.items import (
    african,
    count,
    figure,
    price,
    stated_name,
    stated_ticker,
)
from market_assets.sources.reading import (
    as_object,
    body_text,
    json_value,
    refuse_rejection,
    stated,
    stated_day,
)
from market_assets.sources.refusals import RowRefused
from market_assets.sources.rows import Parts, as_rows, json_text, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.messages import Capture, Conversation, Request

PAGE = 250
MOST_PAGES = 4
FIELDS = (
    "reuters",
    "isin",
    "name",
    "sector",
    "currShort",
    "high",
    "low",
    "closePrice",
    "volume",
    "value",
    "trades",
    "mc",
    "symbolType",
    "lastTradeDate",
)
MIC, SUFFIX = "XCAI", ".CA"
CURRENCIES = {"L.E": "EGP", "US$": "USD"}
ROW_MARK = b'"reuters"'


def snapshot(_ask: Ask) -> Conversation:
    """The market watch of the newest session, page by page while pages are full."""
    for page in range(1, MOST_PAGES + 1):
        answer = yield Request(
            key=f"market_watch/{page}",
            path="/api/bff/egx/market-watch",
            params={
                "Page": str(page),
                "PageSize": str(PAGE),
                "SortBy": "value",
                "SortDescending": "true",
            },
            headers={"Accept": "application/json"},
            referer="/en/market/market-watch",
        )
        if answer.body.count(ROW_MARK) < PAGE:
            return


def parse(capture: Capture) -> Parsed:
    """Quotes and listings of all shares, each of the day it states."""
    refuse_rejection(capture)
    text = body_text(capture)
    page = json_value(text, "the market watch")
    if not text.startswith("["):
        outer = stated(as_object(page, "the market watch"), "data")
        page = stated(as_object(outer, "its data"), "data")
    return read(as_rows(page, fields=FIELDS, what="the market watch"), capture)


def read(items: list[dict[str, Any]], capture: Capture) -> Parsed:
    """What ``items`` of the market watch say."""
    rows, refused = read_rows(items, _row, json_text)
    return african(rows, refused, capture, dated=True)


def _row(item: Mapping[str, Any]) -> Parts:
    if (kind := item.get("symbolType")) != "C":
        raise RowRefused("unknown_line", f"no share: symbolType {kind!r}")
    symbol = item.get("reuters")
    if not isinstance(symbol, str) or not symbol.endswith(SUFFIX):
        raise ValueError(f"{symbol!r} is not a symbol of Cairo")
    ticker = stated_ticker(symbol.removesuffix(SUFFIX))
    yield {"mic": MIC, "ticker": ticker}
    yield {"session": stated_day(item.get("lastTradeDate"), "%Y-%m-%dT00:00:00")}
    if (currency := CURRENCIES.get(str(item.get("currShort")))) is None:
        raise ValueError(f"prices in {item.get('currShort')!r}, a currency nobody has seen here")
    volume = count(item.get("volume"))
    untraded = volume == 0
    yield {
        "currency": currency,
        "close": price(item.get("closePrice")),
        "status": "NT" if untraded else "T" if volume else None,
        "volume": volume,
        "turnover": figure(item.get("value")),
        "trades": count(item.get("trades")),
        "high": None if untraded else price(item.get("high")),
        "low": None if untraded else price(item.get("low")),
        "market_cap": figure(item.get("mc")) or None,
        "isin": stated_name(item.get("isin"), ticker=ticker),
        "name": stated_name(item.get("name"), ticker=ticker),
        "sector": stated_name(item.get("sector"), ticker=ticker),
    }


SOURCE = Source(
    name="egx_beta",
    market="africa",
    publisher="Egyptian Exchange",
    base_url="https://beta.egx.com.eg",
    group="egx",
    gives=frozenset({"high", "low", "close", "volume", "turnover", "trades", "market_cap"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Asked only where a user chose it: the only client known to work is a browser, and its"
        " firewall refuses scripts. Nine lines are quoted in dollars, their turnover and market"
        " cap in pounds."
    ),
    verified=(
        "Not tried live. Seen: 221 raw rows, merged from their pages by a public project. Not"
        " known: that a plain request succeeds, what a page holds beside its rows, what an"
        " untraded line says (all seen had traded). In both captures known writeTime is the"
        " afternoon of the session after lastTradeDate: which of the two the figures are of is not"
        " verified; lastTradeDate is read."
    ),
    parse=parse,
    snapshot=snapshot,
    official=True,
    live=False,
)

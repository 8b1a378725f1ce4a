"""The Nigerian exchange's price list, as JSON: the newest session of every share, 30 minutes late.

``GET /REST/api/statistics/equities/`` answers an array of some 146 objects; with a page size of 300
one client got 85, so 1000 are asked for and fewer than 100 are held back.

- ``TradeDate`` is a day in Lagos without a zone; each row goes to the day it states.
- ``HighPrice`` and ``LowPrice`` are null where the close did not move, although shares changed
  hands. ``ClosePrice`` is null of a line without a trade yet: the previous close then stands, and
  the line did not trade; with shares, trades or money it is part of a day. Of the volume of such a
  line nothing is known but what the row states.
- ``OpeningPrice`` was the previous close in every row seen: no opening is read.
- ``Value`` is money. ``Symbol`` and ``Company2`` may end in marks such as ``[MRF]``; in the rows
  seen ``Company2`` was the symbol. ``$id`` and ``Id`` are not stable.
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
from market_assets.sources.reading import body_text, json_value, stated_day
from market_assets.sources.refusals import RowRefused
from market_assets.sources.rows import Parts, as_rows, json_text, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage
from market_assets.web.messages import Capture, Conversation, Request

FEWEST = 100
"""Rows; a shorter answer is a part of the list."""
PAGE = 1000
FIELDS = (
    "Symbol",
    "PrevClosingPrice",
    "HighPrice",
    "LowPrice",
    "ClosePrice",
    "Trades",
    "Volume",
    "Value",
    "TradeDate",
)
MIC, CURRENCY = "XNSA", "NGN"


def snapshot(_ask: Ask) -> Conversation:
    """The price list of the newest session, in one question."""
    yield Request(
        key="equities",
        path="/REST/api/statistics/equities/",
        params={"market": "", "sector": "", "orderby": "", "pageSize": str(PAGE), "pageNo": "0"},
        headers={"Accept": "application/json"},
    )


def parse(capture: Capture) -> Parsed:
    """Quotes and listings of all shares, each of the day it states."""
    what = "the price list"
    items = as_rows(json_value(body_text(capture), what), fields=FIELDS, what=what)
    if len(items) < FEWEST:
        raise EmptyPage(f"held back: {len(items)} rows of the price list, fewer than {FEWEST}")
    return read(items, capture)


def read(items: list[dict[str, Any]], capture: Capture) -> Parsed:
    """What ``items`` of the price list say, however many they are."""
    rows, refused = read_rows(items, _row, json_text)
    return african(rows, refused, capture, dated=True)


def _row(item: Mapping[str, Any]) -> Parts:
    ticker = stated_ticker(item.get("Symbol"))
    yield {"mic": MIC, "ticker": ticker, "currency": CURRENCY}
    yield {"session": stated_day(item.get("TradeDate"), "%Y-%m-%dT00:00:00")}
    close, volume = price(item.get("ClosePrice")), count(item.get("Volume"))
    turnover, trades = figure(item.get("Value")), count(item.get("Trades"))
    traded = close is not None and volume != 0
    if not traded and (volume or turnover or trades):
        said = f"{volume} shares in {trades} trades for {turnover}, a close of {close}"
        raise RowRefused("before_close", f"{said}: part of a day")
    yield {
        "close": close or price(item.get("PrevClosingPrice")),
        "status": "T" if traded and volume else None if traded else "NT",
        "volume": volume,
        "turnover": turnover,
        "trades": trades,
        "high": price(item.get("HighPrice")) if traded else None,
        "low": price(item.get("LowPrice")) if traded else None,
        "name": stated_name(item.get("Company2"), ticker=ticker),
        "sector": stated_name(item.get("Sector"), ticker=ticker),
    }


SOURCE = Source(
    name="ngx",
    market="africa",
    publisher="Nigerian Exchange Group",
    base_url="https://doclib.ngxgroup.com",
    group="ngx",
    gives=frozenset({"high", "low", "close", "volume", "turnover", "trades"}),
    terms=(
        "NGX's terms forbid systematic automated collection without written consent, and"
        " publishing again."
    ),
    caution=(
        "Asked only where a user chose it: its terms forbid automated collection. The newest"
        " session alone, 30 minutes late; no opening price and no market cap."
    ),
    verified=(
        "Not tried live. Seen: five raw rows of 2026-06-05. Not known: what a line says that did"
        " not trade all day (a volume of 0, or a null close, is taken for that), whether it then"
        " states the day of its last trade, whether bare NaN comes from here."
    ),
    parse=parse,
    snapshot=snapshot,
    official=True,
    live=False,
)

"""TradingView's scanner: one snapshot of the whole market, without a date.

``POST /morocco/scan`` with the columns wanted; the answer is ``{"totalCount": 77, "data": [{"s":
"CSEMA:ATW", "d": [...]}]}``: symbol, then the values in the order of the columns, any of them
null. Nothing says which session the values belong to, so rows take the session that was asked for
and a stale row cannot be told: the source weighs less. The symbols of indices are no lines and are
left out. A ``totalCount`` that differs from the rows received is a cut answer, refused whole.
``volume`` is shares by TradingView's convention. ``market_cap_basic`` is asked for but not used:
its currency is not stated; the sectors are TradingView's own, not the exchange's.
"""

from typing import Any

from market_assets.domain.numbers import json_number, json_whole
from market_assets.sources.reading import as_list, as_object, body_text, json_value, stated
from market_assets.sources.rows import Parts, as_rows, json_text, quoted, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import LayoutChanged
from market_assets.web.messages import Capture, Conversation, Request

COLUMNS = (
    "name",
    "close",
    "change",
    "change_abs",
    "volume",
    "open",
    "high",
    "low",
    "market_cap_basic",
    "sector",
    "average_volume_10d_calc",
    "average_volume_30d_calc",
    "average_volume_90d_calc",
)
EXCHANGE = "CSEMA:"
INDICES = frozenset({"CSEMA:MASI", "CSEMA:MSI20"})
MOST_ROWS = 500


def snapshot(ask: Ask) -> Conversation:  # noqa: ARG001  one question whatever the lines
    """The one question: every line of the market."""
    yield Request(
        key="scan",
        path="/morocco/scan",
        method="POST",
        json={
            "columns": list(COLUMNS),
            "range": [0, MOST_ROWS],
            "markets": ["morocco"],
            "sort": {"sortBy": "name", "sortOrder": "asc"},
        },
    )


def parse(capture: Capture) -> Parsed:
    """A row per line, dated with the session that was asked for."""
    page = as_object(json_value(body_text(capture), "a scan"), "a scan")
    total = stated(page, "totalCount")
    data = as_rows(stated(page, "data"), fields=("s", "d"), what="the data of a scan")
    if total != len(data):
        raise LayoutChanged(f"totalCount is {total!r}, but {len(data)} rows came")
    lines = [row for row in data if row.get("s") not in INDICES]
    rows, refused = read_rows(lines, lambda row: _quote(row, capture), json_text)
    return Parsed(quotes=quoted(rows, capture, dated=False), refused=refused)


def _quote(row: dict[str, Any], capture: Capture) -> Parts:
    symbol, values = row.get("s"), as_list(row.get("d"), "d")
    if len(values) != len(COLUMNS):
        raise LayoutChanged(f"{symbol!r} has {len(values)} values for {len(COLUMNS)} columns")
    value = dict[str, Any](zip(COLUMNS, values, strict=True))
    if symbol != f"{EXCHANGE}{value['name']}":
        raise ValueError(f"the symbol {symbol!r} is not {EXCHANGE} and the name {value['name']!r}")
    yield {"ticker": value["name"], "session": capture.last_session}
    yield {
        "open": json_number(value["open"], strings=None),
        "high": json_number(value["high"], strings=None),
        "low": json_number(value["low"], strings=None),
        "close": json_number(value["close"], strings=None),
        "volume": json_whole(value["volume"], strings=None),
    }


SOURCE = Source(
    name="tradingview",
    market="casablanca",
    publisher="TradingView",
    base_url="https://scanner.tradingview.com",
    group="tradingview",
    gives=frozenset({"open", "high", "low", "close", "volume"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "It states no date: a line that did not trade, or a whole stale page, looks like today's."
    ),
    verified=(
        "Not tried live. A public project's own scheduled runs posted this question and kept 77 "
        "records on 2026-09-24, with ATW at the official close. Not seen: a raw body, the unit of "
        "volume (shares by TradingView's convention), what an untraded line carries."
    ),
    parse=parse,
    snapshot=snapshot,
    states_date=False,
)

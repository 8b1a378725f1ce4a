"""Yahoo Finance: asked only on request, because no Casablanca line is known to exist there.

``GET /v8/finance/chart/ATW.CS``. The suffix ``.CS`` is Reuters style; no client ever showed a row
for it, and the answer to expect is 404 ``{"chart": {"result": null, "error": {"code": "Not
Found"}}}``. The conversation therefore ends at the first 404.

Two traps, should an answer come. A ticker is many companies (ATW, ADI, BCP and CDM are American
ones, MASI is Masimo): what is not quoted in MAD in Africa/Casablanca is refused as another
company. And a chart states no date, only the epoch of each session's open: dates come from date
strings here, never from epochs (Casablanca's offset changed twice a year until 2026, and the
exchange's own epochs are an hour off), so every row is put aside with that reason. The source
gives nothing until Yahoo states a date.

The plain-text "Too Many Requests" that Yahoo sends to clients it does not know is a rate limit,
whatever its status.
"""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from market_assets.sources.reading import (
    as_list,
    as_object,
    as_objects,
    body_text,
    json_value,
    stated,
)
from market_assets.sources.rows import json_text
from market_assets.sources.source import Ask, Parsed, Refused, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage, RateLimited
from market_assets.web.messages import Capture, Conversation, Request

SUFFIX = ".CS"
CURRENCY = "MAD"
ZONE = "Africa/Casablanca"
FIELDS = ("open", "high", "low", "close", "volume")
NO_DATE = "it is dated by an epoch only, no date is stated"


def history(ask: Ask) -> Conversation:
    """One question per line until Yahoo says that it does not know one, or that it is too many."""
    for line in ask.lines:
        answer = yield Request(
            key=f"chart/{line.ticker}",
            path=f"/v8/finance/chart/{line.ticker}{SUFFIX}",
            params={"range": "1y", "interval": "1d"},
            headers={"Accept": "application/json"},
        )
        if answer.status == 404 or _too_many(answer):  # noqa: PLR2004  Not Found
            return


def parse(capture: Capture) -> Parsed:
    """No quotes: the rows of a Casablanca line, put aside for want of a date."""
    if capture.status == 404:  # noqa: PLR2004  Not Found
        raise NotThisPage(f"Yahoo does not list {_symbol(capture)}: it answered 404 Not Found")
    if _too_many(capture):
        raise RateLimited(f"{capture.url} answered {body_text(capture)!r}")
    page = as_object(json_value(body_text(capture), "a chart"), "a chart")
    chart = as_object(stated(page, "chart"), "chart")
    if not stated(chart, "result"):
        error = as_object(stated(chart, "error"), "error")
        words = ", ".join(str(word) for word in error.values())
        raise NotThisPage(f"Yahoo does not list {_symbol(capture)}: {words}")
    result = as_objects(chart["result"], "result")[0]
    meta = as_object(stated(result, "meta"), "meta")
    home = (stated(meta, "currency"), stated(meta, "exchangeTimezoneName"))
    if home != (CURRENCY, ZONE):
        raise NotThisPage(f"{capture.url} is another company: it is quoted in {home}")
    return Parsed(refused=tuple(Refused(text=text, reason=NO_DATE) for text in _bars(result)))


def _too_many(capture: Capture) -> bool:
    return b"Too Many Requests" in capture.body[:60]


def _symbol(capture: Capture) -> str:
    return PurePosixPath(urlsplit(capture.url).path).name


def _bars(result: dict[str, Any]) -> list[str]:
    epochs = as_list(stated(result, "timestamp"), "timestamp")
    indicators = as_object(stated(result, "indicators"), "indicators")
    quotes = as_objects(stated(indicators, "quote"), "quote")
    if not epochs or not quotes:
        raise EmptyPage("the chart has no bar")
    columns = [as_list(stated(quotes[0], name), name) for name in FIELDS]
    for name, values in zip(FIELDS, columns, strict=True):
        if len(values) != len(epochs):
            raise LayoutChanged(f"{name!r} has {len(values)} values for {len(epochs)} bars")
    bars = zip(epochs, *columns, strict=True)
    return [json_text(dict(zip(("timestamp", *FIELDS), bar, strict=True))) for bar in bars]


SOURCE = Source(
    name="yahoo",
    market="casablanca",
    publisher="Yahoo Finance",
    base_url="https://query1.finance.yahoo.com",
    group="yahoo",
    gives=frozenset(),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Off in live mode: no Casablanca line is known there, the same tickers are other companies "
        "elsewhere, and its bars state no date, so it gives no rows."
    ),
    verified=(
        "Not tried live. The shape of the chart and the two refusals (404 Not Found, 429 as plain "
        "text) come from public clients and their issue threads. That no Casablanca line exists is "
        "inferred from their exchange lists, not from an answer."
    ),
    parse=parse,
    history=history,
    live=False,
)

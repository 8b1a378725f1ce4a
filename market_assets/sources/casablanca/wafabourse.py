"""Wafabourse (Attijari group): a second look at closes and at money traded, never at shares.

``POST /api/proxy/data/JNNJ`` in the grammar of ``nt_soft``. Every "Volume" here is MAD, so
``volume`` is null and the figure is turnover.

Since 2026 a question needs the ``x-csrf-token`` header of the home page, its cookies, and a token
from ``/api/proxy/token`` that is valid for 60 s (an earlier, unguarded generation is gone).

- TICKER: every line, with a price, high, low, opening. It states no date: its rows get the session
  asked for. Without turnover a line did not trade, and high, low and opening say nothing then.
- VALEUR-GRAPH: about three years of one line, ``Seance`` DD/MM/YYYY, close and MAD only. It does
  not state its line: the capture's key does (``history/ATW``).

A web firewall answers 403 to clouds; that is reported, not worked around.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from market_assets.domain.numbers import json_number
from market_assets.sources.casablanca.lines import asked_ticker, casablanca_line
from market_assets.sources.casablanca.nt_soft import (
    STRINGS,
    action,
    answered,
    data_rows,
    price,
    without_time,
)
from market_assets.sources.reading import as_object, body_text, json_value, stated_day
from market_assets.sources.rows import Parts, json_text, quoted, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import LayoutChanged
from market_assets.web.messages import JSON, Capture, Conversation, Request

SITE = "https://www.wafabourse.com"
REFERER = "/fr/market-tracking"
TOKEN_AGE = timedelta(seconds=45)
"""Older than this a token is fetched anew: it dies at 60 s, and requests may have to wait."""
TICKER_FIELDS = ("Symbol", "Cours", "Volume", "PlusHaut", "PlusBas", "Ouverture")
GRAPH_FIELDS = ("Seance", "Cours", "Volume")


def snapshot(_ask: Ask) -> Conversation:
    """Home page, token, and every line in one TICKER."""
    every = action("TICKER", ("NumseqMin_", "I", "0"), ("NumseqMax_", "I", "0"))
    return _conversation([("ticker", every)])


def history(ask: Ask) -> Conversation:
    """Home page, token, and a VALEUR-GRAPH per line: all it has, whatever sessions are asked."""
    return _conversation(
        (f"history/{line.ticker}", action("VALEUR-GRAPH", ("Symbol_", "S", line.ticker)))
        for line in ask.lines
    )


def parse(capture: Capture) -> Parsed:
    """Rows of TICKER or VALEUR-GRAPH; none of the home page and of a token."""
    if capture.key == "home":
        body_text(capture)
        return Parsed()
    if capture.key.startswith("token/"):
        _token(capture)
        return Parsed()
    name, data = answered(capture, "TICKER", "VALEUR-GRAPH")
    listed = name == "TICKER"
    if listed:
        items = data_rows(data, fields=TICKER_FIELDS, what=name)
        rows, refused = read_rows(items, lambda i: _row(i, capture.last_session), json_text)
    else:
        ticker = asked_ticker(capture)
        if data == [] and casablanca_line(ticker).suspended:
            return Parsed()
        items = data_rows(data, fields=GRAPH_FIELDS, what=name)
        rows, refused = read_rows(items, lambda i: _past_row(i, ticker), json_text)
    return Parsed(quotes=quoted(rows, capture, dated=not listed), refused=refused)


def _conversation(questions: Iterable[tuple[str, JSON]]) -> Conversation:
    home = yield Request(key="home", path="/")
    body_text(home)
    if "x-csrf-token" not in home.headers:
        raise LayoutChanged("the home page came without its x-csrf-token header")
    guard = {"X-CSRF-Token": home.headers["x-csrf-token"], "Origin": SITE}
    token = newest = home
    for place, (key, asked) in enumerate(questions, start=1):
        if token is home or newest.fetched_at - token.fetched_at > TOKEN_AGE:
            token = yield Request(
                key=f"token/{place}", path="/api/proxy/token", headers=guard, referer=REFERER
            )
        newest = yield Request(
            key=key,
            path="/api/proxy/data/JNNJ",
            method="POST",
            headers=guard | {"x-proxy-token": _token(token)},
            json=asked,
            referer=REFERER,
        )


def _token(capture: Capture) -> str:
    answer = as_object(json_value(body_text(capture), "a token"), "a token")
    token = answer.get("token")
    if not isinstance(token, str) or not token:
        raise LayoutChanged("no token in the answer to /api/proxy/token")
    return token


def _row(item: Mapping[str, Any], session: date) -> Parts:
    yield {"ticker": casablanca_line(str(item.get("Symbol")).strip()).ticker, "session": session}
    turnover = json_number(item.get("Volume"), strings=STRINGS)
    yield {"close": price(item.get("Cours")), "turnover": turnover}
    if turnover != 0:
        yield {
            "status": "T" if turnover else None,
            "open": price(item.get("Ouverture")),
            "high": price(item.get("PlusHaut")),
            "low": price(item.get("PlusBas")),
        }


def _past_row(item: Mapping[str, Any], ticker: str) -> Parts:
    yield {"ticker": ticker}
    yield {"session": stated_day(without_time(item.get("Seance")), "%d/%m/%Y")}
    turnover = json_number(item.get("Volume"), strings=STRINGS)
    yield {
        "status": "T" if turnover else None,
        "close": price(item.get("Cours")),
        "turnover": turnover,
    }


SOURCE = Source(
    name="wafabourse",
    market="casablanca",
    publisher="Wafa Bourse",
    base_url=SITE,
    group="nt-soft",
    gives=frozenset({"status", "open", "high", "low", "close", "turnover"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Its daily list states no date. A firewall refuses clouds (403). It shares its engine with"
        " CDG Capital Bourse. No shares: its Volume is MAD."
    ),
    verified=(
        "Not tried live. No raw answer was seen: fields, MAD, token and its 60 s come from public"
        " clients of 2026. Not known: numbers or text, what an untraded or suspended line"
        " carries, how deep and in what order VALEUR-GRAPH comes."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
    states_date=False,
)

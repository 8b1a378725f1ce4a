"""Medias24 / LeBoursier: the daily history of each line; a second-hand source behind Cloudflare.

Asked: ``GET /content/api?method=getPriceHistory&ISIN=..&format=json&from=..&to=..``, one request
per line for any range. The answer is ``{"result": [...], "message": ...}``, often with a byte
order mark; each row has ``date`` (DD/MM/YYYY), ``value`` (close), ``min``, ``max``, ``variation``
(%) and ``volume`` (shares), ascending. There is no open and no money. A line that did not trade in
the range has no rows; that is an answer, not a failure.

Read but not asked: ``getStockInfo``, one line's latest quote, for pages a person saved. It states
its ISIN and, in ``cotation`` ("18/03/2022 à 15:16", the à often broken, or ISO), its day: an
untraded line keeps the day of its last trade, and the row goes there. ``volumeTitre`` is shares.
Its ``volume`` is MAD but computed, shares x last price (49 of 49 snapshots of ATW): it is no
turnover and is not read. Both answers in one conversation would give the newest session two
different rows of one source, so the conversation asks the history alone, at half the requests.

Not used: ``getStockOHLC``, dated by epochs only, and the token of the page ``fiche-action``, which
clients send where they find it but which needs a slug per line that is not known here.
"""

import re
from datetime import date
from typing import Any

from market_assets.domain.numbers import NumberFormat, json_number, json_whole
from market_assets.sources.lines import casablanca_lines
from market_assets.sources.reading import (
    as_object,
    as_objects,
    asked_ticker,
    json_object,
    json_text,
    read_rows,
    stated,
    stated_day,
)
from market_assets.sources.rows import quotes_frame
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

NUMBERS = NumberFormat(decimal=".")
COTATION = re.compile(
    r"(?P<french>\d{2}/\d{2}/\d{4})(?:\D{1,6}\d{1,2}:\d{2})?"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}\S*)?"
)


def history(ask: Ask) -> Conversation:
    """One question per line, for all the sessions at once."""
    for line in ask.lines:
        yield Request(
            key=f"history/{line.ticker}",
            path="/content/api",
            params={
                "method": "getPriceHistory",
                "ISIN": line.isin,
                "format": "json",
                "from": ask.sessions[0].isoformat(),
                "to": ask.sessions[-1].isoformat(),
            },
            headers={"Accept": "application/json"},
            referer="/leboursier/marches-boursier",
        )


def parse(capture: Capture) -> Parsed:
    """The rows of a line's history, or the one row of a saved ``getStockInfo``."""
    answer = json_object(capture)
    result = stated(answer, "result")
    if isinstance(result, dict):
        info = as_object(answer["result"], "result")
        rows, refused = read_rows([info], _latest, json_text)
    else:
        past, ticker = as_objects(result, "result"), asked_ticker(capture)
        rows, refused = read_rows(past, lambda row: _session(row, ticker), json_text)
    return Parsed(quotes=quotes_frame(rows, capture), refused=refused)


def _session(row: dict[str, Any], ticker: str) -> dict[str, Any]:
    return {
        "ticker": ticker,
        "session": stated_day(stated(row, "date"), "%d/%m/%Y"),
        "high": json_number(stated(row, "max"), strings=NUMBERS),
        "low": json_number(stated(row, "min"), strings=NUMBERS),
        "close": json_number(stated(row, "value"), strings=NUMBERS),
        "volume": json_whole(stated(row, "volume"), strings=NUMBERS),
    }


def _latest(info: dict[str, Any]) -> dict[str, Any]:
    isin = stated(info, "ISIN")
    ticker = next((line.ticker for line in casablanca_lines() if line.isin == isin), None)
    if ticker is None:
        raise NotThisPage(f"{isin!r} is the ISIN of no line of Casablanca")
    return {
        "ticker": ticker,
        "session": _quoted_on(stated(info, "cotation")),
        "open": json_number(stated(info, "ouverture"), strings=NUMBERS),
        "high": json_number(stated(info, "max"), strings=NUMBERS),
        "low": json_number(stated(info, "min"), strings=NUMBERS),
        "close": json_number(stated(info, "cours"), strings=NUMBERS),
        "volume": json_whole(stated(info, "volumeTitre"), strings=NUMBERS),
        "market_cap": json_number(stated(info, "capitalisation"), strings=NUMBERS),
    }


def _quoted_on(cotation: object) -> date:
    found = COTATION.fullmatch(str(cotation).strip())
    if not found:
        raise ValueError(f"{cotation!r} is neither DD/MM/YYYY nor ISO")
    if found["iso"]:
        return stated_day(found["iso"], "%Y-%m-%d")
    return stated_day(found["french"], "%d/%m/%Y")


SOURCE = Source(
    name="medias24",
    publisher="Medias24 (LeBoursier)",
    base_url="https://medias24.com",
    group="medias24",
    gives=frozenset({"high", "low", "close", "volume"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Off in live mode: Cloudflare answers servers with 403. One request per line. Its MAD "
        "volume is shares x last price, an estimate, and is never taken for turnover."
    ),
    verified=(
        "Not tried live. Seen in the printed output of public clients: the keys, order, date form "
        "and values of six getPriceHistory rows of ATW (February 2017), whose volumes equal the "
        "exchange's share counts to the share, and the keys of one getStockInfo. Not seen: a raw "
        "body (numbers or strings, nulls, unknown ISIN, whether from and to are both included)."
    ),
    parse=parse,
    history=history,
    live=False,
)

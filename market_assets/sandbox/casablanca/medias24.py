"""Medias24's answers: a byte order mark, numbers as strings here and there, money that is computed.

Invented where no raw body was seen: which numbers are strings, and that an untraded session has no
row in a history.
"""

import json
from datetime import date
from typing import Any

from market_assets.sandbox.casablanca.last_trade import last_trade
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question

QUOTED = (
    "nbTitre",
    "cours",
    "cloture",
    "capitalisation",
    "cotation",
    "variation",
    "volume_variation",
    "volume",
    "volumeTitre",
    "ouverture",
    "min",
    "max",
)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def answer(question: Question, market: Market, moment: Moment) -> Answer:
    """A line's history or its latest quote; an empty result for an ISIN that is not listed."""
    query = question.query
    if question.path != "/content/api" or query.get("format") != "json":
        return Answer(body=b"<html><title>Medias24</title></html>", status=404)
    line = next((line for line in market.lines if line.isin == query.get("ISIN")), None)
    if line is None:
        return _json([])
    if query.get("method") == "getPriceHistory":
        first = date.fromisoformat(query["from"])
        last = min(date.fromisoformat(query["to"]), moment.session)
        past = market.history(line.ticker, first, last)
        return _json([_session(truth) for truth in past if truth.status == "T"])
    if query.get("method") == "getStockInfo":
        return _json(_latest(market, line.ticker, moment.session))
    return _json([])


def _json(result: object) -> Answer:
    text = json.dumps({"result": result, "message": "200 OK"}, ensure_ascii=False)
    return Answer(body=BYTE_ORDER_MARK + text.encode(), media_type="application/json")


def _session(truth: Truth) -> dict[str, Any]:
    return {
        "date": f"{truth.session:%d/%m/%Y}",
        "value": truth.close,
        "min": f"{truth.low:.2f}",
        "max": f"{truth.high:.2f}",
        "variation": _variation(truth),
        "volume": truth.volume,
    }


def _latest(market: Market, ticker: str, session: date) -> dict[str, Any]:
    """The quote of the last session in which the line traded; nulls where there was none."""
    truth = last_trade(market, ticker, session)
    line = next(line for line in market.lines if line.ticker == ticker)
    info: dict[str, Any] = {"name": f"{line.name.title()} P", "name_2": line.name}
    if truth is None:
        return info | {"ISIN": line.isin} | dict.fromkeys(QUOTED)
    return info | {
        "ISIN": line.isin,
        "nbTitre": truth.shares,
        "cours": f"{truth.close:.3f}",
        "cloture": f"{truth.previous_close:.2f}",
        "capitalisation": f"{truth.market_cap:.2f}",
        "cotation": f"{truth.session:%d/%m/%Y} \N{LATIN CAPITAL LETTER A WITH TILDE}\xa0 15:30",
        "variation": _variation(truth),
        "volume_variation": 0,
        "volume": int(truth.volume * truth.close),
        "volumeTitre": truth.volume,
        "ouverture": f"{truth.open:.3f}",
        "min": f"{truth.low:.3f}",
        "max": f"{truth.high:.3f}",
    }


def _variation(truth: Truth) -> float:
    return round((truth.close / truth.previous_close - 1) * 100, 2)

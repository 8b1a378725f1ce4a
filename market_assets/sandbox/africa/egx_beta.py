"""The Egyptian exchange's answers: the market watch as JSON, a bond among the shares.

Invented where nothing was seen: what a line says that did not trade. Names in Arabic, indices and
profits are left out.
"""

import json
from datetime import date, datetime
from typing import Any

from market_assets.calendars.xcai import ZONE
from market_assets.sandbox.africa.days import shown_session
from market_assets.sandbox.africa.market import Market, Truth
from market_assets.sandbox.messages import Answer, Question

PATH = "/api/bff/egx/market-watch"
JSON_TYPE = "application/json; charset=utf-8"


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """One page of the market watch, largest turnover first; 404 for anything else."""
    if question.path != PATH:
        return Answer(body=b"{}", media_type=JSON_TYPE, status=404)
    session = shown_session("egx_beta", "XCAI", now)
    written = f"{now.astimezone(ZONE):%Y%m%d%H%M}"
    truths = sorted(market.truths("XCAI", session), key=lambda truth: -truth.turnover)
    rows = [*(_row(truth, written) for truth in truths), _bond(session, written)]
    size, page = int(question.query.get("PageSize", "20")), int(question.query.get("Page", "1"))
    shown = rows[size * (page - 1) : size * page]
    text = json.dumps({"data": {"data": shown}}, ensure_ascii=False)
    return Answer(body=text.encode(), media_type=JSON_TYPE)


def _row(truth: Truth, written: str) -> dict[str, Any]:
    dollars = truth.line.currency == "USD"
    return {
        "chgPer": round(100 * (truth.close / truth.previous_close - 1), 2),
        "closePrice": truth.close,
        "curr": "US Dollar ($)" if dollars else "Egyptian Pound",
        "currShort": "US$" if dollars else "L.E",
        "high": truth.high,
        "isin": truth.line.isin,
        "lastPrice": truth.close,
        "lastTradeDate": f"{truth.session}T00:00:00",
        "low": truth.low,
        "marketCode": "NOPL",
        "mc": truth.market_cap,
        "mcMillion": round(truth.market_cap / 1e6),
        "name": truth.line.name,
        "openPrice": truth.previous_close,
        "prevClose": truth.previous_close,
        "reuters": f"{truth.line.ticker}.CA",
        "sector": truth.line.sector,
        "symbolType": "C",
        "trades": truth.trades,
        "value": truth.turnover,
        "volume": truth.volume,
        "writeTime": written,
    }


def _bond(session: date, written: str) -> dict[str, Any]:
    return {
        "closePrice": 104.78,
        "currShort": "L.E",
        "high": 104.78,
        "isin": "EGB69881L018",
        "lastTradeDate": f"{session}T00:00:00",
        "low": 104.5,
        "marketCode": "CORP",
        "mc": 3143400000,
        "name": "Bokra Taskeek The First Issuance April 2032 V.R",
        "prevClose": 104.6,
        "reuters": "EGBKRSK01CV",
        "sector": None,
        "symbolType": "B",
        "trades": 2,
        "value": 187719.84,
        "volume": 1792,
        "writeTime": written,
    }

"""The Nigerian exchange's answers: the price list as JSON.

Invented where nothing was seen: what a line says that did not trade, half of them with a null
close; marks behind some symbols.
"""

import json
from datetime import datetime
from typing import Any

from market_assets.sandbox.africa.days import shown_session
from market_assets.sandbox.africa.market import Market, Truth
from market_assets.sandbox.messages import Answer, Question

PATH = "/REST/api/statistics/equities/"
MARKED = {"FTNCOCOA": "[MRF]", "UNITYBNK": "[BLS]", "DUNLOP": "[DIP]"}


def answer(question: Question, market: Market, now: datetime) -> Answer:
    """The first ``pageSize`` rows of the price list; 404 for anything else."""
    if question.path != PATH:
        return Answer(body=b"{}", media_type="application/json", status=404)
    session = shown_session("ngx", "XNSA", now)
    rows = [_row(i, truth) for i, truth in enumerate(market.truths("XNSA", session), start=1)]
    shown = rows[: int(question.query.get("pageSize", "10"))]
    return Answer(body=json.dumps(shown).encode(), media_type="application/json; charset=utf-8")


def _row(number: int, truth: Truth) -> dict[str, Any]:
    moved = truth.close != truth.previous_close
    known = truth.volume > 0 or number % 2 == 0
    mark = f" {MARKED[truth.line.ticker]}" if truth.line.ticker in MARKED else ""
    change = truth.close / truth.previous_close - 1
    return {
        "$id": str(number),
        "CalculateChangePercent": 100 * change,
        "Id": 20 + number * 7 % 150,
        "Symbol": truth.line.ticker + mark,
        "PrevClosingPrice": truth.previous_close,
        "OpeningPrice": truth.previous_close,
        "HighPrice": truth.high if moved else None,
        "LowPrice": truth.low if moved else None,
        "ClosePrice": truth.close if known else None,
        "Change": round(truth.close - truth.previous_close, 2) if moved else None,
        "PercChange": round(100 * change, 2) if moved else None,
        "Trades": truth.trades,
        "Volume": float(truth.volume),
        "Value": truth.turnover,
        "Market": "Main Board",
        "Sector": truth.line.sector,
        "Company2": f"{truth.line.ticker}{mark} ",
        "TradeDate": f"{truth.session}T00:00:00",
    }

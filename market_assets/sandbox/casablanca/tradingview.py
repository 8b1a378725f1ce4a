"""TradingView's scan: the columns asked for, in their order, nulls for what did not trade, no date.

Invented where no raw body was seen: that an untraded line has nulls, and suspended lines no row.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question

LOOKBACK = timedelta(days=15)


def answer(question: Question, market: Market, moment: Moment) -> Answer:
    """Every quoted line and the MASI, by name, as they stood when the session closed."""
    if (question.method, question.path) != ("POST", "/morocco/scan"):
        return Answer(body=b"<html>404 Not Found</html>", status=404)
    columns = question.json["columns"]
    values = {
        truth.line.ticker: _values(truth)
        for truth in market.truths(moment.session)
        if not truth.line.suspended
    }
    *_, (_, level) = market.index(moment.session - LOOKBACK, moment.session)
    values["MASI"] = {"name": "MASI", "close": level}
    first, last = question.json["range"]
    data = [_row(values[name], columns) for name in sorted(values)][first:last]
    body = json.dumps({"totalCount": len(values), "data": data})
    return Answer(body=body.encode(), media_type="application/json")


def _values(truth: Truth) -> dict[str, Any]:
    if truth.status != "T":
        return {
            "name": truth.line.ticker,
            "close": truth.close,
            "market_cap_basic": truth.market_cap,
        }
    return {
        "name": truth.line.ticker,
        "close": truth.close,
        "change": (truth.close / truth.previous_close - 1) * 100,
        "change_abs": truth.close - truth.previous_close,
        "volume": truth.volume,
        "open": truth.open,
        "high": truth.high,
        "low": truth.low,
        "market_cap_basic": truth.market_cap,
        "sector": "Finance",
    }


def _row(values: Mapping[str, Any], columns: list[str]) -> dict[str, Any]:
    return {"s": f"CSEMA:{values['name']}", "d": [values.get(column) for column in columns]}

"""Yahoo's answer about every Casablanca line: it does not know it."""

import json

from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Answer, Question

NOT_FOUND = {
    "chart": {
        "result": None,
        "error": {"code": "Not Found", "description": "No data found, symbol may be delisted"},
    }
}


def answer(_question: Question, _market: Market, _moment: Moment) -> Answer:
    """404, whatever is asked."""
    return Answer(body=json.dumps(NOT_FOUND).encode(), media_type="application/json", status=404)

"""Investing's answers: newest first, numbers and numeric strings mixed, texts in English.

Invented where no raw body was seen: which of the raw fields are strings.
"""

import json
from datetime import UTC, date, datetime, time
from typing import Any

from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question

PATH = "/api/financialdata/historical/"
CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    b"<body>Enable JavaScript and cookies to continue</body></html>"
)


def answer(question: Question, market: Market, moment: Moment) -> Answer:
    """A line's traded sessions; the challenge page for who does not say which edition it reads."""
    if not question.path.startswith(PATH):
        return Answer(body=b'{"message":"Not Found"}', media_type="application/json", status=404)
    if question.headers.get("domain-id") != "www":
        return Answer(body=CHALLENGE, status=403)
    number = question.path.removeprefix(PATH)
    line = next((line for line in market.lines if line.investing_id == number), None)
    if line is None:
        return _json(None)
    first = date.fromisoformat(question.query["start-date"])
    last = min(date.fromisoformat(question.query["end-date"]), moment.session)
    past = market.history(line.ticker, first, last)
    return _json([_session(truth) for truth in reversed(past) if truth.status == "T"] or None)


def _json(data: list[dict[str, Any]] | None) -> Answer:
    return Answer(body=json.dumps({"data": data}).encode(), media_type="application/json")


def _session(truth: Truth) -> dict[str, Any]:
    change = (truth.close / truth.previous_close - 1) * 100
    midnight = datetime.combine(truth.session, time(), UTC)
    return {
        "direction_color": "redFont" if change < 0 else "greenFont",
        "rowDate": f"{truth.session:%b %d, %Y}",
        "rowDateRaw": int(midnight.timestamp()),
        "rowDateTimestamp": f"{truth.session}T00:00:00Z",
        "last_close": f"{truth.close:,.2f}",
        "last_open": f"{truth.open:,.2f}",
        "last_max": f"{truth.high:,.2f}",
        "last_min": f"{truth.low:,.2f}",
        "volume": _rounded(truth.volume),
        "volumeRaw": truth.volume,
        "change_precent": f"{change:.2f}",
        "last_closeRaw": f"{truth.close:.10f}",
        "last_openRaw": f"{truth.open:.10f}",
        "last_maxRaw": truth.high,
        "last_minRaw": truth.low,
        "change_precentRaw": change,
    }


def _rounded(volume: int) -> str:
    for size, suffix in ((1_000_000, "M"), (1_000, "K")):
        if volume >= size:
            return f"{volume / size:.2f}{suffix}"
    return str(volume)

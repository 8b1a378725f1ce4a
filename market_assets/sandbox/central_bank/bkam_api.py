"""The invented bank's API, which wants a key of each product and gives its rows in any order."""

import json
from datetime import date
from typing import Any

from market_assets.sandbox.central_bank.figures import LEVELS
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.central_bank.bkam_api import CURVE, KEY_HEADER, NOTES, RATES, Keys

KEYS = Keys(exchange="sandbox-exchange", bonds="sandbox-bonds")
"""The keys that the invented portal gives out."""
JSON = "application/json; charset=utf-8"
NOTHING = Answer(body=b"", media_type=JSON, status=204)
UNKNOWN = Answer(
    body=b'{"statusCode":404,"message":"Resource not found"}', media_type=JSON, status=404
)
REFUSED = Answer(
    body=b'{"statusCode":401,"message":"Access denied due to invalid subscription key."}',
    media_type=JSON,
    status=401,
)


def answer(question: Question, moment: Moment) -> Answer:
    """The rows of the day that is asked for, 204 where there are none."""
    if question.path not in {RATES, NOTES, CURVE}:
        return UNKNOWN
    key = KEYS.bonds if question.path == CURVE else KEYS.exchange
    if question.headers.get(KEY_HEADER.lower()) != key:
        return REFUSED
    name = "dateCourbe" if question.path == CURVE else "date"
    day = date.fromisoformat(question.query[name][:10])
    out = {RATES: moment.api_reference, NOTES: moment.notes, CURVE: moment.curve}
    if day > out[question.path] or not moment.figures.is_business_day(day):
        return NOTHING
    return rows_answer(sorted(_rows(question.path, day, moment), key=str, reverse=True))


def rows_answer(rows: list[dict[str, Any]]) -> Answer:
    """An answer of these rows."""
    return Answer(body=json.dumps(rows, separators=(",", ":")).encode(), media_type=JSON)


def _rows(path: str, day: date, moment: Moment) -> list[dict[str, Any]]:
    figures = moment.figures
    if path == RATES:
        return [
            {
                "date": f"{day}T12:30:00",
                "libDevise": code,
                "moyen": mid,
                "uniteDevise": LEVELS[code][0],
            }
            for code, mid in figures.reference(day).items()
        ]
    if path == NOTES:
        return [
            {
                "achatClientele": bid,
                "date": f"{day}T08:30:00",
                "libDevise": code,
                "uniteDevise": LEVELS[code][0],
                "venteClientele": ask,
            }
            for code, (bid, ask) in figures.banknotes(day).items()
        ]
    return [
        {
            "dateCourbe": f"{day}T00:00:00",
            "dateEcheance": f"{matures}T00:00:00",
            "dateValeur": f"{day}T00:00:00",
            "tmp": rate,
            "volume": volume,
        }
        for matures, rate, volume in figures.curve(day)
    ]

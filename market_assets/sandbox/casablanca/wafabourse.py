"""Wafabourse's answers: a shell of a home page, the token of a minute, and MAD under "Volume".

Invented where nothing was seen: that numbers are JSON numbers, that an untraded line has zeros,
what a refused token answers, and the time of day in ``Seance``.
"""

from datetime import UTC, datetime, timedelta

from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.nt_soft import action, answered
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question

CSRF = "c2FuZGJveA.sandbox"
COOKIE = "wb_session=sandbox; Path=/; HttpOnly"
TOKEN_LIFE = timedelta(seconds=60)
DEPTH = timedelta(days=3 * 365)
SHELL = """<!DOCTYPE html><html lang="fr"><head><title>Wafa Bourse</title></head>\
<body><div id="__next"></div></body></html>"""


def answer(question: Question, market: Market, moment: Moment) -> Answer:
    """Home page, token or data; the shell for any other page, for it is drawn by its script."""
    if question.path == "/api/proxy/token":
        if question.headers.get("x-csrf-token") != CSRF:
            return _refused()
        body = f'{{"token":"sandbox-{int(moment.now.timestamp())}"}}'
        return Answer(body=body.encode(), media_type="application/json")
    if question.path == "/api/proxy/data/JNNJ" and question.method == "POST":
        return _data(question, market, moment) if _admitted(question, moment) else _refused()
    return Answer(body=SHELL.encode(), headers={"x-csrf-token": CSRF, "Set-Cookie": COOKIE})


def _admitted(question: Question, moment: Moment) -> bool:
    _, _, issued = question.headers.get("x-proxy-token", "").partition("sandbox-")
    if question.headers.get("x-csrf-token") != CSRF or not issued.isdecimal():
        return False
    return moment.now - datetime.fromtimestamp(int(issued), UTC) <= TOKEN_LIFE + timedelta(
        seconds=1
    )


def _refused() -> Answer:
    return Answer(body=b'{"error":"Forbidden"}', media_type="application/json", status=403)


def _data(question: Question, market: Market, moment: Moment) -> Answer:
    name, params = action(question)
    if name == "TICKER":
        lines = [_line(truth) for truth in market.truths(moment.session)]
        return answered(name, lines, valid=True)
    symbol = params.get("Symbol_")
    if name == "VALEUR-GRAPH" and symbol in {line.ticker for line in market.lines}:
        past = market.history(symbol, moment.session - DEPTH, moment.session)
        return answered(name, [_session(truth) for truth in past], valid=True)
    return answered(name, [], valid=name == "VALEUR-GRAPH")


def _line(truth: Truth) -> dict[str, str | float]:
    return {
        "Symbol": truth.line.ticker,
        "Libelle": truth.line.name,
        "Cours": truth.close,
        "VariationP": round((truth.close / truth.previous_close - 1) * 100, 2),
        "Variation": round(truth.close - truth.previous_close, 2),
        "Volume": truth.turnover,
        "PlusHaut": truth.high or 0,
        "PlusBas": truth.low or 0,
        "Ouverture": truth.open or 0,
    }


def _session(truth: Truth) -> dict[str, str | float]:
    return {
        "Seance": f"{truth.session:%d/%m/%Y} 00:00:00",
        "Cours": truth.close,
        "Volume": truth.turnover,
    }

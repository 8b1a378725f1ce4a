"""CDG Capital Bourse's answer to MARKET-RESUME, nested once more, with old dates where none traded.

Invented where nothing was seen: that sizes are text and prices numbers, the time of the last
price, and what stands in the fields of a line that did not trade.
"""

from datetime import date

from market_assets.sandbox.casablanca.last_trade import last_trade
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.nt_soft import action, answered
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question

NEVER = date(2015, 8, 5)
"""Of a line without a trade in a year: some old day."""


def answer(question: Question, market: Market, moment: Moment) -> Answer:
    """Every line for MARKET-RESUME, an invalid answer for other actions, 404 elsewhere."""
    if question.path != "/api/" or question.method != "POST":
        return Answer(body=b"<!DOCTYPE html><html><title>404</title></html>", status=404)
    name, _ = action(question)
    if name != "MARKET-RESUME":
        return answered(name, [], valid=False)
    lines = [_line(truth, market) for truth in market.truths(moment.session)]
    return answered(name, [lines], valid=True)


def _line(truth: Truth, market: Market) -> dict[str, str | float]:
    traded = truth.status == "T"
    last = truth if traded else last_trade(market, truth.line.ticker, truth.session)
    day = last.session if last else NEVER
    return {
        "Symbol": truth.line.ticker,
        "Libelle": truth.line.name,
        "Cours": truth.close,
        "Variation": round((truth.close / truth.previous_close - 1) * 100, 2),
        "Ouverture": truth.open or 0,
        "PlusHaut": truth.high or "",
        "PlusBas": truth.low or "",
        "QteEchangee": str(truth.volume) if traded else "",
        "Volumes": f"{truth.turnover:.2f}" if traded else 0,
        "DateDernierCours": f"{day:%d/%m/%Y} 15:29:59",
        "CoursDeReferance": truth.previous_close,
    }

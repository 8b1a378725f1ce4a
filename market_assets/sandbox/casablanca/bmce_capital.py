"""BMCE Capital Bourse's pages: decimal commas, no-break spaces, newest first, empty cells.

Invented where no raw page was seen: the numbers of the lines that are not public, that all lines
but Addoha are listed under the exchange's names, that an untraded session has empty prices and 0
shares, and that a history goes back 90 sessions.
"""

import re
from html import escape

from market_assets.sandbox.casablanca.last_trade import last_trade
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.casablanca.bmce_lines import LIDS

HISTORY = re.compile(r"/bkbbourse/details/hiku/(?P<lid>[0-9]+)(?:,|%2C)102(?:,|%2C)608")
DEPTH = 90
INVENTED = 900_000_000
PALMARES = "<table><tr><th>Valeur</th><th>Cours</th></tr><tr><td>Addoha</td><td>-</td></tr></table>"
HEADINGS = (
    "Valeur",
    "Date/Heure",
    "Ouverture",
    "Cours",
    "Variation %",
    "Quantité",
    "Volume",
    "+ Haut",
    "+ Bas",
)
PAST_HEADINGS = (
    "Date",
    "Ouverture",
    "Dernier",
    "+ Haut",
    "+ Bas",
    "Quantité",
    "Volume",
    "Variation %",
)


def answer(question: Question, market: Market, moment: Moment) -> Answer:
    """The market list or one line's history; 404 for what is neither."""
    if question.path == "/bkbbourse/lists/TK":
        return _page(_market_list(market, moment))
    asked = HISTORY.fullmatch(question.path)
    lids = {_lid(market, line.ticker): line.ticker for line in market.lines}
    if asked is None or asked["lid"] not in lids:
        return Answer(body=b"<html><h1>404</h1></html>", status=404)
    past = market.history(lids[asked["lid"]], market.first_session, moment.session)
    return _page(_history(past[-DEPTH:]))


def _page(content: str) -> Answer:
    menu = '<ul><li><a href="/bkbbourse/statique/home">Accueil</a></li></ul>'
    page = f"<!DOCTYPE html>\n<html lang='fr'><body>{menu}{content}</body></html>"
    return Answer(body=page.encode())


def _market_list(market: Market, moment: Moment) -> str:
    """The sixth table; a line that did not trade shows the day of its last trade."""
    rows = [_listed(market, truth) for truth in market.truths(moment.session)]
    head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
    return f"{PALMARES * 5}<table><tr>{head}</tr>{''.join(rows)}</table>"


def _listed(market: Market, today: Truth) -> str:
    ticker = today.line.ticker
    truth = today if today.status == "T" else last_trade(market, ticker, today.session)
    shown = escape("Addoha" if ticker == "ADH" else today.line.name)
    link = f'<a href="/bkbbourse/details/{_lid(market, ticker)}%2C102%2C608">{shown}</a>'
    if truth is None:
        cells = ["-"] * 8
    else:
        cells = [
            f"{truth.session:%d.%m.%Y}",
            _french(truth.open),
            _french(truth.close),
            _change(truth),
            _french(truth.volume),
            _french(truth.turnover),
            _french(truth.high),
            _french(truth.low),
        ]
    return f"<tr><td>{link}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _history(past: tuple[Truth, ...]) -> str:
    headings = "".join(f"<th>{heading}</th>" for heading in PAST_HEADINGS)
    rows = "".join(_session(truth) for truth in reversed(past))
    return f'<div class="hikuResult"><table><tr>{headings}</tr>{rows}</table></div>'


def _session(truth: Truth) -> str:
    cells = (
        ("datetime l", f"{truth.session:%d.%m.%Y}"),
        ("open r", _french(truth.open)),
        ("last r", _french(truth.close)),
        ("high r", _french(truth.high)),
        ("low r", _french(truth.low)),
        ("volume r", _french(truth.volume)),
        ("volume r", _french(truth.turnover)),
        ("nc2_pr r", _change(truth)),
    )
    texts = (f'<td class="{name}">{text}</td>' for name, text in cells)
    return f"<tr>{''.join(texts)}</tr>\n"


def _lid(market: Market, ticker: str) -> str:
    place = next(at for at, line in enumerate(market.lines) if line.ticker == ticker)
    return LIDS.get(ticker, str(INVENTED + place))


def _change(truth: Truth) -> str:
    return f"{(truth.close / truth.previous_close - 1) * 100:+.2f}%".replace(".", ",")


def _french(value: float | None) -> str:
    if value is None:
        return ""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return text.replace(",", "\u202f").replace(".", ",")

"""What goes wrong at a publisher, or between it and us: each turns a true answer into another."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from market_assets.calendars.sessions import newest_closed_session
from market_assets.sandbox.casablanca import cdg_capital
from market_assets.sandbox.casablanca.market import MIC, Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question
from market_assets_tests.live.publishers import Fault
from market_assets_tests.live.rules import action

CLOUDFLARE = Answer(
    body=b"""<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head>
<body><h1>Sorry, you have been blocked</h1><p>Cloudflare Ray ID: 8f2</p></body></html>""",
    status=403,
    headers={"Server": "cloudflare"},
)
MAINTENANCE = Answer(body=b"<!DOCTYPE html><html><body><h1>Site en maintenance</h1></body></html>")
HOME_PAGE = Answer(
    body=b"<!DOCTYPE html><html lang='fr'><title>Accueil</title><body>Bienvenue</body></html>"
)
BROKEN_GZIP = Answer(body=b"\x1f\x8b\x08 no deflate", headers={"Content-Encoding": "gzip"})


def text(body: str, *, status: int) -> Answer:
    """A few words instead of a page."""
    return Answer(body=body.encode(), media_type="text/plain", status=status)


def robots(*lines: str) -> Answer:
    """A robots.txt."""
    return text("\n".join([*lines, ""]), status=200)


def too_many(**headers: str) -> Answer:
    """429, with headers such as retry_after."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return replace(text("Too Many Requests", status=429), headers=named)


def always(answer: Answer) -> Fault:
    """``answer`` to every question."""
    return lambda _question, _true, _turn: answer


def first(answer: Answer) -> Fault:
    """``answer`` to the first question, the truth to the others."""
    return lambda _question, true, turn: true if turn else answer


def edited(edit: Callable[[Answer], Answer]) -> Fault:
    """``edit`` of every true answer."""
    return lambda _question, true, _turn: edit(true)


def torn(true: Answer) -> Answer:
    """The page broken off half-way."""
    return replace(true, torn=True)


def latin(true: Answer) -> Answer:
    """The page in an encoding that it does not say, its narrow spaces wide."""
    page = true.body.decode().replace("\u202f", "\xa0")
    return replace(true, body=page.encode("latin-1", errors="replace"))


def french_numbers(true: Answer) -> Answer:
    """Decimal points of JSON texts as commas."""
    return replace(true, body=re.sub(rb'"(\d+)\.(\d+)"', rb'"\1,\2"', true.body))


def doubled_and_unlisted(truth: Truth) -> tuple[Truth, ...]:
    """ATW twice, IAM twice and not the same, and a line that is not listed."""
    if truth.line.ticker == "ATW":
        return truth, truth
    if truth.line.ticker == "IAM":
        return truth, replace(truth, volume=truth.volume + 1)
    if truth.line.ticker == "ZDJ":
        return truth, replace(truth, line=replace(truth.line, ticker="ZZZ", isin="MA0000099999"))
    return (truth,)


def shares_for_money(truth: Truth) -> tuple[Truth, ...]:
    """The number of shares where the MAD belong."""
    return (replace(truth, turnover=float(truth.volume)),)


def copied_from_cdg(market: Market) -> Fault:
    """To every question the bytes that CDG Capital Bourse sends of ``market``."""
    resume = Question(method="POST", path="/api/", json=action("MARKET-RESUME"))

    def answer(_question: Question, _true: Answer, _turn: int) -> Answer:
        now = datetime.now(UTC)
        return cdg_capital.answer(
            resume, market, Moment(now=now, session=newest_closed_session(MIC, now))
        )

    return answer

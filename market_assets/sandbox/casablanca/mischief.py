"""What goes wrong in the sandbox, on which session and at which publisher: planted and known.

The formats stay clean; this puts the faults around them. A session's place among the market's
sessions decides (``FAULTS``), so every stretch of 20 sessions has each fault once. The exchange is
only ever late (``too_many``): on every session it and most others can be had and are right.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Protocol

from market_assets.calendars.sessions import session_before, sessions_between
from market_assets.sandbox.casablanca.market import FIRST_DAY, MIC, Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.faults import CHALLENGE, DOWN, TOO_MANY, Fault, Passing, torn
from market_assets.sandbox.messages import Answer, Question

CYCLE = 20


FAULTS = (
    Fault(1, "lag", "cdg_capital", "still shows the session before, under its own date"),
    Fault(3, "down", "bmce_capital", "answers 503 to everything"),
    Fault(4, "too_many", "casablanca_bourse", "answers the first question 429, Retry-After"),
    Fault(6, "money", "tradingview", "sends MAD where shares belong"),
    Fault(8, "torn", "cdg_capital", "breaks its first answer off half-way"),
    Fault(10, "layout", "african_markets", "has renamed the column of prices"),
    Fault(12, "replay", "wafabourse", "shows the session before under the new date"),
    Fault(12, "replay", "tradingview", "shows the session before as the newest"),
    Fault(14, "challenge", "investing", "answers everything with a Cloudflare challenge"),
    Fault(15, "duplicate", "cdg_capital", "has the row of ATW twice"),
    Fault(16, "unknown", "tradingview", "has a row of a line that is not listed, ZZZ"),
    Fault(17, "old_shares", "african_markets", "reckons the market cap of IAM with fewer shares"),
    Fault(18, "locale", "african_markets", "writes 1.234,50 for 1,234.50"),
)
OLD_SHARES = 0.9
"""Of the shares of today: seen of African Markets, whose counts lag behind an increase."""
PASSING = frozenset({"too_many", "torn"})
"""Faults that are over with the first answer of the session: the second attempt goes well."""


class Format(Protocol):
    """A publisher's way of answering, truthful at ``moment``."""

    def __call__(self, question: Question, market: Market, moment: Moment, /) -> Answer:
        """What the publisher sends."""
        ...


def faults_on(session: date) -> tuple[Fault, ...]:
    """The faults planted on ``session``."""
    ordinal = len(sessions_between(MIC, FIRST_DAY, session)) - 1
    return tuple(fault for fault in FAULTS if fault.at == ordinal % CYCLE)


class Mischief:
    """Answers for publishers, with the faults of the day; remembers which passing ones are over."""

    def __init__(self, *, market: Market) -> None:
        self._market = market
        self._passing = Passing(PASSING)

    def answer(self, source: str, say: Format, question: Question, moment: Moment) -> Answer:
        """What ``source`` sends, saying it with ``say``."""
        fault = self._fault(source, moment.session)
        name = fault.name if fault else ""
        if name in REFUSALS:
            return REFUSALS[name]
        if name == "lag":
            before = session_before(MIC, moment.session)
            moment = Moment(now=moment.now, session=before)
        market = self._rumour(source)
        answer = say(question, market, moment)
        return EDITS[name](answer) if name in EDITS else answer

    def _fault(self, source: str, session: date) -> Fault | None:
        for fault in faults_on(session):
            if fault.source == source and self._passing.comes(fault, session):
                return fault
        return None

    def _rumour(self, source: str) -> Market:
        lies = {
            fault.at: DISTORTIONS[fault.name]
            for fault in FAULTS
            if fault.source == source and fault.name in DISTORTIONS
        }

        def told(truth: Truth) -> tuple[Truth, ...]:
            lie = lies.get(self._market.ordinal(truth.session) % CYCLE)
            return lie(truth, self._market) if lie else (truth,)

        return self._market.told(told) if lies else self._market


def _money(truth: Truth, _market: Market) -> tuple[Truth, ...]:
    return (replace(truth, volume=round(truth.turnover)),)


def _replay(truth: Truth, market: Market) -> tuple[Truth, ...]:
    before = session_before(MIC, truth.session)
    (stale,) = market.history(truth.line.ticker, before, before)
    return (replace(stale, session=truth.session),)


def _duplicate(truth: Truth, _market: Market) -> tuple[Truth, ...]:
    return (truth, truth) if truth.line.ticker == "ATW" else (truth,)


def _unknown(truth: Truth, _market: Market) -> tuple[Truth, ...]:
    if truth.line.ticker != "ZDJ":
        return (truth,)
    stranger = replace(truth.line, ticker="ZZZ", isin="MA0000099999", name="LIGNE INCONNUE")
    return (truth, replace(truth, line=stranger))


def _old_shares(truth: Truth, _market: Market) -> tuple[Truth, ...]:
    if truth.line.ticker != "IAM":
        return (truth,)
    return (replace(truth, shares=round(truth.shares * OLD_SHARES)),)


DISTORTIONS: dict[str, Callable[[Truth, Market], tuple[Truth, ...]]] = {
    "money": _money,
    "replay": _replay,
    "duplicate": _duplicate,
    "unknown": _unknown,
    "old_shares": _old_shares,
}
"""Faults in what is told, by the session that is told of: in snapshots and histories alike."""

REFUSALS = {
    "down": DOWN,
    "too_many": TOO_MANY,
    "challenge": CHALLENGE,
}
"""Faults that answer instead of the publisher."""


def _layout(answer: Answer) -> Answer:
    return replace(answer, body=answer.body.replace(b">Price<", b">Last<"))


def _locale(answer: Answer) -> Answer:
    swapped = bytes.maketrans(b".,", b",.")
    number = re.compile(rb"(?<=>)[+-]?[0-9][0-9.,]*%?(?=<)")
    return replace(answer, body=number.sub(lambda m: m[0].translate(swapped), answer.body))


EDITS: dict[str, Callable[[Answer], Answer]] = {
    "torn": torn,
    "layout": _layout,
    "locale": _locale,
}
"""Faults in how it is written."""

"""What goes wrong in the invented Southbound, on which session and at which publisher.

The formats stay clean; this puts the faults around them. The place of the session an answer is
about decides (``FAULTS``), so any 60 sessions of Hong Kong hold each fault at least once. No
session has two: where HKEXnews shows a part, both channels are right once they are out, and where
a channel is down, HKEXnews is right.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

import polars as pl

from market_assets.sandbox.faults import DOWN, TOO_MANY, Fault, Passing, torn
from market_assets.sandbox.hkex import hkex_southbound, sse_southbound, szse_southbound
from market_assets.sandbox.hkex.form_state import REFUSED
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.plot import CYCLE
from market_assets.sandbox.messages import Answer, Question

FAULTS = (
    Fault(3, "partial", "hkex_southbound", "shows every third row alone, under 500"),
    Fault(5, "down", "sse_southbound", "answers 503"),
    Fault(8, "view_state", "hkex_southbound", "refuses the form's state once; a new GET helps"),
    Fault(13, "torn", "hkex_southbound", "breaks its first answer off half-way"),
    Fault(17, "maintenance", "hkex_southbound", "says once that it is under maintenance"),
    Fault(19, "down", "szse_southbound", "answers 503"),
    Fault(21, "cut", "hkex_southbound", "ends its first page in the middle of a row"),
    Fault(26, "too_many", "hkex_southbound", "answers the first question 429, Retry-After"),
    Fault(28, "disagree", "szse_southbound", "states a million shares more of 00005"),
    Fault(31, "jump", "hkex_southbound", "shows every second holding tripled"),
    Fault(36, "other_day", "hkex_southbound", "answers once with the session before"),
)
PASSING = frozenset({"view_state", "torn", "maintenance", "cut", "too_many", "other_day"})
"""Faults that are over with the first answer about the session: the second attempt goes well."""

POSTS_ONLY = frozenset({"view_state", "other_day"})
DISPUTED, SHARES_TOO_MANY = "00005", 1_000_000


class Format(Protocol):
    """A publisher's way of answering, truthful at ``now`` (UTC)."""

    def __call__(self, question: Question, market: Market, now: datetime) -> Answer:
        """What the publisher sends."""
        ...


class Mischief:
    """Answers for publishers, with the faults of the day; remembers which passing ones are over."""

    def __init__(self, *, market: Market) -> None:
        self._market = market
        self._passing = Passing(PASSING)

    def answer(self, source: str, say: Format, question: Question, now: datetime) -> Answer:
        """What ``source`` sends at ``now``, saying it with ``say``."""
        fault = self._fault(source, question, now)
        if fault is None:
            return say(question, self._market, now)
        if fault.name in REFUSALS:
            return REFUSALS[fault.name]
        if fault.name in DISTORTIONS:
            return say(question, self._market.told(DISTORTIONS[fault.name]), now)
        if fault.name == "other_day":
            question = self._about_the_session_before(question, now)
        answer = say(question, self._market, now)
        return EDITS[fault.name](answer) if fault.name in EDITS else answer

    def _fault(self, source: str, question: Question, now: datetime) -> Fault | None:
        day = _shown_day(source, question, now)
        if day is None:
            return None
        ordinal = self._market.ordinal(day)
        if self._market.sessions[ordinal] != day:
            return None  # a day on which the numbers stand: its page is whole again
        for fault in FAULTS:
            if (fault.source, fault.at) != (source, ordinal % CYCLE):
                continue
            if fault.name in POSTS_ONLY and question.method != "POST":
                continue
            if self._passing.comes(fault, ordinal):
                return fault
        return None

    def _about_the_session_before(self, question: Question, now: datetime) -> Question:
        ordinal = self._market.ordinal(hkex_southbound.shown_day(question, now))
        before = self._market.sessions[ordinal - 1]
        return replace(
            question, form={**question.form, "txtShareholdingDate": f"{before:%Y/%m/%d}"}
        )


def _shown_day(source: str, question: Question, now: datetime) -> date | None:
    """The day the answer will be about; None where no fault can be planted."""
    if source == "hkex_southbound" and question.query.get("t") == "hk":
        return hkex_southbound.shown_day(question, now)
    if source == "sse_southbound":
        return sse_southbound.shown_day(question, now)
    return szse_southbound.shown_day(question, now) if source == "szse_southbound" else None


def _partial(holdings: pl.DataFrame) -> pl.DataFrame:
    return holdings.gather_every(3)


def _jump(holdings: pl.DataFrame) -> pl.DataFrame:
    factor = pl.when(pl.int_range(pl.len()) % 2 == 0).then(3).otherwise(1)
    return holdings.with_columns(pl.col("shanghai", "shenzhen") * factor)


def _disagree(holdings: pl.DataFrame) -> pl.DataFrame:
    more = pl.when(pl.col("code") == DISPUTED).then(SHARES_TOO_MANY).otherwise(0)
    return holdings.with_columns(pl.col("shenzhen") + more)


DISTORTIONS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "partial": _partial,
    "jump": _jump,
    "disagree": _disagree,
}
"""Faults in what is told."""

REFUSALS = {
    "down": DOWN,
    "view_state": REFUSED,
    "maintenance": Answer(
        body=b"<!DOCTYPE html><html><body><p>System is under maintenance.</p></body></html>"
    ),
    "too_many": TOO_MANY,
}
"""Faults that answer instead of the publisher."""


def _cut(answer: Answer) -> Answer:
    """The page up to the middle of its middle row; its declared length is that of what is sent."""
    middle = answer.body.index(b'<td class="col-shareholding">', len(answer.body) // 2)
    return replace(answer, body=answer.body[:middle])


EDITS: dict[str, Callable[[Answer], Answer]] = {"torn": torn, "cut": _cut}
"""Faults in how it is written."""

"""What goes wrong at the invented neighbours' publishers, on which session and at which one.

The formats stay clean; this puts the faults around them. The place of the newest closed session of
"AFRICA" among all decides (``FAULTS``), so any 60 of them hold each fault once and no session has
two. Traps that belong to a format, as dates without a year, are always in it.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Protocol

from market_assets.calendars.sessions import (
    bounds,
    newest_closed_session,
    session_before,
    session_close,
    sessions_between,
)
from market_assets.sandbox.africa.days import DELAYS, shown_session
from market_assets.sandbox.africa.market import Market
from market_assets.sandbox.faults import CHALLENGE, DOWN, REJECTED, TOO_MANY, Fault, Passing, torn
from market_assets.sandbox.messages import Answer, Question

CYCLE = 60


FAULTS = (
    Fault(3, "cut", "afx", "ends its pages in the middle of the list"),
    Fault(8, "lag", "african_lists", "still shows the sessions before, under their own dates"),
    Fault(13, "too_many", "ngx", "answers the first question 429, Retry-After"),
    Fault(18, "torn", "egx_beta", "breaks its first answer off half-way"),
    Fault(23, "worthless", "egx_beta", "states market caps of 0"),
    Fault(28, "nan", "ngx", "writes a bare NaN for null"),
    Fault(33, "short", "ngx", "sends 85 rows, whatever is asked for"),
    Fault(38, "replay", "egx_beta", "shows the session before under the new date"),
    Fault(43, "layout", "african_lists", "has renamed the column of prices"),
    Fault(48, "rejected", "egx_beta", "refuses every question with a page of its firewall"),
    Fault(53, "challenge", "african_lists", "answers everything with a Cloudflare challenge"),
    Fault(58, "down", "afx", "answers 503 to everything"),
)
PASSING = frozenset({"too_many", "torn"})
"""Faults that are over with the first answer of the session: the second attempt goes well."""

SHORT = 85
WORTHLESS = 5
"""So many rows without a market cap."""


class Format(Protocol):
    """A publisher's way of answering, truthful at ``now`` (UTC)."""

    def __call__(self, question: Question, market: Market, now: datetime) -> Answer:
        """What the publisher sends."""
        ...


def faults_on(session: date) -> tuple[Fault, ...]:
    """The faults planted on ``session`` of AFRICA."""
    return tuple(fault for fault in FAULTS if fault.at == _ordinals()[session] % CYCLE)


class Mischief:
    """Answers for publishers, with the faults of the day; remembers which passing ones are over."""

    def __init__(self, *, market: Market) -> None:
        self._market = market
        self._passing = Passing(PASSING)

    def answer(self, source: str, say: Format, question: Question, now: datetime) -> Answer:
        """What ``source`` sends at ``now``, saying it with ``say``."""
        fault = self._fault(source, newest_closed_session("AFRICA", now))
        if fault is None:
            return say(question, self._market, now)
        if fault.name in REFUSALS:
            return REFUSALS[fault.name]
        if fault.name == "lag":
            return say(question, self._market, _before(newest_closed_session("AFRICA", now)))
        if fault.name == "replay":
            return self._replayed(say, question, now)
        return EDITS[fault.name](say(question, self._market, now))

    def _fault(self, source: str, session: date) -> Fault | None:
        for fault in faults_on(session):
            if fault.source == source and self._passing.comes(fault, session):
                return fault
        return None

    def _replayed(self, say: Format, question: Question, now: datetime) -> Answer:
        session = shown_session("egx_beta", "XCAI", now)
        before = session_before("XCAI", session)
        old = say(question, self._market, session_close("XCAI", before) + DELAYS["egx_beta"])
        dates = (f"{before}T".encode(), f"{session}T".encode())
        return replace(old, body=old.body.replace(*dates))


@cache
def _ordinals() -> dict[date, int]:
    days = sessions_between("AFRICA", *bounds("AFRICA"))
    return {day: place for place, day in enumerate(days)}


def _before(session: date) -> datetime:
    """An instant at which every session before ``session`` is shown, and not it."""
    return session_close("AFRICA", session_before("AFRICA", session)) + timedelta(hours=4)


def _layout(answer: Answer) -> Answer:
    return replace(answer, body=answer.body.replace(b">Price<", b">Last<"))


def _nan(answer: Answer) -> Answer:
    return replace(answer, body=answer.body.replace(b": null", b": NaN"))


def _short(answer: Answer) -> Answer:
    return replace(answer, body=json.dumps(json.loads(answer.body)[:SHORT]).encode())


def _worthless(answer: Answer) -> Answer:
    page: dict[str, Any] = json.loads(answer.body)
    for row in page["data"]["data"][:WORTHLESS]:
        row["mc"] = 0
    return replace(answer, body=json.dumps(page, ensure_ascii=False).encode())


def _cut(answer: Answer) -> Answer:
    """The page up to a cell of its list; its declared length is that of what is sent."""
    return replace(answer, body=answer.body[: answer.body.rindex(b"<td>")])


EDITS: dict[str, Callable[[Answer], Answer]] = {
    "torn": torn,
    "layout": _layout,
    "nan": _nan,
    "short": _short,
    "worthless": _worthless,
    "cut": _cut,
}
"""Faults in how it is written."""

REFUSALS = {
    "down": DOWN,
    "too_many": TOO_MANY,
    "rejected": REJECTED,
    "challenge": CHALLENGE,
}
"""Faults that answer instead of the publisher."""

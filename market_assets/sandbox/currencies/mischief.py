"""What goes wrong at the invented central banks, on which weekday and at which one.

The formats stay clean; this puts the faults around them. The place of the clock's day (UTC) among
all weekdays decides (``FAULTS``), so any 47 weekdays hold each fault once; a weekend is Friday.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any, Protocol

from market_assets.sandbox.currencies.figures import DAY, Figures
from market_assets.sandbox.faults import DOWN, FORBIDDEN, REJECTED, TOO_MANY, Fault, Passing, torn
from market_assets.sandbox.messages import Answer, Question

CYCLE = 47
"""Not of whole weeks, so that each fault meets each weekday in time."""
WORKDAYS = 5
YEAR = 364 * DAY


FAULTS = (
    Fault(2, "too_many", "ecb", "answers the first question 429, Retry-After"),
    Fault(5, "old", "bceao", "heads the rates of a year before with the day"),
    Fault(8, "torn", "cbn", "breaks its first answer off half-way"),
    Fault(11, "layout", "ecb", "has renamed the column of values"),
    Fault(14, "maintenance", "cbn", "answers everything with a page, 200"),
    Fault(17, "conflict", "cbn", "has two newest rates of the pound, under two spellings"),
    Fault(20, "zero", "cbn", "states a newest rate of the euro of 0"),
    Fault(23, "empty", "sarb", "answers [] to everything"),
    Fault(26, "nan", "sarb", "writes a bare NaN for its newest values"),
    Fault(29, "swapped", "sarb", "answers each series with that of the euro"),
    Fault(32, "wall", "bceao", "answers everything 403"),
    Fault(35, "day_before", "bceao", "shows the day before, under its own heading"),
    Fault(38, "cut", "bceao", "ends in the middle of its table"),
    Fault(41, "rejected", "cbe", "refuses every form with a page of its firewall"),
    Fault(44, "down", "ecb", "answers 503 to everything"),
)
PASSING = frozenset({"too_many", "torn"})
"""Faults that are over with the first answer of the day: the second attempt goes well."""


class Format(Protocol):
    """A bank's way of answering, truthful at ``now`` (UTC)."""

    def __call__(self, question: Question, figures: Figures, now: datetime) -> Answer:
        """What the bank sends."""
        ...


def faults_on(day: date) -> tuple[Fault, ...]:
    """The faults planted on ``day``, at a weekend those of its Friday."""
    return tuple(fault for fault in FAULTS if fault.at == _ordinal(day) % CYCLE)


class Mischief:
    """Answers for the banks, with the faults of the day; knows which passing ones are over."""

    def __init__(self, *, figures: Figures) -> None:
        self._figures = figures
        self._passing = Passing(PASSING)

    def answer(self, source: str, say: Format, question: Question, now: datetime) -> Answer:
        """What ``source`` sends at ``now``, saying it with ``say``."""
        name = self._fault(source, now.astimezone(UTC).date())
        if name in REFUSALS:
            return REFUSALS[name]
        if name == "rejected" and question.method == "POST":
            return REJECTED
        said = say(_asked(name, question), self._figures, now)
        if name == "old":
            return self._old(said, say, question, now)
        return EDITS[name](said) if name in EDITS and said.status == HTTPStatus.OK else said

    def _old(self, said: Answer, say: Format, question: Question, now: datetime) -> Answer:
        day = date.fromisoformat(question.query["dateJour"]) - YEAR
        before = say(replace(question, query={"dateJour": f"{day}"}), self._figures, now)
        heading, mark, _ = said.body.partition(b"</h2>")
        return replace(said, body=heading + mark + before.body.partition(b"</h2>")[2])

    def _fault(self, source: str, day: date) -> str:
        for fault in faults_on(day):
            if fault.source == source and self._passing.comes(fault, _ordinal(day)):
                return fault.name
        return ""


def _ordinal(day: date) -> int:
    weeks, place = divmod(day.toordinal() - 1, 7)
    return weeks * WORKDAYS + min(place, WORKDAYS - 1)


def _asked(name: str, question: Question) -> Question:
    """The question that is answered in the place of ``question``."""
    if name == "day_before":
        before = date.fromisoformat(question.query["dateJour"]) - DAY
        return replace(question, query={"dateJour": before.isoformat()})
    if name == "swapped":
        *path, _, first, last = question.path.split("/")
        return replace(question, path="/".join([*path, "EXCZ002D", first, last]))
    return question


def _edited(said: Answer, edit: Callable[[list[dict[str, Any]]], None]) -> Answer:
    rows: list[dict[str, Any]] = json.loads(said.body)
    edit(rows)
    return replace(said, body=json.dumps(rows).encode())


def _conflict(rows: list[dict[str, Any]]) -> None:
    pound = next(row for row in rows if row["currency"] == "POUNDS STERLING")
    other = f"{float(pound['centralrate']) + 1:.4f}"
    rows.insert(0, {**pound, "currency": "POUND STERLING ", "centralrate": other})


def _zero(rows: list[dict[str, Any]]) -> None:
    next(row for row in rows if row["currency"] == "EURO")["centralrate"] = "0"


def _nan(rows: list[dict[str, Any]]) -> None:
    rows[0]["Value"] = float("nan")


EDITS: dict[str, Callable[[Answer], Answer]] = {
    "torn": torn,
    "layout": lambda said: replace(said, body=said.body.replace(b"OBS_VALUE", b"VALUE")),
    "conflict": lambda said: _edited(said, _conflict),
    "zero": lambda said: _edited(said, _zero),
    "empty": lambda said: replace(said, body=b"[]"),
    "nan": lambda said: _edited(said, _nan),
    "cut": lambda said: replace(said, body=said.body[: said.body.rfind(b"<tr>")]),
}
"""Faults in what is said or how it is written."""

REFUSALS = {
    "too_many": TOO_MANY,
    "maintenance": Answer(body=b"<!DOCTYPE html><html><body>Under maintenance</body></html>"),
    "wall": FORBIDDEN,
    "down": DOWN,
}
"""Faults that answer instead of the bank."""

"""What goes wrong at the invented bank, on which business day and at which source.

The formats stay clean; this puts the faults around them. The place of the business day decides
(``FAULTS``): that of the clock for the site, that of the question for the API, so any 20 business
days hold each fault once.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, Protocol

from market_assets.sandbox.central_bank.bkam_api import rows_answer
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.messages import Answer, Question

CYCLE = 20
RETRY_AFTER = 2


class Fault(NamedTuple):
    """What ``source`` does on business days whose ordinal leaves ``at`` when divided by CYCLE."""

    at: int
    name: str
    source: str
    what: str


FAULTS = (
    Fault(2, "too_many", "bkam", "answers the first question 429, Retry-After"),
    Fault(4, "torn", "bkam", "breaks its first answer off half-way"),
    Fault(6, "layout", "bkam", "has renamed the column of the interbank rate"),
    Fault(8, "wall", "bkam", "answers everything 403"),
    Fault(10, "maintenance", "bkam", "answers everything 503, a page that says so"),
    Fault(12, "page_for_export", "bkam", "answers exports with a page"),
    Fault(14, "unreadable", "bkam", "writes n.d. for the rate of the euro"),
    Fault(15, "doubles", "bkam_api", "has 28 of 30 reference rates twice"),
    Fault(16, "conflict", "bkam_api", "has two rates of the euro"),
    Fault(17, "empty", "bkam_api", "answers [] for the curve"),
    Fault(18, "too_many", "bkam_api", "answers the first question 429, Retry-After"),
)
PASSING = frozenset({"too_many", "torn"})
"""Faults that are over with the first answer of the day: the second attempt goes well."""


Rows = list[dict[str, Any]]
Tell = Callable[[Rows], Rows]


class Format(Protocol):
    """A publisher's way of answering, truthful at ``moment``."""

    def __call__(self, question: Question, moment: Moment) -> Answer:
        """What the publisher sends."""
        ...


class Mischief:
    """Answers for the sources, with the faults of the day; knows which passing ones are over."""

    def __init__(self) -> None:
        self._met: Counter[tuple[Fault, int]] = Counter()

    def answer(self, source: str, say: Format, question: Question, moment: Moment) -> Answer:
        """What ``source`` sends, saying it with ``say``."""
        name = self._fault(source, question, moment)
        if name in REFUSALS:
            return REFUSALS[name]
        said = say(question, moment)
        return EDITS[name](question, said) if name in EDITS and said.status == OK else said

    def _fault(self, source: str, question: Question, moment: Moment) -> str:
        asked = question.query.get("date") or question.query.get("dateCourbe")
        day = date.fromisoformat(asked[:10]) if source == "bkam_api" and asked else moment.today
        ordinal = moment.figures.ordinal(day)
        for fault in FAULTS:
            if (fault.source, fault.at) == (source, ordinal % CYCLE):
                self._met[fault, ordinal] += 1
                if fault.name not in PASSING or self._met[fault, ordinal] == 1:
                    return fault.name
        return ""


OK = 200
REFUSALS = {
    "too_many": Answer(
        body=b'{"message":"Rate limit is exceeded. Try again in 2 seconds."}',
        media_type="application/json",
        status=429,
        headers={"Retry-After": str(RETRY_AFTER)},
    ),
    "wall": Answer(body=b"<!DOCTYPE html><html><body>Forbidden</body></html>", status=403),
    "maintenance": Answer(
        body=b"<!DOCTYPE html><html><body><p>Site en maintenance</p></body></html>",
        status=503,
    ),
}
"""Faults that answer instead of the bank."""


def _torn(_question: Question, said: Answer) -> Answer:
    return replace(said, torn=True)


def _layout(_question: Question, said: Answer) -> Answer:
    renamed = said.body.replace("Taux Moyen Pondéré".encode(), "Taux du marché".encode())
    return replace(said, body=renamed)


def _page_for_export(question: Question, said: Answer) -> Answer:
    if not question.path.startswith("/export/"):
        return said
    return Answer(body=b"<!DOCTYPE html><html><body>bkam.ma</body></html>")


def _unreadable(_question: Question, said: Answer) -> Answer:
    before, link, after = said.body.partition(b'/graph/currency/eur"')
    start, mark, rest = after.partition(b'<span class="number">')
    tail = rest[rest.find(b"</sapn>") :] if mark else rest
    return replace(said, body=before + link + start + mark + (b"n.d." if mark else b"") + tail)


def _told(question: Question, said: Answer, part: str, tell: Tell) -> Answer:
    if not question.path.endswith(part):
        return said
    return rows_answer(tell(json.loads(said.body)))


def _doubles(question: Question, said: Answer) -> Answer:
    return _told(question, said, "CoursVirement", lambda rows: [*rows, *rows[:28]])


def _conflict(question: Question, said: Answer) -> Answer:
    def tell(rows: Rows) -> Rows:
        euro = next(row for row in rows if row["libDevise"] == "EUR")
        return [*rows, {**euro, "moyen": round(euro["moyen"] + 0.01, 4)}]

    return _told(question, said, "CoursVirement", tell)


def _empty(question: Question, said: Answer) -> Answer:
    return _told(question, said, "CourbeBDT", lambda _: [])


EDITS: dict[str, Callable[[Question, Answer], Answer]] = {
    "torn": _torn,
    "layout": _layout,
    "page_for_export": _page_for_export,
    "unreadable": _unreadable,
    "doubles": _doubles,
    "conflict": _conflict,
    "empty": _empty,
}
"""Faults in what is said or how it is written."""

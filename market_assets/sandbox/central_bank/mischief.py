"""What goes wrong at the invented bank, on which business day and at which source.

The formats stay clean; this puts the faults around them. The place of the business day decides
(``FAULTS``): that of the clock for the site, that of the question for the API, so any 20 business
days hold each fault once.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

from market_assets.sandbox.central_bank.bkam_api import rows_answer
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.faults import FORBIDDEN, RETRY_AFTER, Fault, Passing, torn
from market_assets.sandbox.messages import Answer, Question

CYCLE = 20


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
    Fault(4, "moved_head", "bkam_series", "has three more lines above the months"),
    Fault(6, "moved_sheet", "bkam_series", "has its figures on the second sheet"),
    Fault(8, "other_unit", "bkam_series", "no longer says that amounts are in millions"),
    Fault(12, "torn", "bkam_series", "breaks its first answer off half-way"),
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
        self._passing = Passing(PASSING)

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
            here = (fault.source, fault.at) == (source, ordinal % CYCLE)
            if here and self._passing.comes(fault, ordinal):
                return fault.name
        return ""


OK = 200
ABOVE = ("Bank Al-Maghrib", "Direction des statistiques", "Nouvelle base")
"""Lines that a workbook whose head moved has above its title."""
REFUSALS = {
    "too_many": Answer(
        body=b'{"message":"Rate limit is exceeded. Try again in 2 seconds."}',
        media_type="application/json",
        status=429,
        headers={"Retry-After": str(RETRY_AFTER)},
    ),
    "wall": FORBIDDEN,
    "maintenance": Answer(
        body=b"<!DOCTYPE html><html><body><p>Site en maintenance</p></body></html>",
        status=503,
    ),
}
"""Faults that answer instead of the bank."""


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


def _rewritten(said: Answer, part: str, edit: Callable[[str], str]) -> Answer:
    """A workbook with one of its parts edited; any other answer as it is."""
    if not said.body.startswith(b"PK"):
        return said
    file = BytesIO()
    with ZipFile(BytesIO(said.body)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info)
            new.writestr(info, edit(text.decode()).encode() if info.filename == part else text)
    return replace(said, body=file.getvalue())


def _moved_head(_question: Question, said: Answer) -> Answer:
    lines = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{words}</t></is></c></row>'
        for n, words in enumerate(ABOVE, start=1)
    )

    def lower(text: str) -> str:
        places = re.compile(r'(<row r="|<c r="[A-Z]+)([0-9]+)')
        moved = places.sub(lambda place: f"{place[1]}{int(place[2]) + len(ABOVE)}", text)
        return moved.replace("<sheetData>", f"<sheetData>{lines}")

    return _rewritten(said, "xl/worksheets/sheet1.xml", lower)


def _moved_sheet(_question: Question, said: Answer) -> Answer:
    def swapped(text: str) -> str:
        return re.sub("(<sheet [^>]*/>)(<sheet [^>]*/>)", r"\2\1", text)

    return _rewritten(said, "xl/workbook.xml", swapped)


def _other_unit(_question: Question, said: Answer) -> Answer:
    return _rewritten(said, "xl/sharedStrings.xml", lambda text: text.replace("MDH", "MMDH"))


EDITS: dict[str, Callable[[Question, Answer], Answer]] = {
    "torn": lambda _question, said: torn(said),
    "layout": _layout,
    "page_for_export": _page_for_export,
    "unreadable": _unreadable,
    "doubles": _doubles,
    "conflict": _conflict,
    "empty": _empty,
    "moved_head": _moved_head,
    "moved_sheet": _moved_sheet,
    "other_unit": _other_unit,
}
"""Faults in what is said or how it is written."""

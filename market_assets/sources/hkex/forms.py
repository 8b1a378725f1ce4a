"""Asking HKEXnews by its form: a GET for the form's state, then a POST for each question.

Every answer carries the form again, and its state is what the next question sends back: all hidden
fields, those without a value as empty. ASP.NET may refuse a state; then the form is got anew, once
for each question.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from selectolax.lexbor import LexborHTMLParser

from market_assets.sources.hkex.pages import BODY, MAINTENANCE, NOTHING_HELD, UNKNOWN_STOCK, alert
from market_assets.sources.reading import body_text
from market_assets.web.failures import (
    EmptyPage,
    LayoutChanged,
    NotThisPage,
    RateLimited,
    Unavailable,
)
from market_assets.web.messages import Capture, Conversation, Request

BUTTON = "btnSearch"
GIVE_UP = 3
"""How many questions in a row without an answer end a conversation."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is filled into the form, and the key of its answer."""

    key: str
    fields: Mapping[str, str]


def form_state(capture: Capture) -> dict[str, str]:
    """What pressing the form's button sends before anything is filled in.

    A button that is an input is sent by its name and value; the newer link posts back instead.
    """
    text = body_text(capture)
    if BODY not in text and MAINTENANCE in text:
        raise Unavailable(f"{capture.url} says: {MAINTENANCE}")
    page = LexborHTMLParser(capture.body)
    if page.css_first("form input[name=txtShareholdingDate]") is None:
        raise LayoutChanged(f"no form with a shareholding date at {capture.url}")
    inputs = [field.attributes for field in page.css("form input[name]")]
    state = {
        field["name"] or "": field.get("value") or ""
        for field in inputs
        if (field.get("type") or "").lower() == "hidden"
    }
    button = next((field for field in inputs if field["name"] == BUTTON), None)
    if button is None:
        pressed = {"__EVENTTARGET": BUTTON, "__EVENTARGUMENT": ""}
    else:
        pressed = {BUTTON: button.get("value") or ""}
    return state | pressed | {"alertMsg": ""}


def answers(first: Capture, questions: Iterable[Question], *, form: Request) -> Conversation:
    """Each question in turn, from the state of ``first``, the answer to ``form``.

    A question that is refused is asked once more with a form got anew. One that stays unanswered
    stops the others only after ``GIVE_UP`` in a row. Raises ``NotThisPage``, at the end or then,
    with the keys of what was not answered.
    """
    state = _usable_state(first)
    unanswered: list[str] = []
    misses = 0
    for question in questions:
        answer = None
        if state is not None:
            fields = {**state, **question.fields}
            answer = yield from _answered(_posted(form, question.key, fields))
        if answer is None:
            state = yield from _renewed(form, question.key)
            if state is not None:
                fields = {**state, **question.fields}
                answer = yield from _answered(_posted(form, f"{question.key}/again", fields))
        if answer is None:
            unanswered.append(question.key)
            misses, state = misses + 1, None
            if misses == GIVE_UP:
                break
        else:
            misses, state = 0, form_state(answer)
    if unanswered:
        raise NotThisPage(
            f"{', '.join(unanswered)}: HKEXnews refuses the form that it has just given, "
            "or is under maintenance"
        )


def _usable_state(page: Capture) -> dict[str, str] | None:
    """The form's state, None under maintenance or from an answer without a body."""
    try:
        return form_state(page)
    except (Unavailable, EmptyPage):
        return None


def _renewed(form: Request, key: str) -> Generator[Request, Capture, dict[str, str] | None]:
    """The state of a form got anew for the question ``key``; None where it cannot be had."""
    try:
        page = yield replace(form, key=f"{form.key}/{key}")
    except RateLimited:
        raise
    except Unavailable:
        return None
    return _usable_state(page)


def _answered(request: Request) -> Generator[Request, Capture, Capture | None]:
    """The answer to a post; None where the state was refused: an error, or a page without result.

    An empty body is one too. Some servers refuse with a 500, which looks like any other until a
    new form is refused too.
    """
    try:
        answer = yield request
    except RateLimited:
        raise
    except Unavailable:
        return None
    if answer.status != HTTPStatus.OK:
        return None
    try:
        text = body_text(answer)
    except EmptyPage:
        return None
    told = any(sign in text for sign in (BODY, NOTHING_HELD, UNKNOWN_STOCK))
    return answer if told or alert(LexborHTMLParser(answer.body)) else None


def _posted(form: Request, key: str, state: Mapping[str, str]) -> Request:
    return replace(form, key=key, method="POST", form=state)

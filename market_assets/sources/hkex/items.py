"""What the items of a page about Hong Kong's stocks say: codes, names, days, enough of them.

Knows no publisher. What is wrong with one item is a ``ValueError``, which puts that item aside.
"""

import re
from collections.abc import Iterable, Sized
from datetime import date

from market_assets.sources.reading import stated_day
from market_assets.web.failures import EmptyPage, NotThisPage, RateLimited, Unavailable
from market_assets.web.messages import Capture, Conversation, Request

CODE = re.compile("[0-9]{1,5}")


def stock_code(value: object) -> str:
    """The five digits of a code, which pages also write as a number, short or among spaces."""
    code = value.strip() if isinstance(value, str) else str(value) if type(value) is int else ""
    if not CODE.fullmatch(code):
        raise ValueError(f"{value!r} is not a stock code of up to five digits")
    return code.zfill(5)


def stock_name(value: object) -> str | None:
    """A name without the padding around it, which may be full-width; None where there is none."""
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    raise ValueError(f"{value!r} is not a name")


def asked_day(capture: Capture) -> date:
    """The day a page was asked for, where the page does not say: ``holdings/2026-08-05``.

    A conversation about many days says it in the key; a page a person saved is of one day.
    """
    try:
        return stated_day(capture.key.rpartition("/")[2], "%Y-%m-%d")
    except ValueError as error:
        if capture.first_session == capture.last_session:
            return capture.last_session
        raise NotThisPage(f"the page states no date, and {capture.key!r} names none") from error


def require_enough(items: Sized, *, fewest: int, what: str) -> None:
    """EmptyPage where there are fewer than ``fewest``: a part is held back, never passed on."""
    if len(items) < fewest:
        raise EmptyPage(f"held back: {len(items)} rows of {what}, fewer than {fewest}")


GIVE_UP = 3
"""How many days in a row that cannot be had end a conversation."""


def asked_each(questions: Iterable[Request]) -> Conversation:
    """Each question in turn: one that cannot be had stops the others after ``GIVE_UP`` in a row."""
    misses = 0
    for question in questions:
        try:
            yield question
        except RateLimited:
            raise
        except Unavailable:
            misses += 1
            if misses == GIVE_UP:
                raise
        else:
            misses = 0

"""Reading a captured body: is it there, of the right kind, and what does it state.

Knows no publisher. What is wrong with a whole page raises a ``SourceFailure``; what is wrong with
one row is a ``ValueError`` that puts that row aside with its text.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Protocol, TypeVar, cast

from parsel import Selector

from market_assets.sources.lines import casablanca_lines
from market_assets.sources.source import Refused
from market_assets.web.failures import (
    Blocked,
    EmptyPage,
    LayoutChanged,
    NotThisPage,
    RateLimited,
    Unavailable,
)
from market_assets.web.messages import Capture

CHALLENGES = ("Just a moment", "Enable JavaScript and cookies to continue")
"""What Cloudflare's challenge pages say, seen by clients of Medias24 and Investing."""

Item = TypeVar("Item")


class Element(Protocol):
    """What is used of an lxml element."""

    tag: Any
    text: str | None

    def __len__(self) -> int:
        """The number of elements directly inside."""
        ...

    def __iter__(self) -> Iterator["Element"]:
        """The elements directly inside."""
        ...

    def iter(self, tag: str) -> Iterator["Element"]:
        """The elements of this tag at any depth, in the order of the page."""
        ...

    def itertext(self) -> Iterator[str]:
        """The texts at any depth, in the order of the page."""
        ...

    def get(self, key: str, default: str) -> str:
        """The attribute ``key``."""
        ...


def body_text(capture: Capture) -> str:
    """The body as text, without a byte order mark; bytes that are not UTF-8 become U+FFFD.

    Raises for a status that is not 200, an empty body and a challenge page.
    """
    if capture.status != 200:  # noqa: PLR2004  the one status that carries a page
        raise _failure(capture.status)(f"{capture.url} answered {capture.status}")
    text = capture.body.decode("utf-8-sig", errors="replace").strip()
    if not text:
        raise EmptyPage(f"{capture.url} answered without a body")
    if text.startswith("<") and any(mark in text for mark in CHALLENGES):
        raise Blocked(f"{capture.url} answered with a challenge page")
    return text


def json_object(capture: Capture) -> dict[str, Any]:
    """The JSON object of the body; HTML is another page, JSON that ends early a changed layout."""
    text = body_text(capture)
    if text.startswith("<"):
        raise NotThisPage(f"HTML where {capture.url} has JSON: {text[:60]!r}")
    try:
        page: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LayoutChanged(f"the JSON of {capture.url} is broken: {error}") from error
    return as_object(page, "the answer")


def html_root(capture: Capture) -> Element:
    """The root element of the page; what is not HTML is another page."""
    if not body_text(capture).startswith("<"):
        raise NotThisPage(f"no HTML at {capture.url}: {capture.body[:60]!r}")
    return Selector(body=capture.body, encoding="utf-8", type="html").root


def stated(row: dict[str, Any], name: str) -> object:
    """The field ``name`` of a JSON object, null included; LayoutChanged where there is none."""
    if name not in row:
        raise LayoutChanged(f"the field {name!r} is missing; there are {sorted(row)}")
    return row[name]


def as_object(value: object, what: str) -> dict[str, Any]:
    """``value`` as a JSON object, else LayoutChanged; ``what`` names it there."""
    if not isinstance(value, dict):
        raise LayoutChanged(f"{what} is no JSON object but {str(value)[:60]!r}")
    return cast("dict[str, Any]", value)


def as_list(value: object, what: str) -> list[Any]:
    """``value`` as a JSON list, else LayoutChanged; ``what`` names it there."""
    if not isinstance(value, list):
        raise LayoutChanged(f"{what} is no JSON list but {str(value)[:60]!r}")
    return cast("list[Any]", value)


def as_objects(value: object, what: str) -> list[dict[str, Any]]:
    """``value`` as a JSON list of objects, else LayoutChanged; ``what`` names it there."""
    return [as_object(item, f"a member of {what}") for item in as_list(value, what)]


def stated_day(text: object, form: str) -> date:
    """The day in ``text``, written exactly in the ``strptime`` format ``form``."""
    day = _day(text, form) if isinstance(text, str) else None
    if day is None:
        raise ValueError(f"{text!r} is not a date of the form {form}")
    return day


def asked_ticker(capture: Capture) -> str:
    """The line a page was asked for, where the page does not say: ``history/ATW``, ``ATW.csv``."""
    ticker = PurePosixPath(capture.key).stem
    if ticker not in {line.ticker for line in casablanca_lines()}:
        raise NotThisPage(f"the page does not say its line, and {capture.key!r} names none")
    return ticker


def read_rows(
    items: Iterable[Item], read: Callable[[Item], dict[str, Any]], text: Callable[[Item], str]
) -> tuple[list[dict[str, Any]], tuple[Refused, ...]]:
    """``read`` of each item, in order, and the items that state no close or cannot be read."""
    rows: list[dict[str, Any]] = []
    refused: list[Refused] = []
    for item in items:
        try:
            row = read(item)
        except ValueError as error:
            refused.append(Refused(text=text(item), reason=str(error)))
            continue
        if row["close"] is None:
            refused.append(Refused(text=text(item), reason="no close is stated"))
        else:
            rows.append(row)
    return rows, tuple(refused)


def json_text(item: object) -> str:
    """A JSON value as its publisher wrote it, spacing aside."""
    return json.dumps(item, ensure_ascii=False)


def _failure(status: int) -> type[Exception]:
    known = {401: Blocked, 403: Blocked, 404: NotThisPage, 410: NotThisPage, 429: RateLimited}
    return known.get(status, Unavailable)


@lru_cache(maxsize=4096)
def _day(text: str, form: str) -> date | None:
    try:
        day = datetime.strptime(text, form)  # noqa: DTZ007  a date, not an instant
    except ValueError:
        return None
    return day.date() if day.strftime(form) == text else None

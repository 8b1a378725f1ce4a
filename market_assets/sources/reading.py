"""Reading a captured body: is it there, of the right kind, and what shape has it.

From bytes to text, JSON or HTML; rows are the subject of ``rows``. Knows no publisher. What is
wrong with a whole page raises a ``SourceFailure``. ``what`` names in it what was looked for.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol, cast

from lxml import etree

from market_assets.web.failures import (
    Blocked,
    EmptyPage,
    LayoutChanged,
    NotThisPage,
    RateLimited,
    Unavailable,
)
from market_assets.web.messages import Capture
from market_assets.web.walls import wall

REJECTED = b"Request Rejected"


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


def body_bytes(capture: Capture) -> bytes:
    """The body as it came.

    Raises for a status that is not 200, a wall and an empty body.
    """
    if sign := wall(capture.status, capture.headers, capture.body):
        raise Blocked(f"{capture.url} answered with a refusal or a challenge: {sign}")
    if capture.status != 200:  # noqa: PLR2004  the one status that carries a page
        raise _failure(capture.status)(f"{capture.url} answered {capture.status}")
    if not capture.body or capture.body.isspace():
        raise EmptyPage(f"{capture.url} answered without a body")
    return capture.body


def refuse_rejection(capture: Capture) -> None:
    """Raises Blocked where the firewall of a publisher put its own page, under whatever status.

    It is no sign of ``wall``: it is captured as an answer, and the quarantine tells of it.
    """
    if REJECTED in capture.body:
        raise Blocked(f"{capture.url} answered {REJECTED.decode()!r}")


def body_text(capture: Capture) -> str:
    """The body as text, without a byte order mark and the space around it.

    Raises as ``body_bytes`` does, and for bytes that are not UTF-8.
    """
    try:
        text = body_bytes(capture).decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise LayoutChanged(f"the body of {capture.url} is not UTF-8: {error}") from error
    if not text:
        raise EmptyPage(f"{capture.url} answered without a body")
    return text


def html_body(capture: Capture) -> bytes:
    """The body as it came, where it is HTML in UTF-8.

    Raises as ``body_text`` does, and for what is not HTML.
    """
    text = body_text(capture)
    if not text.startswith("<"):
        raise NotThisPage(f"no HTML at {capture.url}: {text[:60]!r}")
    return capture.body


def json_value(text: str, what: str) -> object:
    """The JSON in ``text``; markup in its place is another page, anything else a broken one."""
    if text.startswith("<"):
        raise NotThisPage(f"markup where {what} was expected: {text[:60]!r}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LayoutChanged(f"{what} is not whole JSON: {error}") from error


def html_root(capture: Capture) -> Element:
    """The root element of the page; what is not HTML is another page."""
    return html_tree(html_body(capture))


def html_tree(body: bytes) -> Any:  # noqa: ANN401  an lxml element
    """The root element of HTML in UTF-8, however badly written; of mere comments an empty one."""
    # Plain elements: those of lxml.html ask Python for the class of every tag.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = cast("Any", etree.fromstring(body, parser))
    return etree.Element("html") if root is None else root


def stated(item: dict[str, Any], name: str) -> object:
    """The field ``name`` of an object that comes once, null included; else LayoutChanged."""
    if name not in item:
        raise LayoutChanged(f"the field {name!r} is missing; there are {sorted(item)}")
    return item[name]


def as_object(value: object, what: str) -> dict[str, Any]:
    """``value`` as a JSON object, else LayoutChanged."""
    if not isinstance(value, dict):
        raise LayoutChanged(f"{what} is no JSON object but {str(value)[:60]!r}")
    return cast("dict[str, Any]", value)


def as_list(value: object, what: str) -> list[Any]:
    """``value`` as a JSON list, else LayoutChanged."""
    if not isinstance(value, list):
        raise LayoutChanged(f"{what} is no JSON list but {str(value)[:60]!r}")
    return cast("list[Any]", value)


def as_objects(value: object, what: str) -> list[dict[str, Any]]:
    """``value`` as a JSON list of objects, else LayoutChanged."""
    return [as_object(item, f"a member of {what}") for item in as_list(value, what)]


def stated_day(text: object, form: str) -> date:
    """The day in ``text``, written exactly in the ``strptime`` format ``form``; else ValueError."""
    day = _day(text, form) if isinstance(text, str) else None
    if day is None:
        raise ValueError(f"{text!r} is not a date of the form {form}")
    return day


def _failure(status: int) -> type[Exception]:
    known = {404: NotThisPage, 410: NotThisPage, 429: RateLimited}
    return known.get(status, Unavailable)


@lru_cache(maxsize=4096)
def _day(text: str, form: str) -> date | None:
    try:
        day = datetime.strptime(text, form)  # noqa: DTZ007  a date, not an instant
    except ValueError:
        return None
    return day.date() if day.strftime(form) == text else None

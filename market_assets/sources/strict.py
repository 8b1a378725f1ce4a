"""What must be whole before rows are read from it: UTF-8, JSON, lists of objects.

Knows no publisher. ``expected`` says in the failure what the source looked for.
"""

import json
from collections.abc import Iterable
from typing import Any, cast

from market_assets.sources.reading import as_objects, body_text
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture


def utf8(capture: Capture, *, expected: str) -> str:
    """The body as text, refused as LayoutChanged where its bytes are not UTF-8."""
    text = body_text(capture)
    if "\ufffd" in text:
        raise LayoutChanged(f"{expected} is not UTF-8")
    return text


def json_of(text: str, *, expected: str) -> object:
    """The JSON in ``text``; markup in its place is another page, anything else a broken one."""
    if text.startswith("<"):
        raise NotThisPage(f"markup where {expected} was expected: {text[:60]!r}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise LayoutChanged(f"{expected} is not whole JSON: {broken}") from broken


def members(value: object) -> dict[str, Any]:
    """The members of a JSON object; none of what is not one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def elements(value: object) -> list[Any]:
    """The elements of a JSON list; none of what is not one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def objects(value: object, *, fields: Iterable[str], expected: str) -> list[dict[str, Any]]:
    """``value`` as a list of JSON objects of which one at least has all of ``fields``.

    A field that only some rows lack is not stated there; one that all lack is a changed layout.
    """
    rows = as_objects(value, expected)
    if not rows:
        raise EmptyPage(f"{expected} has no row")
    if not any(row.keys() >= set(fields) for row in rows):
        seen = sorted({name for row in rows for name in row})
        raise LayoutChanged(f"no row of {expected} has all of {sorted(fields)}, but {seen}")
    return rows

"""The grammar of the engine behind Wafabourse and CDG Capital Bourse (nt-soft.ma).

Questions are ACTIONS with typed PARAMS; answers are ``[{NAME: {"Valid": true, "Data": [...]}}]``,
where Data may be nested once more. No raw answer was seen: whether numbers come as numbers or as
text is not known, so both are read, text with a decimal point and no group marks.
"""

from typing import Any

from market_assets.domain.numbers import NumberFormat, json_number
from market_assets.sources.reading import as_list, as_object, as_objects, body_text, json_value
from market_assets.sources.rows import as_rows
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture

STRINGS = NumberFormat(decimal=".")


def action(name: str, *params: tuple[str, str, str]) -> dict[str, Any]:
    """The body that asks for ``name``; ``params`` are (name, type S or I, value)."""
    asked = {"NAME": name, "TYPE": "SELECT", "VALUE": name}
    stated = [{"NAME": param, "TYPE": kind, "VALUE": value} for param, kind, value in params]
    return {"ACTIONS": [{"ACTION": asked, "PARAMS": stated}]}


def answered(capture: Capture, *names: str) -> tuple[str, object]:
    """Which of ``names`` the capture answers, and its Data."""
    expected = " or ".join(names)
    body = as_objects(json_value(body_text(capture), expected), expected)
    answer = body[0] if body else {}
    name = next((name for name in names if name in answer), None)
    if name is None:
        raise NotThisPage(f"no answer to {expected}: {str(body)[:60]}")
    told = as_object(answer[name], name)
    if told.get("Valid") is not True:
        raise LayoutChanged(f"{name} came without Valid: true")
    return name, told.get("Data")


def data_rows(data: object, *, fields: tuple[str, ...], what: str) -> list[dict[str, Any]]:
    """The objects in ``data``, unwrapped where they are nested once more."""
    if data is None:
        raise EmptyPage(f"{what} has no Data")
    members = as_list(data, what)
    if members and isinstance(members[0], list):
        members = [row for nested in members for row in as_list(nested, what)]
    return as_rows(members, fields=fields, what=what)


def price(value: object) -> float | None:
    """A price; the engine writes 0 or nothing for one that was not made."""
    return json_number(value, strings=STRINGS) or None


def without_time(text: object) -> str:
    """The date of a ``DD/MM/YYYY HH:MM:SS``: what stands before the first space."""
    return str(text).strip().partition(" ")[0]

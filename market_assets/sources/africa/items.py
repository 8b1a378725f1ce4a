"""From what pages about the neighbours' exchanges say of a line to a row: tickers, figures, names.

Knows no publisher. What is wrong with one item is a ``ValueError``, which puts that item aside.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from market_assets.domain.africa.rows import AFRICAN_LISTINGS, AFRICAN_QUOTES
from market_assets.domain.numbers import json_number, json_whole
from market_assets.sources.rows import stamped
from market_assets.sources.source import Parsed, Refused
from market_assets.web.messages import Capture

TAGS = re.compile(r"(?:\s*\[[A-Z]+\])+\s*\Z")
"""Marks of a line's standing that Lagos writes behind symbols, such as ``[MRF]``."""
TICKER = re.compile("[A-Z0-9]{1,12}")


def untagged(text: str) -> str:
    """A symbol or name without the marks and the space behind it."""
    return TAGS.sub("", text).strip()


def stated_ticker(value: object) -> str:
    """A ticker without marks; ValueError for what cannot be one."""
    ticker = untagged(value) if isinstance(value, str) else ""
    if not TICKER.fullmatch(ticker):
        raise ValueError(f"{value!r} is not a ticker")
    return ticker


def stated_name(value: object, *, ticker: str) -> str | None:
    """A name without marks; None where there is none, or the ticker stands in its place."""
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{value!r} is not a name")
    name = " ".join(untagged(value or "").split())
    return name if name and name != ticker else None


def figure(value: object) -> float | None:
    """A JSON number; null and a bare NaN, which is not JSON but comes, state nothing."""
    return json_number(_stated(value), strings=None)


def count(value: object) -> int | None:
    """A JSON number without a fraction (150.0 is 150); null and a bare NaN state nothing."""
    return json_whole(_stated(value), strings=None)


def price(value: object) -> float | None:
    """A JSON number as a price: none is 0."""
    return figure(value) or None


def _stated(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value


def african(
    rows: Iterable[Mapping[str, Any]],
    refused: tuple[Refused, ...],
    capture: Capture,
    *,
    dated: bool,
) -> Parsed:
    """Rows as quotes and, without their figures, as listings."""
    stated = [{**row, "dated": dated} for row in rows]
    lines = {(row["mic"], row["ticker"]): row for row in stated}
    known = [{name: row.get(name) for name in _LISTED} for row in lines.values()]
    quotes = [{name: row.get(name) for name in AFRICAN_QUOTES} for row in stated]
    tables = {
        "african_quotes": stamped(quotes, AFRICAN_QUOTES, capture),
        "african_listings": stamped(known, AFRICAN_LISTINGS, capture),
    }
    return Parsed(refused=refused, tables=tables)


_LISTED = ("mic", "ticker", "isin", "name", "sector")

"""From the items of a page to rows, and from rows to a frame in a schema.

Knows no publisher. What is wrong with one row is a ``ValueError``, which puts that row aside with
its text; where its kind is known it is a ``RowRefused``. A ``SourceFailure`` is wrong with them
all.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

import polars as pl

from market_assets.domain.quotes.rows import QUOTES
from market_assets.sources.reading import as_objects
from market_assets.sources.refusals import RowRefused
from market_assets.sources.source import Refused
from market_assets.web.failures import EmptyPage, LayoutChanged
from market_assets.web.messages import Capture

Item = TypeVar("Item")
Parts: TypeAlias = Iterator[Mapping[str, Any]]
"""A row part by part, its line and session first, so that a refused row still says whose it is."""


def as_rows(value: object, *, fields: Iterable[str], what: str) -> list[dict[str, Any]]:
    """``value`` as a list of JSON objects, one at least, which together have all of ``fields``.

    A field that only some rows lack is null there; one that all lack is a changed layout.
    """
    items = as_objects(value, what)
    if not items:
        raise EmptyPage(f"{what} has no row")
    seen = {name for item in items for name in item}
    if missing := sorted(set(fields) - seen):
        raise LayoutChanged(f"no row of {what} has {missing}, but {sorted(seen)}")
    return items


def read_items(
    items: Iterable[Item],
    read: Callable[[Item], Parts],
    text: Callable[[Item], str],
    *,
    needs: str | None = None,
) -> tuple[list[dict[str, Any]], tuple[Refused, ...]]:
    """``read`` of each item, in order, and the items that cannot be read.

    One that states nothing of what it ``needs`` cannot either.
    """
    rows: list[dict[str, Any]] = []
    refused: list[Refused] = []
    for item in items:
        row: dict[str, Any] = {}
        try:
            _fill(row, read(item), needs=needs)
        except ValueError as error:
            kind = error.kind if isinstance(error, RowRefused) else "row"
            line, session = row.get("ticker", row.get("code")), row.get("session")
            refused.append(
                Refused(text=text(item), reason=str(error), kind=kind, ticker=line, session=session)
            )
        else:
            rows.append(row)
    return rows, tuple(refused)


def _fill(row: dict[str, Any], parts: Parts, *, needs: str | None) -> None:
    for part in parts:
        row |= part
    if needs and row[needs] is None:
        raise ValueError(f"no {needs} is stated")


def read_rows(
    items: Iterable[Item], read: Callable[[Item], Parts], text: Callable[[Item], str]
) -> tuple[list[dict[str, Any]], tuple[Refused, ...]]:
    """``read_items`` of quotes: those that state no close are refused too."""
    return read_items(items, read, text, needs="close")


def stamped(rows: Iterable[Mapping[str, Any]], schema: pl.Schema, capture: Capture) -> pl.DataFrame:
    """``rows`` in ``schema``, each with the capture it came from; what is missing is null."""
    stamps = {
        "source": capture.source,
        "capture_id": capture.capture_id,
        "known_at": capture.fetched_at,
    }
    return pl.DataFrame([{**row, **stamps} for row in rows], schema=schema)


def quoted(rows: Iterable[Mapping[str, Any]], capture: Capture, *, dated: bool) -> pl.DataFrame:
    """``rows`` as QUOTES; ``dated`` is whether the page of ``capture`` states their session."""
    return stamped(({**row, "dated": dated} for row in rows), QUOTES, capture)


def json_text(item: object) -> str:
    """A JSON value as its publisher wrote it, spacing aside."""
    return json.dumps(item, ensure_ascii=False)

"""Rows of one published table, a page at a time: the SQL, its bound values, and the cursor.

Pages are told apart by the key of their last row, never by a count of rows, so a page costs the
same wherever it lies and a new version neither repeats rows nor leaves any out.
"""

import base64
import binascii
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import TypeAlias

import orjson
import polars as pl

from market_assets.serving.api.facts import Facts
from market_assets.serving.api.problems import Problem, unpublished
from market_assets.warehouse.names import identifier, table_identifier
from market_assets.warehouse.reader import Version

Condition: TypeAlias = tuple[str, tuple[object, ...]]
"""SQL of ours with a "?" for each value that is bound to it."""
Json: TypeAlias = str | int | float | bool | None
INT64 = 2**63


@dataclass(frozen=True)
class Key:
    """A column that rows are ordered by; nulls come last either way."""

    column: str
    descending: bool = False


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is wanted of ``table``; the columns of ``order`` tell its rows apart.

    ``rows`` is the SQL of a relation with the table's columns and maybe more, None for the table.
    """

    table: str
    rows: str | None
    where: Sequence[Condition]
    order: Sequence[Key]
    limit: int
    cursor: str | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """The rows, and the cursor of the rows after them if there are any."""

    rows: pl.DataFrame
    next: str | None


def equal(column: str, value: object) -> Condition:
    """Rows whose ``column`` is ``value``, or its member's value."""
    return f"{identifier(column)} = ?", (value.value if isinstance(value, Enum) else value,)


def chosen(**columns: object) -> list[Condition]:
    """Rows whose columns are these values; None leaves one open."""
    return [equal(name, value) for name, value in columns.items() if value is not None]


def like(column: str, text: str) -> Condition:
    """Rows whose ``column`` is ``text``, whatever the case and the accents."""
    return f"strip_accents(lower({identifier(column)})) = strip_accents(lower(?))", (text,)


def newest(table: str, column: str) -> Condition:
    """Rows of the newest date in ``column``."""
    name = identifier(column)
    return f"{name} = (SELECT max({name}) FROM {table_identifier(table)})", ()


def between(column: str, start: date | None, end: date | None) -> list[Condition]:
    """Rows from ``start`` to ``end``, both included, either of which may be open."""
    first = [(f"{identifier(column)} >= ?", (start,))] if start else []
    last = [(f"{identifier(column)} <= ?", (end,))] if end else []
    return [*first, *last]


def page_of(version: Version, facts: Facts, wanted: Selection, *, seconds: float) -> Page:
    """The page of ``version`` that is wanted; raises a problem for an unpublished table."""
    if wanted.table not in facts.columns:
        raise unpublished(wanted.table)
    source = wanted.rows or f"SELECT * FROM {table_identifier(wanted.table)}"
    where = list(wanted.where)
    if wanted.cursor is not None:
        described = version.query(f"DESCRIBE {source}", (), seconds=seconds)
        kinds = dict(described.select("column_name", "column_type").rows())
        where.append(_after(wanted.order, _values(wanted, wanted.cursor, kinds)))
    conditions = " AND ".join(f"({sql})" for sql, _ in where) or "true"
    order = ", ".join(
        f"{identifier(key.column)} {'DESC' if key.descending else 'ASC'} NULLS LAST"
        for key in wanted.order
    )
    query = f"SELECT * FROM ({source}) WHERE {conditions} ORDER BY {order} LIMIT ?"
    values = [value for _, bound in where for value in bound]
    rows = version.query(query, [*values, wanted.limit + 1], seconds=seconds)
    if rows.height <= wanted.limit:
        return Page(rows=rows, next=None)
    rows = rows.head(wanted.limit)
    return Page(rows=rows, next=_cursor(wanted, rows.tail(1)))


def _after(order: Sequence[Key], values: Sequence[object]) -> Condition:
    """Rows after the one with these ``values`` in the columns of ``order``."""
    ways: list[str] = []
    bound: list[object] = []
    for place, key in enumerate(order):
        if values[place] is None:
            continue  # nulls are last: nothing is after them by this column
        same = [f"{identifier(before.column)} IS NOT DISTINCT FROM ?" for before in order[:place]]
        name, sign = identifier(key.column), "<" if key.descending else ">"
        ways.append(" AND ".join([*same, f"({name} {sign} ? OR {name} IS NULL)"]))
        bound += [*values[:place], values[place]]
    return " OR ".join(f"({way})" for way in ways) or "false", tuple(bound)


def _tag(wanted: Selection) -> str:
    """What a cursor belongs to: the table, the order and the conditions, not the limit."""
    told = repr((wanted.table, list(wanted.order), [(sql, str(v)) for sql, v in wanted.where]))
    return sha256(told.encode()).hexdigest()[:12]


def _cursor(wanted: Selection, last: pl.DataFrame) -> str:
    (row,) = last.select(key.column for key in wanted.order).rows()
    return base64.urlsafe_b64encode(orjson.dumps([_tag(wanted), *row])).decode().rstrip("=")


def _values(wanted: Selection, text: str, kinds: Mapping[str, str]) -> list[object]:
    try:
        tag, *values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if tag != _tag(wanted) or len(values) != len(wanted.order):
            raise _foreign("it belongs to another question")
        return [
            None if value is None else READ[kinds[key.column]](value)
            for key, value in zip(wanted.order, values, strict=True)
        ]
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise _foreign("it is not one of ours") from error


def _foreign(reason: str) -> Problem:
    error = {"parameter": "cursor", "message": f"{reason}: send meta.next as it came"}
    return Problem(
        kind="bad-parameter", status=422, detail=f"cursor: {error['message']}", errors=[error]
    )


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: Json) -> int:
    if not isinstance(value, int) or not -INT64 <= value < INT64:
        raise TypeError(value)
    return value


def _real(value: Json) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _day(value: Json) -> date:
    return date.fromisoformat(_text(value))


READ: Mapping[str, Callable[[Json], object]] = {
    "VARCHAR": _text,
    "BIGINT": _whole,
    "INTEGER": _whole,
    "DOUBLE": _real,
    "DATE": _day,
}
"""How the value of a cursor is read for a column of this type; no other is ordered by."""

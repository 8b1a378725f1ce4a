"""The structural fingerprint of a page: where its figures stand and under which names.

Knows no publisher. Of HTML: of each table the path of tags and classes to it, its headings and how
many columns it has, and the fields of JSON in scripts. Of JSON: its fields. Of a workbook: the
header of its first sheet. Of other text: its first line. Never a figure: digits are written 0, and
classes with a digit are left out, for these are generated or mere spacing.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import Any, cast

import fastexcel
import polars as pl

from market_assets.sources.reading import html_tree
from market_assets.sources.sheets import ARCHIVE

UNREADABLE = "unreadable"
"""The fingerprint of what is not whole."""
DIGITS = re.compile(r"\d+")
WIDE = 2
"""A row of a sheet with so many cells is its header, not a title."""

ROWS = 100
"""Rows of a table that are looked at: those after them are built as they are."""


def layout(body: bytes) -> str:
    """The fingerprint of a page, the same for two pages that are built alike."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.startswith(ARCHIVE):
        return _sheet(body)
    if text.startswith(b"<"):
        return _html(text)
    if text.startswith((b"{", b"[")):
        return _json(text.decode("utf-8", "replace"))
    line = text.decode("utf-8", "replace").partition("\n")[0]
    return f"text {_plain(line)}"


def _html(body: bytes) -> str:
    root = html_tree(body)
    if parts := [*map(_table, _innermost(root.iter("table"))), *_islands(root)]:
        return f"html {'; '.join(dict.fromkeys(parts))}"
    tags = sorted({str(element.tag) for element in root.iter("*")})
    return f"html without a table, of {' '.join(tags)}"


def _innermost(tables: Iterator[Any]) -> Iterator[Any]:
    return (table for table in tables if next(table.iterdescendants("table"), None) is None)


def _table(table: Any) -> str:  # noqa: ANN401  an lxml element
    steps = [*reversed(list(table.iterancestors())), table]
    first = islice(table.iter("tr"), ROWS)
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in first]
    headings = [_plain("".join(cell.itertext())) for cell in table.iter("th")]
    filled = [row for row in rows if any(cell.tag == "td" for cell in row)]
    if not headings and filled:
        headings = [_step(cell) for cell in filled[-1]]
    widths = Counter(len(row) for row in filled).most_common(1)
    path = ">".join(_step(step) for step in steps)
    columns = widths[0][0] if widths else 0
    return f"{path} [{' | '.join(dict.fromkeys(headings))}] {columns} columns"


def _step(element: Any) -> str:  # noqa: ANN401  an lxml element
    classes = [name for name in element.get("class", "").split() if not DIGITS.search(name)]
    return ".".join([str(element.tag), *classes])


def _islands(root: Any) -> Iterator[str]:  # noqa: ANN401  an lxml element
    for script in root.iter("script"):
        if script.get("type", "") == "application/json":
            yield _json(script.text or "")


def _json(text: str) -> str:
    try:
        return f"json {_fields([json.loads(text)])}"
    except (ValueError, RecursionError):
        return f"json {UNREADABLE}"


def _fields(values: list[Any]) -> str:
    """The fields that ``values`` have between them; figures and texts have none."""
    objects = [cast("dict[str, Any]", value) for value in values if isinstance(value, dict)]
    lists = [cast("list[Any]", value) for value in values if isinstance(value, list)]
    members = [member for each in lists for member in each]
    inside: dict[str, list[Any]] = {}
    for value in objects:
        for name, held in value.items():
            inside.setdefault(_plain(name), []).append(held)
    told = [name + _fields(held) for name, held in sorted(inside.items())]
    fields = f"{{{', '.join(told)}}}" if objects else ""
    return fields + (f"[{_fields(members)}]" if members else "")


def _sheet(body: bytes) -> str:
    try:
        sheet = pl.read_excel(
            BytesIO(body), has_header=False, infer_schema_length=0, raise_if_empty=False
        )
    except fastexcel.FastExcelError:
        return f"sheet {UNREADABLE}"
    for row in sheet.iter_rows():
        cells = [_plain(cell) for cell in row if cell and cell.strip()]
        if len(cells) >= WIDE:
            return f"sheet [{' | '.join(dict.fromkeys(cells))}]"
    return "sheet without a header"


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return DIGITS.sub("0", " ".join(text.split()))

"""The rows of a search page from its bytes, where they are written as HKEXnews always wrote them.

Of a page of a megabyte most is these rows, and a tree of them takes longer than all the rest. So
where every byte between ``<tbody>`` and ``</tbody>`` belongs to a row of just these tags, the rows
are read from it and only what is around them becomes a tree. Anything else, be it a single
attribute more, is for the tree: what comes out is the same.
"""

import re
from collections.abc import Sequence
from functools import cache
from html import unescape
from typing import NamedTuple

OPEN, CLOSE = b"<tbody>", b"</tbody>"
SPACE = rb"[ \t\n\r\f]*"
TEXT = rb"[^<\0\r]*"
"""Without what a tree writes otherwise. References to characters are looked up by name; what those
by number mean is the tree's to know."""


class PlainRows(NamedTuple):
    """``rows``: of each its bytes, and what its cells say by column. ``around``: all but them."""

    rows: list[tuple[memoryview, dict[str, str]]]
    around: bytes


def plain_rows(body: bytes, columns: Sequence[str]) -> PlainRows | None:
    """The rows of a page in UTF-8 with one ``tbody``, each with just ``columns`` in this order.

    None where there is no row, or anything else between the first ``<tbody>`` and the end of the
    last.
    """
    start, end = body.find(OPEN) + len(OPEN), body.rfind(CLOSE)
    row, place, seen = _row(tuple(columns)), start, memoryview(body)
    rows: list[tuple[memoryview, dict[str, str]]] = []
    while found := row.match(body, place, end):
        said = dict(zip(columns, map(_text, found.groups()), strict=True))
        rows.append((seen[place : found.end()], said))
        place = found.end()
    around = body[:start] + body[end:]
    if not rows or body[place:end].strip() or body.find(b"&#", start, end) >= 0:
        return None
    return PlainRows(rows, around) if around.lower().count(b"<tbody") == 1 else None


def _text(said: bytes) -> str:
    text = said.decode()
    return (unescape(text) if "&" in text else text).strip()


@cache
def _row(columns: tuple[str, ...]) -> re.Pattern[bytes]:
    cells = (
        b'<td class="%s">%s<div class="mobile-list-heading">%s</div>'
        b'%s<div class="mobile-list-body">(%s)</div>%s</td>'
        % (column.encode(), SPACE, TEXT, SPACE, TEXT, SPACE)
        for column in columns
    )
    return re.compile(SPACE.join([b"", b"<tr>", *cells, b"</tr>"]))

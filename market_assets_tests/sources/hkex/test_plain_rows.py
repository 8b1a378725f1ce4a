"""Rows read from the bytes are those of the tree, or none: on any page, however it is damaged."""

from html import escape

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from selectolax.lexbor import LexborHTMLParser

from market_assets.sources.hkex.hkex_northbound import SOURCE
from market_assets.sources.hkex.mutualmarket import parse
from market_assets.sources.hkex.pages import body_rows
from market_assets.sources.hkex.plain_rows import plain_rows
from market_assets.sources.source import Parsed
from market_assets.web.failures import SourceFailure
from market_assets_tests.sources.hkex.pages import COLUMNS, many, row, table

SAID = st.text(st.characters(codec="utf-8", exclude_characters="<\0\r#"), max_size=12)
PAGE = table(
    *many(7, first=90_000), row("90100", "A&amp;B &lt;&copy; C&D", "5", ""), market="sh"
).encode()
PIECES = rb"""
< > & " = &#0; &notin; &amp <!-- --> <p <b> <tr> </tr> <td> </td> <div> </div> </html> <tbody>
</tbody> <table> </table> <select> <textarea> <svg> <style> <script> <template>
""".split()
PIECES += [
    b"\0",
    b"\r",
    b" ",
    b"\xe5",
    b'<td class="col-stock-code">',
    b"<input name=alertMsg value=x>",
]


def by_the_tree(body: bytes) -> bytes:
    """The same page, whose rows nobody takes for plain ones."""
    return body.replace(b"<tbody>", b"<TBODY>")


@given(st.lists(st.tuples(*[SAID] * 4), min_size=1, max_size=5))
@example([("&amp;", "&eacute", "&lt&gt;", "&nosuch;")])
def test_whatever_the_cells_say_the_tree_says_too(rows):
    page = table(*(row(*said) for said in rows)).encode()
    plain = plain_rows(page, COLUMNS)
    assert plain is not None
    told = body_rows(LexborHTMLParser(page), COLUMNS)
    assert [cells for _, cells in plain.rows] == [row.cells for row in told]
    assert b"<tbody></tbody>" in plain.around


@given(st.lists(st.tuples(*[SAID] * 4), min_size=1, max_size=3))
def test_what_is_escaped_is_told_as_it_was(rows):
    told = [row(*(escape(text, quote=False) for text in said)) for said in rows]
    plain = plain_rows(table(*told).encode(), COLUMNS)
    assert plain is not None
    assert [tuple(cells.values()) for _, cells in plain.rows] == [
        tuple(text.strip() for text in said) for said in rows
    ]


@pytest.mark.parametrize(
    "body",
    [
        table("").encode(),
        table(row("1", "A", "1", "1%").replace("<tr>", '<tr class="odd">')).encode(),
        table(row("1", "A", "1", "1%"), "<!-- more -->").encode(),
        table(row("1", "<b>A</b>", "1", "1%")).encode(),
        table(row("1", "A\0", "1", "1%")).encode(),
        table(row("1", "A&#11;", "1", "1%")).encode(),
        table(row("1", "A", "1", columns=COLUMNS[:3], labels=COLUMNS[:3])).encode(),
        by_the_tree(table(row("1", "A", "1", "1%")).encode()),
        table().encode() + b"<!-- " + table(row("1", "A", "1", "1%")).encode() + b" -->",
        by_the_tree(table().encode()) + b"<!-- " + table(row("1", "A", "1", "1%")).encode(),
        b"",
    ],
)
def test_what_is_not_just_rows_is_for_the_tree(body):
    assert plain_rows(body, COLUMNS) is None


def outcome(saved, body: bytes) -> Parsed | str:
    try:
        return parse(saved(SOURCE, body))
    except SourceFailure as failure:
        return f"{type(failure).__name__}: {failure}"


def same(one: Parsed | str, other: Parsed | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return str(one).partition("'")[0] == str(other).partition("'")[0]  # what they quote aside
    (rows,), (others,) = one.tables.values(), other.tables.values()
    assert_frame_equal(rows, others)
    return one.refused == other.refused


def test_the_page_is_read_either_way(saved):
    assert plain_rows(PAGE, COLUMNS) is not None
    read = outcome(saved, PAGE)
    assert same(read, outcome(saved, by_the_tree(PAGE)))
    assert isinstance(read, Parsed)
    assert read.tables["northbound_holdings"].filter(pl.col("code") == "90100")["name"].item() == (
        "A&B <© C&D"
    )


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, len(PAGE)),
    gone=st.integers(0, 40),
    put=st.lists(st.sampled_from(PIECES), max_size=2),
)
def test_a_damaged_page_comes_out_as_the_tree_has_it(saved, at, gone, put):
    damaged = PAGE[:at] + b"".join(put) + PAGE[at + gone :]
    assert same(outcome(saved, damaged), outcome(saved, by_the_tree(damaged)))

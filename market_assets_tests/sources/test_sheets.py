"""Workbooks: every cell as the text it shows, and no broken one read in part."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market_assets.sources.hkex.szse_southbound import SOURCE
from market_assets.sources.sheets import sheet_rows
from market_assets.web.failures import (
    Blocked,
    EmptyPage,
    LayoutChanged,
    NotThisPage,
    SourceFailure,
    Unavailable,
)
from market_assets_tests.sources.conftest import capture
from market_assets_tests.sources.workbooks import workbook

ROWS = [("code", "name", "shares"), *((f"{i:05}", f"line {i}", str(i * 997)) for i in range(200))]


WHOLE = workbook(ROWS, inline=False)


def rows_of(body, **answer):
    return sheet_rows(capture(SOURCE, body, **answer), "a book")


@pytest.mark.parametrize("inline", [True, False])
def test_cells_are_texts_wherever_the_file_keeps_them(inline):
    cells = [("代码", " 简称\u3000", ""), (5, 469383349, 9144770041.0), ("00700", 1e15, 0.5)]
    assert rows_of(workbook(cells, inline=inline)) == [
        ("代码", "简称", ""),
        ("5", "469383349", "9144770041"),
        ("00700", "1000000000000000", "0.5"),
    ]


def test_rows_without_a_cell_are_no_rows():
    assert rows_of(workbook([], inline=False)) == []
    assert rows_of(workbook([("a",), ("",), (" ",), ("b",)], inline=False)) == [("a",), ("b",)]


@given(st.integers(0, 8 * len(WHOLE) - 1))
def test_a_flipped_bit_never_changes_what_is_read(bit):
    body = bytearray(WHOLE)
    body[bit // 8] ^= 1 << bit % 8
    try:
        rows = rows_of(bytes(body))
    except SourceFailure:
        return
    assert rows == ROWS


@pytest.mark.parametrize("share", [0.001, 0.01, 0.5, 0.999])
def test_a_cut_book_is_broken(share):
    with pytest.raises(LayoutChanged, match="a book is a broken workbook"):
        rows_of(WHOLE[: int(share * len(WHOLE))])


def test_an_archive_of_something_else_is_no_readable_workbook():
    other = BytesIO()
    with ZipFile(other, "w") as archive:
        archive.writestr("prices.csv", "1")
    with pytest.raises(LayoutChanged, match="a book is no readable workbook"):
        rows_of(other.getvalue())


@pytest.mark.parametrize(
    ("body", "answer", "failure", "said"),
    [
        (b"", {}, EmptyPage, "without a body"),
        (b" \r\n", {}, EmptyPage, "without a body"),
        ("<html>维护</html>", {}, NotThisPage, "no workbook where a book was expected: b'<html>"),
        ('{"error": 1}', {}, NotThisPage, "no workbook"),
        (WHOLE, {"status": 404}, NotThisPage, "404"),
        (WHOLE, {"status": 502}, Unavailable, "502"),
        (WHOLE, {"status": 403}, Blocked, "403"),
    ],
)
def test_what_is_no_book_is_named(body, answer, failure, said):
    with pytest.raises(failure, match=said):
        rows_of(body, **answer)

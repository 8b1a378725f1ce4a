"""Codes, names and days of Hong Kong's stocks, however a page writes them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market_assets.sources.hkex.items import asked_day, require_enough, stock_code, stock_name
from market_assets.sources.hkex.sse_southbound import SOURCE
from market_assets.web.failures import EmptyPage, NotThisPage

DAY = date(2026, 8, 5)


@given(st.integers(0, 99_999), st.integers(0, 5), st.sampled_from(["", " ", "   ", "\u3000"]))
def test_a_code_is_the_same_however_short_or_padded(number, width, space):
    code = f"{number:05}"
    assert stock_code(f"{space}{number:0{width}}{space}") == stock_code(number) == code
    assert stock_code(code) == code


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        "A",
        "00700.HK",
        "123456",
        100_000,
        -5,
        5.0,
        True,
        "\uff17\uff10\uff10",
        "7 00",
    ],
)
def test_what_is_no_code_is_refused_and_quoted(value):
    with pytest.raises(ValueError, match="is not a stock code of up to five digits") as refusal:
        stock_code(value)
    assert repr(value) in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "name"),
    [("長和\u3000\u3000", "長和"), (" A B ", "A B"), ("\u3000", None), ("", None), (None, None)],
)
def test_a_name_has_no_padding_and_no_name_is_null(value, name):
    assert stock_name(value) == name


def test_what_is_no_name_is_refused():
    with pytest.raises(ValueError, match="7 is not a name"):
        stock_name(7)


@pytest.mark.parametrize("key", ["holdings/2026-08-05", "2026-08-05"])
def test_the_key_says_the_day_among_many(key, page):
    asked = replace(page(SOURCE, "", key=key), first_session=date(2026, 8, 3))
    assert asked_day(asked) == DAY


@pytest.mark.parametrize("key", ["eligible", "holdings.xlsx", "holdings/2026-02-30"])
def test_a_saved_page_is_of_the_one_day_it_was_added_for(key, page):
    saved = page(SOURCE, "", key=key, session=DAY)
    assert asked_day(saved) == DAY
    with pytest.raises(NotThisPage, match=f"states no date, and '{key}' names none"):
        asked_day(replace(saved, first_session=date(2026, 8, 3)))


def test_too_few_rows_are_held_back_with_their_number():
    require_enough([1, 2], fewest=2, what="holdings")
    with pytest.raises(EmptyPage, match="held back: 1 rows of holdings, fewer than 2"):
        require_enough([1], fewest=2, what="holdings")

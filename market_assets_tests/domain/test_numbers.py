"""Numbers as their publishers write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market_assets.domain.numbers import (
    FRENCH_GROUPS,
    NumberFormat,
    UnreadableNumber,
    json_number,
    json_whole,
    number,
    whole,
)

PLAIN = NumberFormat(decimal=".")
ENGLISH = NumberFormat(decimal=".", groups=(",",), empty=("", "-", "N/A"))
FRENCH = NumberFormat(decimal=",", groups=FRENCH_GROUPS)
ABBREVIATED = NumberFormat(decimal=".", groups=(",",), suffixes={"K": 10**3, "M": 10**6})
MONEY = NumberFormat(
    decimal=",", groups=FRENCH_GROUPS, suffixes={"Mn": 10**6, "Md": 10**9, "MAD": 1}
)
PERCENT = NumberFormat(decimal=".", percent=True)
ACCOUNTING = NumberFormat(decimal=".", groups=(",",), parentheses=True)


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("2273925.50", PLAIN, 2273925.5),
        ("0", PLAIN, 0.0),
        ("0.0149253731", PLAIN, 0.0149253731),
        ("11,900.00", ENGLISH, 11900.0),
        ("1,234", ENGLISH, 1234.0),
        ("1234567", ENGLISH, 1234567.0),
        ("1,234", FRENCH, 1.234),
        ("1 230 406,10", FRENCH, 1230406.1),
        ("1\u00a0230\u00a0406,10", FRENCH, 1230406.1),
        ("1\u202f230\u202f406,10", FRENCH, 1230406.1),
        (" 402 551 254\u00a0", FRENCH, 402551254.0),
        ("12.40K", ABBREVIATED, 12400.0),
        ("1.23M", ABBREVIATED, 1230000.0),
        ("14,00 MAD", MONEY, 14.0),
        ("1,5\u00a0Md", MONEY, 1.5e9),
        ("2,25Mn", MONEY, 2.25e6),
        ("+3.57%", PERCENT, 0.0357),
        ("-9.99 %", PERCENT, -0.0999),
        ("\u22120.99%", PERCENT, -0.0099),
        ("(1,234.5)", ACCOUNTING, -1234.5),
        ("-12", ACCOUNTING, -12.0),
    ],
)
def test_a_number_is_read_as_its_source_declares(text, form, value):
    assert number(text, form) == value


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1,234", PLAIN),
        ("1.234", FRENCH),
        ("12 34", FRENCH),
        ("0 0", FRENCH),
        ("1 2345", FRENCH),
        ("1 234 56", FRENCH),
        ("1 234\u00a0567", FRENCH),
        ("1234 567", FRENCH),
        ("0,123", ENGLISH),
        ("1,234,56", ENGLISH),
        (",5", FRENCH),
        ("5,", FRENCH),
        ("007", PLAIN),
        ("1.2.3", PLAIN),
        ("--1", PLAIN),
        ("- 1", PLAIN),
        ("1-", PLAIN),
        ("1e5", PLAIN),
        ("NaN", PLAIN),
        ("inf", PLAIN),
        ("\u0661\u0662", PLAIN),
        ("1\n2", PLAIN),
        ("1" * 41, PLAIN),
        ("N/A", PLAIN),
        ("(12)", PLAIN),
        ("(-12)", ACCOUNTING),
        ("(12", ACCOUNTING),
        ("()", ACCOUNTING),
        ("12k", ABBREVIATED),
        ("12B", ABBREVIATED),
        ("K", ABBREVIATED),
        ("12 MDH", MONEY),
        ("12%", PLAIN),
        ("12", PERCENT),
    ],
)
def test_what_does_not_fit_is_refused_with_its_text(text, form):
    with pytest.raises(UnreadableNumber) as refusal:
        number(text, form)
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize("text", ["", "-", " - ", "\u00a0"])
def test_an_empty_mark_is_nothing_and_never_zero(text):
    assert number(text, FRENCH) is None
    assert whole(text, FRENCH) is None


def test_only_declared_marks_are_empty():
    assert number("N/A", ENGLISH) is None
    with pytest.raises(UnreadableNumber, match="'-' is not a number"):
        number("-", NumberFormat(decimal=".", empty=()))


def test_a_count_is_exact_or_refused():
    assert whole("150.0", PLAIN) == 150
    assert whole("1.234K", ABBREVIATED) == 1234
    assert whole("9223372036854775807", PLAIN) == 2**63 - 1
    for text, form in (("150.5", PLAIN), ("1.2345K", ABBREVIATED), (str(2**63), PLAIN)):
        with pytest.raises(UnreadableNumber, match="is not a whole number"):
            whole(text, form)


def test_json_numbers_pass_when_finite():
    assert json_number(670.1, strings=None) == 670.1
    assert json_number(144144362130, strings=None) == 144144362130.0
    assert json_whole(150.0, strings=None) == 150
    assert json_number(None, strings=None) is None
    assert json_whole(None, strings=None) is None


@pytest.mark.parametrize("value", [True, False, math.nan, math.inf, 10**400, "1", [1], {"a": 1}])
def test_other_json_values_are_refused(value):
    with pytest.raises(UnreadableNumber):
        json_number(value, strings=None)
    with pytest.raises(UnreadableNumber):
        json_whole(value, strings=None)


def test_json_strings_pass_where_declared():
    assert json_number("670.1", strings=PLAIN) == 670.1
    assert json_whole("12", strings=PLAIN) == 12
    assert json_whole("", strings=PLAIN) is None
    for value, reason in ((150.5, "150.5 is not a whole"), ("1,0", "'1,0' is not a number")):
        with pytest.raises(UnreadableNumber, match=reason):
            json_whole(value, strings=PLAIN)


CENTS = st.integers(min_value=-(10**17), max_value=10**17)
"""Amounts in hundredths."""


@given(cents=CENTS)
def test_an_english_amount_comes_back(cents):
    text = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    assert number("-" + text if cents < 0 else text, ENGLISH) == cents / 100


@given(cents=CENTS, mark=st.sampled_from(FRENCH_GROUPS), minus=st.sampled_from("-\u2212"))
def test_a_french_amount_comes_back(cents, mark, minus):
    text = f"{abs(cents) // 100:,}".replace(",", mark) + f",{abs(cents) % 100:02d}"
    assert number(minus + text if cents < 0 else text, FRENCH) == cents / 100


@given(count=st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
def test_a_count_comes_back_whatever_its_size(count):
    assert whole(f"{count:,}", ENGLISH) == count
    assert whole(str(count), PLAIN) == count
    assert json_whole(count, strings=None) == count


@given(value=st.floats(min_value=-1e15, max_value=1e15))
def test_a_json_float_comes_back(value):
    assert json_number(value, strings=None) == value


@given(text=st.text(max_size=12))
def test_any_text_is_a_finite_number_or_nothing_or_refused(text):
    for form in (PLAIN, ENGLISH, FRENCH, ABBREVIATED, PERCENT, ACCOUNTING):
        try:
            value = number(text, form)
        except UnreadableNumber:
            continue
        assert value is None or math.isfinite(value)

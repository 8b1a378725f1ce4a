"""How numbers are written: marks, units, signs, and null where nothing is stated."""

import pytest

from market_assets.serving.dashboard.numbers import change, plain, scaled, signed


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(1234567.891, 2, "1,234,567.89"), (0, 0, "0"), (-5.5, 1, "−5.5"), (None, 2, "null")],  # noqa: RUF001 -- a minus sign
)
def test_a_number_has_thousands_marks_and_null_is_never_nought(value, digits, written):
    assert plain(value, digits=digits) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (364_030_000, ("364.0", "million MAD")),
        (1_001_070, ("1.00", "million MAD")),
        (74.0949e9, ("74.1", "billion MAD")),
        (999_999, ("999,999", "MAD")),
        (-2.5e6, ("−2.50", "million MAD")),  # noqa: RUF001 -- a minus sign
        (0, ("0", "MAD")),
        (None, ("null", "MAD")),
    ],
)
def test_an_amount_keeps_its_unit_whatever_its_size(value, written):
    assert scaled(value, "MAD") == written


def test_a_change_is_told_by_arrow_and_sign():
    assert signed(1.5, digits=2, unit="%") == "▲ +1.50%"
    assert signed(-1.5, digits=2, unit="%") == "▼ −1.50%"  # noqa: RUF001 -- a minus sign
    assert signed(0.0, digits=1, unit="") == "● 0.0"
    assert signed(None, digits=1, unit="%") == "null"


@pytest.mark.parametrize(("value", "base"), [(None, 5), (5, None), (5, 0)])
def test_there_is_no_change_from_nothing(value, base):
    assert change(value, base) is None


def test_a_change_is_in_percent():
    assert change(110, 100) == pytest.approx(10)

"""Window sums by doubling: right, and the same to the last bit wherever the window stands."""

from fractions import Fraction
from itertools import pairwise
from math import sqrt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from market_assets.domain.volume.windows import correlation_of_changes, trailing_sum

FLOATS = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=90)


def series(values) -> pl.Series:
    return pl.Series(values, dtype=pl.Float64)


@given(st.lists(st.integers(-(10**9), 10**9), max_size=60), st.integers(1, 13), st.integers(1, 4))
def test_a_sum_is_of_exactly_its_window(values, times, apart):
    reach = (times - 1) * apart
    expected = [
        sum(values[row - k * apart] for k in range(times)) for row in range(reach, len(values))
    ]
    assert trailing_sum(series(values), times, apart=apart).to_list() == expected


@given(FLOATS, st.integers(0, 40))
def test_what_stood_before_a_window_does_not_touch_its_last_bit(values, cut):
    values = [1e12, *values, *values]
    whole = trailing_sum(series(values), 5, apart=1)
    later = trailing_sum(series(values[cut:]), 5, apart=1)
    assert_series_equal(whole.tail(later.len()), later, check_exact=True)


def test_a_null_reaches_the_windows_that_hold_it_and_no_other():
    sums = trailing_sum(series([1.0, None, 1.0, 1.0, 1.0, 1.0, 1.0]), 5, apart=1)
    assert sums.to_list() == [None, None, 5.0]


def pearson(xs: list[float], ys: list[float]) -> float | None:
    """The correlation in exact arithmetic."""
    xs, ys = [Fraction(x) for x in xs], [Fraction(y) for y in ys]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread_x = sum((x - mean_x) ** 2 for x in xs)
    spread_y = sum((y - mean_y) ** 2 for y in ys)
    if not spread_x or not spread_y:
        return None
    together = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return float(together) / sqrt(spread_x * spread_y)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=20, max_size=24))
def test_a_correlation_is_pearsons(points):
    x, y = [list(map(float, side)) for side in zip((0, 0), *points, strict=True)]
    changes = [[b - a for a, b in pairwise(side)] for side in (x, y)]
    expected = [
        pearson(*(side[end - 20 : end] for side in changes)) for end in range(20, len(points) + 1)
    ]
    got = correlation_of_changes(series(x), series(y), 20).to_list()
    assert got == [value if value is None else pytest.approx(value, abs=1e-9) for value in expected]


def test_a_series_correlates_wholly_with_itself_and_never_beyond():
    x = series([(k * 7919) % 101 / 7 for k in range(200)])
    assert correlation_of_changes(x, x, 60).is_between(1 - 1e-12, 1.0).all()
    assert correlation_of_changes(x, -x, 60).is_between(-1.0, 1e-12 - 1).all()


def test_a_side_that_grows_by_one_and_the_same_factor_does_not_vary():
    steady = series([1.01**k for k in range(61)]).log10()
    varied = series([(k * 7919) % 101 for k in range(61)])
    assert correlation_of_changes(steady, varied, 60).to_list() == [None]
    assert correlation_of_changes(varied, steady, 60).to_list() == [None]

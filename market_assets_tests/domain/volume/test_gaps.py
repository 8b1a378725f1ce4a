"""What is missing is seen, and no window steps over it."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.volume.gaps import stretches, with_missing_sessions
from market_assets_tests.domain.volume.volume_rows import analysed, line, weekdays


def test_no_window_steps_over_a_session_that_nobody_stated():
    days = weekdays(30)
    known = [day for number, day in enumerate(days) if number != 9]
    rows = line(range(1, 30), days=known)
    assert analysed(rows).filter(pl.col("session") == days[10])["previous_volume"].item() == 9
    whole = with_missing_sessions(rows, days)
    assert whole.height == 30
    figures = analysed(whole).filter(pl.col("session").is_in(known))
    after = figures.filter(pl.col("session") == days[10]).row(0, named=True)
    assert (after["previous_volume"], after["volume_ma_5"]) == (None, None)
    full = figures.filter(pl.col("volume_ma_20").is_not_null())["session"].to_list()
    assert full == [days[29]]


def test_a_line_owes_nothing_before_its_first_row_or_after_its_last():
    days = weekdays(10)
    rows = line([1, 2, 3], days=days[4:7])
    assert_frame_equal(with_missing_sessions(rows, days), rows)


@pytest.mark.parametrize(
    ("lacking", "expected"),
    [((), [0] * 6), ((3,), [0, 0, 0, 1, 1]), ((0, 3, 4), [1, 1, 3])],
)
def test_a_session_that_the_whole_market_lacks_ends_a_stretch(lacking, expected):
    days = weekdays(6)
    known = [day for number, day in enumerate(days) if number not in lacking]
    halves = (line([1] * len(part), ticker=t, days=part) for t, part in _shared(known))
    found = stretches(pl.concat(halves), days[::-1])
    assert found["session"].to_list() == known
    assert found["stretch"].to_list() == expected


def _shared(days):
    """Of two lines, neither of which has all the days."""
    return ("A", days[::2]), ("B", days[1::2])


def test_a_day_that_is_no_session_is_in_no_stretch():
    days = weekdays(3)
    rows = line([1] * 4, days=[*days, days[-1] + timedelta(days=3)])
    assert stretches(rows, days)["session"].to_list() == days

"""What each figure of the volume analysis is of: its window, its line, its nulls."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.volume.analysis import (
    HISTORY_SESSIONS,
    VOLUME_ANALYSIS,
    WINDOW_DAYS,
    volume_analysis_faults,
)
from market_assets_tests.domain.volume.volume_rows import START, analysed, line, quotes


def last(frame: pl.DataFrame) -> dict:
    return analysed(frame).row(-1, named=True)


def test_no_span_of_window_days_holds_more_sessions_than_history_sessions():
    every_weekday_and_a_saturday_a_month = 366 / 7 * 5 + 12
    assert every_weekday_and_a_saturday_a_month + 2 > HISTORY_SESSIONS > 366 / 7 * 5 + 5


def test_one_line_never_borrows_sessions_from_another():
    two = pl.concat([line([10**6] * 80, ticker="A"), line([1] * 80, ticker="B")])
    alone = analysed(line([1] * 80, ticker="B"))
    assert_frame_equal(analysed(two).filter(pl.col("ticker") == "B"), alone, check_exact=True)


def test_today_is_not_in_its_own_average():
    row = last(line([10] * 20 + [50]))
    assert (row["average_volume"], row["volume_ratio"], row["volume_ma_20"]) == (10.0, 5.0, 12.0)
    assert (row["volume_ma_5"], row["volume_change_percent"]) == (18.0, 400.0)


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        ("volume_change_percent", 2),
        ("volume_ma_5", 5),
        ("volume_ma_20", 20),
        ("volume_volatility_20", 20),
        ("average_volume", 21),
        ("volume_ratio", 21),
        ("volume_return_correlation_60", 61),
    ],
)
def test_a_window_is_complete_or_null(column, rows):
    volumes = [3 + k % 4 for k in range(rows)]
    closes = [100.0 + k % 3 for k in range(rows)]
    assert last(line(volumes, closes=closes))[column] is not None
    assert last(line(volumes[1:], closes=closes[1:]))[column] is None


@pytest.mark.parametrize(("days", "known"), [(WINDOW_DAYS, True), (WINDOW_DAYS + 1, False)])
def test_a_window_spans_at_most_window_days(days, known):
    sessions = [START, *(START + timedelta(days=days - 19 + k) for k in range(20))]
    row = last(line([5] * 21, days=sessions))
    assert (row["average_volume"] is not None) is known
    assert row["volume_ma_20"] == 5.0


def test_windows_step_over_suspended_sessions_and_count_untraded_ones():
    volumes = [20] * 18 + [None, 0, None, 20, 60]
    statuses = ["T"] * 18 + ["S", "NT", "S", "T", "T"]
    result = analysed(line(volumes, statuses=statuses))
    assert result.height == 21
    assert result["average_volume"][-1] == 19.0
    assert result["previous_volume"].tail(3).to_list() == [20, 0, 20]
    assert result["volume_change_percent"].tail(3).to_list() == [-100.0, None, 200.0]


def test_a_volume_nobody_stated_blanks_the_windows_that_hold_it():
    result = analysed(line([7] * 30 + [None] + [7] * 21))
    unknown = result.with_row_index().filter(pl.col("volume_ma_5").is_null())["index"]
    assert unknown.to_list() == [0, 1, 2, 3, 30, 31, 32, 33, 34]
    unknown = result.with_row_index().filter(pl.col("average_volume").is_null())["index"]
    assert unknown.to_list() == [*range(20), *range(31, 51)]
    assert result["volume_ratio"][30] is None
    assert result["high_volume"][30] is None


@pytest.mark.parametrize(
    ("today", "high", "low"),
    [(20, False, False), (21, True, False), (5, False, False), (4, False, True)],
)
def test_a_ratio_on_the_threshold_is_not_beyond_it(today, high, low):
    row = last(line([10] * 20 + [today]))
    assert (row["high_volume"], row["low_volume"]) == (high, low)


def test_nothing_is_divided_by_an_untraded_past():
    row = last(line([0] * 20 + [5]))
    assert (row["average_volume"], row["previous_volume"]) == (0.0, 0)
    assert row["volume_ratio"] is row["volume_change_percent"] is row["high_volume"] is None
    assert last(line([0] * 20))["volume_volatility_20"] is None


@pytest.mark.parametrize("shares", [1, 3, 10**8 + 1, 10**12 + 7])
def test_an_even_volume_has_no_volatility_however_large(shares):
    row = last(line([shares] * 21))
    assert (row["average_volume"], row["volume_volatility_20"]) == (float(shares), 0.0)


def test_a_mean_is_the_exact_quotient():
    row = last(line([0] * 16 + [73654, 0, 0, 0, 0]))
    assert (row["average_volume"], row["volume_ma_5"]) == (73654 / 20, 73654 / 5)


def test_an_unmoved_close_has_no_correlation():
    assert last(line(list(range(61))))["volume_return_correlation_60"] is None


def test_a_close_that_is_no_price_has_no_correlation():
    closes = [100.0 + k % 3 for k in range(61)]
    assert (
        last(line(list(range(61)), closes=[0.0, *closes[1:]]))["volume_return_correlation_60"]
        is None
    )


def test_a_line_may_be_an_enum_and_nothing_gives_nothing():
    frame = pl.concat([line([1, 2], ticker="B"), line([3], ticker="A")])
    encoded = frame.cast({"ticker": pl.Enum(["A", "B"])})
    assert_frame_equal(analysed(encoded).cast({"ticker": pl.String}), analysed(frame))
    assert_frame_equal(analysed(quotes()), pl.DataFrame(schema=VOLUME_ANALYSIS))


def test_each_fault_is_counted_and_a_sound_analysis_has_none():
    sound = analysed(line([k % 5 for k in range(70)], closes=[9.0 + k % 3 for k in range(70)]))
    assert set(volume_analysis_faults(sound).values()) == {0}
    broken = {
        "missing_ticker": {"ticker": None},
        "negative_volume": {"volume": -1},
        "negative_average": {"average_volume": -1.0},
        "ratio_without_average": {"average_volume": None},
        "flag_without_ratio": {"volume_ratio": None},
        "negative_volatility": {"volume_volatility_20": -0.1},
        "correlation_beyond_one": {"volume_return_correlation_60": -1.1},
    }
    one = sound.tail(1)
    for fault, change in broken.items():
        changed = one.with_columns(
            pl.lit(value, dtype=VOLUME_ANALYSIS[name]).alias(name) for name, value in change.items()
        )
        assert {k for k, rows in volume_analysis_faults(changed).items() if rows} == {fault}
    assert volume_analysis_faults(pl.concat([one, one]))["duplicate_row"] == 2

"""The laws of the volume analysis, against an oracle that takes each window by itself."""

from datetime import date, timedelta
from itertools import pairwise
from math import log
from random import Random
from statistics import StatisticsError, correlation, mean, stdev

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain import volume
from market_assets.domain.reconcile import DAILY_QUOTES
from market_assets.domain.volume import (
    HISTORY_SESSIONS,
    VOLUME_ANALYSIS,
    WINDOW_DAYS,
    volume_analysis,
    volume_analysis_faults,
)

START = date(2024, 1, 1)


def weekdays(count: int) -> list[date]:
    return [START + timedelta(days=7 * (k // 5) + k % 5) for k in range(count)]


def quotes(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=DAILY_QUOTES)


def line(volumes, *, ticker="ATW", days=None, closes=None, statuses=None) -> pl.DataFrame:
    count = len(volumes)
    return quotes(
        *(
            {"ticker": ticker, "session": day, "volume": v, "close": c, "status": s}
            for day, v, c, s in zip(
                days or weekdays(count),
                volumes,
                closes or [100.0] * count,
                statuses or ["T"] * count,
                strict=True,
            )
        )
    )


def analysed(frame: pl.DataFrame, *, high=2.0, low=0.5) -> pl.DataFrame:
    return volume_analysis(frame, high=high, low=low)


def last(frame: pl.DataFrame) -> dict:
    return analysed(frame).row(-1, named=True)


def window(rows: list[dict], end: int, size: int, field: str = "volume") -> list | None:
    """The ``size`` values up to row ``end``, or None where they are not all there and stated."""
    part = rows[max(end - size + 1, 0) : end + 1]
    values = [row[field] for row in part]
    return values if len(part) == size and None not in values else None


def recent(rows: list[dict], at: int, ago: int) -> bool:
    return at >= ago and (rows[at]["session"] - rows[at - ago]["session"]).days <= WINDOW_DAYS


def oracle(frame: pl.DataFrame) -> list[dict]:
    """The analysis of one row at a time, from the definitions."""
    answers = []
    for _, rows in sorted(frame.rows_by_key("ticker", named=True, include_key=True).items()):
        kept = sorted((r for r in rows if r["status"] != "S"), key=lambda r: r["session"])
        answers += [figures(kept, at) for at in range(len(kept))]
    return answers


def figures(rows: list[dict], at: int) -> dict:
    def over(size: int, ago: int = 0) -> list | None:
        return window(rows, at - ago, size) if recent(rows, at, size - 1 + ago) else None

    now = rows[at]["volume"]
    before, five, twenty = over(20, 1), over(5), over(20)
    average = mean(before) if before else None
    previous = rows[at - 1]["volume"] if recent(rows, at, 1) else None
    ratio = now / average if average and now is not None else None
    return {
        **{c: rows[at][c] for c in ("ticker", "session", "volume", "turnover", "close")},
        "previous_volume": previous,
        "average_volume": average,
        "volume_ratio": ratio,
        "volume_ma_5": mean(five) if five else None,
        "volume_ma_20": mean(twenty) if twenty else None,
        "volume_change_percent": (
            (now / previous - 1) * 100 if previous and now is not None else None
        ),
        "high_volume": None if ratio is None else ratio > 2,
        "low_volume": None if ratio is None else ratio < 0.5,
        "volume_volatility_20": stdev(twenty) / mean(twenty) if twenty and sum(twenty) else None,
        "volume_return_correlation_60": moved_together(rows, at),
    }


def moved_together(rows: list[dict], at: int) -> float | None:
    volumes, closes = window(rows, at, 61), window(rows, at, 61, "close")
    if not recent(rows, at, 60) or not volumes or not closes or min(closes) <= 0:
        return None
    traded, priced = [log(1 + v) for v in volumes], [log(c) for c in closes]
    try:
        return correlation(changes(traded), changes(priced))
    except StatisticsError:  # one side has no variance
        return None


def changes(values: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(values)]


@st.composite
def histories(draw) -> pl.DataFrame:
    """Some lines with gaps, untraded, suspended and unstated sessions, in any order."""
    frames = []
    for ticker in draw(st.sampled_from([["A"], ["A", "B"], ["B", "C", "A"]])):
        dice = draw(st.integers(0, 10**6).map(Random))
        count = dice.randrange(0, 150)
        gap = draw(st.sampled_from([0, 0, 200, 400]))
        days = [
            d + timedelta(days=gap if k >= count // 2 else 0) for k, d in enumerate(weekdays(count))
        ]
        rare = draw(st.sampled_from([0.0, 0.02]))
        frames.append(
            line(
                [
                    None if dice.random() < rare else dice.choice([0, 1, 7, 5000, 10**9])
                    for _ in range(count)
                ],
                ticker=ticker,
                days=days,
                closes=[
                    None if dice.random() < rare / 4 else dice.choice([99.5, 100.0, 101.0])
                    for _ in range(count)
                ],
                statuses=[
                    "S" if dice.random() < rare else dice.choice(["T", "NT", None])
                    for _ in range(count)
                ],
            ).sample(fraction=1.0, shuffle=draw(st.booleans()), seed=1)
        )
    return pl.concat(frames)


@settings(max_examples=30, deadline=None)
@given(histories())
def test_every_figure_is_that_of_its_own_window(history):
    expected = pl.DataFrame(oracle(history), schema=VOLUME_ANALYSIS)
    assert_frame_equal(analysed(history), expected, rel_tol=1e-9, abs_tol=2e-7)


@settings(max_examples=15, deadline=None)
@given(histories(), st.integers(3, 70))
def test_blocks_leave_no_trace(history, block):
    whole = analysed(history)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(volume, "BLOCK_ROWS", block)
        assert_frame_equal(analysed(history), whole, check_exact=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6).map(Random), st.integers(0, 500))
def test_the_last_sessions_need_no_more_history_than_stated(dice, wanted):
    sessions = weekdays(600)
    history = pl.concat(
        line(
            [dice.choice([None, 0, 3, 17, 10**6]) if dice.random() < 0.1 else k for k in sessions_],
            ticker=ticker,
            days=sessions,
            closes=[dice.choice([70.1, 70.2, 70.35]) for _ in sessions],
            statuses=["S" if dice.random() < rare else "T" for _ in sessions],
        )
        for ticker, rare, sessions_ in (
            ("A", 0.0, [dice.randrange(10**8) for _ in sessions]),
            ("B", 0.4, [dice.randrange(100) for _ in sessions]),
            ("C", 0.9, [dice.randrange(100) for _ in sessions]),
        )
    )
    first = sessions[wanted]
    read_from = sessions[max(wanted - HISTORY_SESSIONS, 0)]
    full = analysed(history).filter(pl.col("session") >= first)
    bounded = analysed(history.filter(pl.col("session") >= read_from))
    assert_frame_equal(bounded.filter(pl.col("session") >= first), full, check_exact=True)


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

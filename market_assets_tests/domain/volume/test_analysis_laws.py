"""The laws of the volume analysis, against an oracle that takes each window by itself."""

from datetime import timedelta
from itertools import pairwise
from math import log
from random import Random
from statistics import StatisticsError, correlation, mean, stdev

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.volume import analysis as volume
from market_assets.domain.volume.analysis import (
    HISTORY_SESSIONS,
    VOLUME_ANALYSIS,
    WINDOW_DAYS,
)
from market_assets_tests.domain.volume.volume_rows import analysed, line, weekdays


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

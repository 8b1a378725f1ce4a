"""Weeks and months of volume, and the Mann-Kendall test against its definition."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations
from math import sqrt
from statistics import mean, stdev

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.domain.volume.trends import (
    SIGNIFICANT,
    VOLUME_TRENDS,
    volume_trends,
    volume_trends_faults,
)

MONDAY = date(2026, 9, 28)
EXPECTED = {"period": pl.String, "period_start": pl.Date, "sessions": pl.Int64}


def traded(volumes, *, first=MONDAY, ticker="ATW", statuses=None) -> pl.DataFrame:
    days = [first + timedelta(days=7 * (k // 5) + k % 5) for k in range(len(volumes))]
    rows = zip(days, volumes, statuses or ["T"] * len(volumes), strict=True)
    return pl.DataFrame(
        [{"ticker": ticker, "session": d, "volume": v, "status": s} for d, v, s in rows],
        schema=DAILY_QUOTES,
    )


def trends(quotes: pl.DataFrame, *due: tuple) -> pl.DataFrame:
    return volume_trends(quotes, pl.DataFrame(list(due), schema=EXPECTED, orient="row"))


def week(*volumes, **quotes) -> dict:
    found = trends(traded(volumes, **quotes)).filter(period="week")
    return found.row(0, named=True)


def mann_kendall(values: list[int]) -> tuple[float, float] | None:
    """Tau-b and z from all pairs."""
    n, ties = len(values), Counter(values).values()
    s = sum((b > a) - (b < a) for a, b in combinations(values, 2))
    pairs, tied = n * (n - 1) / 2, sum(t * (t - 1) / 2 for t in ties)
    if pairs == tied:
        return None
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    return s / sqrt(pairs * (pairs - tied)), (s - ((s > 0) - (s < 0))) / sqrt(variance)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=23), st.lists(st.integers(0, 3)))
def test_a_month_is_summed_and_tested_by_its_definitions(volumes, others):
    first = date(2026, 6, 1)
    quotes = pl.concat(
        [traded(volumes, first=first), traded(others[:20], first=first, ticker="IAM")]
    )
    found = trends(quotes.sample(fraction=1.0, shuffle=True, seed=3))
    months = found.filter(period="month", period_start=first, ticker="ATW")
    month = months.row(0, named=True)
    inside = volumes[:22]
    average = mean(inside)
    assert month["sessions"] == len(inside)
    assert month["total_volume"] == sum(inside)
    assert (month["max_volume"], month["min_volume"]) == (max(inside), min(inside))
    assert month["mean_volume"] == pytest.approx(average)
    if len(inside) > 1 and average:
        assert month["volatility"] == pytest.approx(stdev(inside) / average)
    else:
        assert month["volatility"] is None
    tested = mann_kendall(inside)
    tau, z = tested or (None, None)
    assert (month["strength"], month["z"]) == (
        tau if tau is None else pytest.approx(tau),
        z if z is None else pytest.approx(z),
    )
    significant = z is not None and abs(z) > SIGNIFICANT
    assert month["direction"] == (("rising" if z > 0 else "falling") if significant else "flat")
    assert set(volume_trends_faults(found).values()) == {0}


@pytest.mark.parametrize(
    ("volumes", "direction", "strength"),
    [
        ((1, 2, 3, 4, 5), "rising", 1.0),
        ((5, 4, 3, 2, 1), "falling", -1.0),
        ((1, 2, 3, 5, 4), "flat", 0.8),
        ((1, 2, 3, 4), "flat", 1.0),
        ((7, 7, 7, 7, 7), "flat", None),
        ((7,), "flat", None),
    ],
)
def test_a_week_has_a_direction_only_if_every_one_of_five_sessions_agrees(
    volumes, direction, strength
):
    found = week(*volumes)
    assert (found["direction"], found["strength"]) == (direction, strength)
    assert found["statistic"] == "Mann-Kendall tau-b"


def test_a_week_begins_on_monday_and_a_month_on_its_first():
    found = trends(traded([1, 2, 3, 4, 5, 6]))
    assert found.select("period", "period_start", "total_volume").rows() == [
        ("month", date(2026, 9, 1), 6),
        ("month", date(2026, 10, 1), 15),
        ("week", MONDAY, 15),
        ("week", date(2026, 10, 5), 6),
    ]


def test_untraded_sessions_count_as_0_and_suspended_or_unstated_ones_not():
    found = week(10, 0, None, None, 20, statuses=["T", "NT", "S", "T", "T"])
    assert (found["sessions"], found["mean_volume"], found["min_volume"]) == (3, 10.0, 0)


def test_a_period_is_complete_when_the_market_has_all_its_sessions():
    quotes = pl.concat([traded([1, 2, 3, 4, 5, 6]), traded([1], ticker="NEW")])
    due = [("week", MONDAY, 5), ("week", date(2026, 10, 5), 5), ("month", date(2026, 9, 1), 22)]
    found = trends(quotes, *due)
    assert found.select("period", "period_start", "ticker", "complete").rows() == [
        ("month", date(2026, 9, 1), "ATW", False),
        ("month", date(2026, 9, 1), "NEW", False),
        ("month", date(2026, 10, 1), "ATW", None),
        ("week", MONDAY, "ATW", True),
        ("week", MONDAY, "NEW", True),
        ("week", date(2026, 10, 5), "ATW", False),
    ]


def test_nothing_has_no_trend():
    assert_frame_equal(trends(traded([])), pl.DataFrame(schema=VOLUME_TRENDS))


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("missing_ticker", {"ticker": None}),
        ("negative_volume", {"min_volume": -1}),
        ("mean_outside_extremes", {"mean_volume": 5.1}),
        ("no_sessions", {"sessions": 0}),
        ("strength_beyond_one", {"strength": 1.1}),
        ("direction_against_strength", {"direction": "falling"}),
    ],
)
def test_each_fault_is_counted(fault, change):
    sound = trends(traded([1, 2, 3, 4, 5])).filter(period="week")
    broken = sound.with_columns(
        pl.lit(value, dtype=VOLUME_TRENDS[name]).alias(name) for name, value in change.items()
    )
    assert {k for k, rows in volume_trends_faults(broken).items() if rows} == {fault}
    assert volume_trends_faults(pl.concat([sound, sound]))["duplicate_row"] == 2

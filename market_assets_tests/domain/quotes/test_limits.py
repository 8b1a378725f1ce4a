"""Price limits by date: what is inside, what breaks them, and what is not judged."""

from datetime import date, timedelta

import polars as pl
import pytest

from market_assets.domain.quotes.limits import price_moves


def moves(days: list[date], closes: list[float], statuses: list[str]) -> pl.DataFrame:
    frame = {"ticker": ["MOX"] * len(days), "session": days, "close": closes, "status": statuses}
    return price_moves(pl.DataFrame(frame))


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2020, 3, 16), 0.10),
        (date(2020, 3, 17), 0.04),
        (date(2021, 10, 11), 0.04),
        (date(2021, 10, 12), 0.06),
        (date(2023, 10, 6), 0.06),
        (date(2023, 10, 9), 0.10),
        (date(2026, 10, 9), 0.10),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_move_to_the_limit_is_inside_and_beyond_is_not(day, limit, sign):
    before = day - timedelta(days=3)
    for beyond, breaks in ((0.0, False), (0.001, True)):
        last = 100.0 * (1 + sign * (limit + beyond))
        row = moves([before, day], [100.0, last], ["T", "T"]).row(1, named=True)
        assert (row["limit"], row["breaks_limit"]) == (limit, breaks)


def test_the_real_fall_of_maghreb_oxygene_is_inside_the_limit():
    days = [date(2026, 10, 8), date(2026, 10, 9)]
    row = moves(days, [393.05, 353.8], ["T", "T"]).row(1, named=True)
    assert row["move"] == pytest.approx(-0.09986, abs=1e-5)
    assert not row["breaks_limit"]


def test_a_first_row_and_a_resumption_are_not_judged():
    days = [date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 16)]
    result = moves(days, [4350.0, 4350.0, 2217.0], ["S", "S", "T"])
    assert result.select("limit", "breaks_limit").rows() == [(None, False)]


@pytest.mark.parametrize(("days", "judged"), [(7, True), (8, False)])
def test_a_move_over_missing_sessions_is_not_held_against_one_days_limit(days, judged):
    last = date(2026, 10, 9)
    result = moves([last - timedelta(days=days), last], [100.0, 150.0], ["T", "T"])
    assert result["breaks_limit"].to_list() == [False, judged]

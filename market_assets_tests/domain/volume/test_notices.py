"""An alert wakes somebody only with enough confidence, and outside of quiet hours."""

from datetime import date, time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.volume.backtest import BY_LINE, BY_RULE, fired, fired_on
from market_assets.domain.volume.notices import NOTICES, is_quiet, trusted, with_confidence

DAYS = [date(2026, 11, day) for day in (16, 17, 19, 20)]
QUOTES = pl.DataFrame(
    [
        ("ATW", DAYS[0], "T", 0.9),
        ("ATW", DAYS[1], "T", 0.5),
        ("ATW", DAYS[2], "T", 0.95),
        ("ATW", DAYS[3], "T", 0.99),
        ("IAM", DAYS[0], "T", 0.7),
        ("IAM", DAYS[1], "S", 0.1),
        ("IAM", DAYS[2], "T", 0.9),
        ("BCP", DAYS[3], "T", 0.9),
        ("MNG", DAYS[2], "T", None),
        ("MNG", DAYS[3], "T", 0.9),
    ],
    schema={
        "ticker": pl.String,
        "session": pl.Date,
        "status": pl.String,
        "volume_confidence": pl.Float64,
    },
    orient="row",
)


def alert(ticker: str, kind: str, session: date) -> dict[str, object]:
    return {
        "ticker": ticker,
        "alert_type": kind,
        "session": session,
        "volume": 10,
        "ratio": 4.0,
        "threshold": 3.0,
        "message": f"{ticker} {kind}",
        "is_active": True,
        "confidence": None,
    }


def confidence(ticker: str, kind: str, session: date) -> float | None:
    rows = pl.DataFrame([alert(ticker, kind, session)], schema=NOTICES).drop("confidence")
    told = with_confidence(rows, QUOTES)
    assert told.schema == NOTICES
    assert_frame_equal(told.drop("confidence"), rows)
    return told["confidence"].item()


def test_a_comparison_with_the_average_is_as_sure_as_its_session():
    assert confidence("ATW", "high_volume", DAYS[2]) == 0.95
    assert confidence("ATW", "low_volume", DAYS[1]) == 0.5


def test_a_comparison_of_two_sessions_is_as_doubtful_as_the_more_doubtful():
    assert confidence("ATW", "volume_spike", DAYS[2]) == 0.5
    assert confidence("ATW", "volume_drop", DAYS[3]) == 0.95


def test_a_session_spent_suspended_is_stepped_over():
    assert confidence("IAM", "volume_spike", DAYS[2]) == 0.7


@pytest.mark.parametrize("ticker", ["BCP", "MNG"])
def test_without_a_known_session_before_it_nothing_is_sure(ticker):
    assert confidence(ticker, "volume_spike", DAYS[3]) is None
    assert confidence(ticker, "high_volume", DAYS[3]) == 0.9


def test_the_least_confidence_is_enough_and_less_or_none_is_not():
    rows = pl.DataFrame(
        [
            alert(name, "high_volume", DAYS[3]) | {"confidence": value}
            for name, value in (("A", 0.8), ("B", 0.79999), ("C", None), ("D", 1.0))
        ],
        schema=NOTICES,
    )
    assert trusted(rows, least=0.8)["ticker"].to_list() == ["A", "D"]


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        (time(21, 59, 59), False),
        (time(22), True),
        (time(3), True),
        (time(6, 59), True),
        (time(7), False),
    ],
)
def test_quiet_hours_may_pass_midnight(now, quiet):
    assert is_quiet(now, start=time(22), end=time(7)) is quiet


@given(st.times(), st.times(), st.times())
def test_either_it_is_quiet_or_the_other_hours_are(now, start, end):
    if start == end:
        assert not is_quiet(now, start=start, end=end)
    else:
        assert is_quiet(now, start=start, end=end) != is_quiet(now, start=end, end=start)


def test_a_back_test_counts_each_rule_and_those_that_never_fired():
    rows = pl.DataFrame(
        [
            alert("ATW", "high_volume", DAYS[0]) | {"confidence": 0.9},
            alert("IAM", "high_volume", DAYS[0]) | {"confidence": 0.5},
            alert("ATW", "high_volume", DAYS[2]) | {"confidence": None},
            alert("BCP", "volume_drop", DAYS[3]) | {"confidence": 0.8},
        ],
        schema=NOTICES,
    )
    assert_frame_equal(
        fired(rows, sessions=4, least=0.8),
        pl.DataFrame(
            [
                ("high_volume", 3, 1, 2, 0.75, 2, 2),
                ("volume_spike", 0, 0, 0, 0.0, 0, 0),
                ("low_volume", 0, 0, 0, 0.0, 0, 0),
                ("volume_drop", 1, 1, 1, 0.25, 1, 1),
            ],
            schema=BY_RULE,
            orient="row",
        ),
    )
    assert_frame_equal(
        fired_on(rows, least=0.8, size=1),
        pl.DataFrame(
            [("high_volume", "ATW", 2, 1), ("volume_drop", "BCP", 1, 1)],
            schema=BY_LINE,
            orient="row",
        ),
    )

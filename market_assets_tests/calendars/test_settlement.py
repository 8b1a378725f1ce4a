"""From shareholding dates to settlement days and trades."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.calendars import settlement
from market_assets.calendars.sessions import is_session, session_before, sessions_between
from market_assets.calendars.settlement import (
    HoldingDates,
    holding_dates,
    implied_trade_date,
    settlement_date,
)

SESSIONS = st.sampled_from(sessions_between("XHKG", date(2015, 1, 1), date(2026, 12, 31)))


def settled_on(trade: date) -> date:
    """The day on which trades of a session settle: T+2."""
    return settlement._settlement_day(trade, 2)


@pytest.mark.parametrize(
    ("session", "trade"),
    [
        ("2026-05-11", "2026-05-07"),
        ("2026-05-12", "2026-05-08"),
        ("2026-05-19", "2026-05-15"),
        ("2026-08-11", "2026-08-07"),
        ("2026-08-12", "2026-08-10"),
    ],
)
def test_volumes_showed_these_trades_in_these_holdings(session, trade):
    assert implied_trade_date(date.fromisoformat(session)) == date.fromisoformat(trade)


@pytest.mark.parametrize(
    ("session", "trade"),
    [
        ("2026-03-13", "2026-03-11"),
        ("2026-03-16", "2026-03-12"),
        ("2026-07-02", "2026-06-29"),
        ("2026-07-03", "2026-06-30"),
        ("2026-09-25", "2026-09-23"),
        ("2026-09-28", "2026-09-24"),
        ("2026-09-29", "2026-09-24"),
        ("2026-09-30", "2026-09-28"),
    ],
    ids=lambda day: day[5:],
)
def test_weekends_and_holidays_of_either_side_lie_between(session, trade):
    assert implied_trade_date(date.fromisoformat(session)) == date.fromisoformat(trade)


def test_holdings_stood_still_over_the_end_of_the_mainlands_new_year():
    february = sessions_between("XHKG", date(2026, 2, 12), date(2026, 2, 26))
    assert {day.day: implied_trade_date(day).day for day in february} == {
        12: 10,
        13: 11,
        16: 11,
        20: 12,
        23: 13,
        24: 13,
        25: 13,
        26: 24,
    }


@pytest.mark.parametrize(
    ("trade", "settled"),
    [
        ("2007-12-20", "2007-12-27"),
        ("2007-12-21", "2007-12-28"),
        ("2007-12-24", "2007-12-28"),
        ("2014-12-22", "2014-12-29"),
        ("2014-12-23", "2014-12-30"),
        ("2014-12-24", "2014-12-30"),
        ("2023-08-31", "2023-09-05"),
    ],
)
def test_a_trade_settles_on_the_second_day_that_settles(trade, settled):
    assert settled_on(date.fromisoformat(trade)) == date.fromisoformat(settled)


def test_a_half_day_shows_what_had_settled_the_day_before():
    assert settlement_date(date(2025, 12, 24)) == date(2025, 12, 23)
    assert settlement_date(date(2025, 12, 29)) == date(2025, 12, 29)
    assert implied_trade_date(date(2025, 12, 24)) == implied_trade_date(date(2025, 12, 23))
    assert implied_trade_date(date(2025, 12, 30)) == date(2025, 12, 24)


@given(SESSIONS)
def test_the_implied_trade_is_the_newest_that_had_settled(session):
    trade = implied_trade_date(session)
    later = sessions_between("SOUTHBOUND", trade, session)[1:]
    assert settled_on(trade) <= settlement_date(session) <= session
    assert all(settled_on(day) > settlement_date(session) for day in later)
    assert is_session("SOUTHBOUND", trade)


@given(SESSIONS)
def test_time_never_runs_backwards(session):
    before = session_before("XHKG", session)
    assert implied_trade_date(before) <= implied_trade_date(session) < session
    assert settlement_date(before) <= settlement_date(session)


def test_the_dates_of_many_sessions_are_rows_of_a_frame():
    rows = holding_dates([date(2026, 5, 12), date(2026, 5, 11)])
    assert rows[1] == HoldingDates(date(2026, 5, 11), date(2026, 5, 11), date(2026, 5, 7))
    assert_frame_equal(
        pl.DataFrame(rows, schema=HoldingDates._fields, orient="row"),
        pl.DataFrame(
            {
                "session": [date(2026, 5, 12), date(2026, 5, 11)],
                "settlement_date": [date(2026, 5, 12), date(2026, 5, 11)],
                "implied_trade_date": [date(2026, 5, 8), date(2026, 5, 7)],
            }
        ),
    )
    assert holding_dates([]) == ()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: settlement_date(date(2026, 5, 9)), "2026-05-09 is not a session of XHKG"),
        (lambda: implied_trade_date(date(2026, 7, 1)), "2026-07-01 is not a session of XHKG"),
        (
            lambda: settled_on(date(2030, 12, 30)),
            r"settlement day \+2 from 2030-12-30 is not known",
        ),
        (lambda: implied_trade_date(date(2007, 1, 2)), "settlement day -1 from 2007-01-02"),
        (lambda: implied_trade_date(date(2014, 11, 18)), "no 1. session before 2014-11-17"),
        (lambda: implied_trade_date(date(2028, 1, 4)), "the calendar of SOUTHBOUND knows"),
        (lambda: settlement_date(date(2006, 12, 29)), "the calendar of XHKG knows"),
    ],
)
def test_what_is_no_session_or_out_of_bounds_is_refused(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()

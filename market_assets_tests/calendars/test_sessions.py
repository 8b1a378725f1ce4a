"""Sessions by MIC, as the rest of the platform asks for them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market_assets.calendars.sessions import (
    is_session,
    newest_closed_session,
    session_before,
    session_close,
    sessions_between,
)

DAYS = st.dates(date(2010, 6, 1), date(2027, 6, 1))


def test_both_ends_are_included():
    week = sessions_between("XCAS", date(2026, 11, 16), date(2026, 11, 20))
    assert [session.day for session in week] == [16, 17, 19, 20]
    assert sessions_between("XCAS", date(2026, 11, 18), date(2026, 11, 18)) == ()
    assert sessions_between("XCAS", date(2026, 11, 20), date(2026, 11, 16)) == ()


def test_the_session_before_need_not_start_from_a_session():
    assert session_before("XCAS", date(2026, 11, 19)) == date(2026, 11, 17)
    assert session_before("XCAS", date(2026, 11, 18)) == date(2026, 11, 17)
    assert session_before("XCAS", date(2026, 11, 22)) == date(2026, 11, 20)
    assert session_before("XCAS", date(2026, 11, 22), count=3) == date(2026, 11, 17)


def test_a_session_is_closed_from_its_close_on():
    close = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert session_close("XCAS", date(2026, 11, 20)) == close
    assert newest_closed_session("XCAS", close) == date(2026, 11, 20)
    assert newest_closed_session("XCAS", close - timedelta(seconds=1)) == date(2026, 11, 19)


def test_an_instant_is_the_same_in_any_zone():
    sydney = datetime(2026, 11, 21, 2, 30, tzinfo=timezone(timedelta(hours=11)))
    assert newest_closed_session("XCAS", sydney) == date(2026, 11, 20)


@given(DAYS)
def test_the_session_before_is_the_last_one_up_to_the_day_before(day):
    before = session_before("XCAS", day)
    assert before == sessions_between("XCAS", date(2010, 1, 1), day - timedelta(days=1))[-1]
    assert is_session("XCAS", before)
    assert newest_closed_session("XCAS", session_close("XCAS", before)) == before


@given(DAYS, st.integers(1, 80))
def test_counting_back_is_stepping_back(day, count):
    stepped = day
    for _ in range(count):
        stepped = session_before("XCAS", stepped)
    assert session_before("XCAS", day, count=count) == stepped


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: is_session("XLON", date(2026, 1, 5)), "no calendar for 'XLON'; known: XCAS"),
        (lambda: is_session("XCAS", date(2028, 1, 3)), "XCAS knows 2010-01-01 to 2027-12-31, not"),
        (lambda: session_before("XCAS", date(2010, 1, 4)), "no 1. session before 2010-01-04"),
        (lambda: session_before("XCAS", date(2026, 1, 5), count=0), "no 0. session before"),
        (lambda: session_close("XCAS", date(2026, 11, 18)), "2026-11-18 is not a session of XCAS"),
        (
            lambda: newest_closed_session("XCAS", datetime(2010, 1, 4, 9, tzinfo=UTC)),
            "no session that closed by 2010-01-04T09:00:00",
        ),
    ],
)
def test_what_the_calendar_does_not_know_is_refused(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(TypeError, match="offset-naive"):
        newest_closed_session("XCAS", datetime(2026, 11, 20, 16))  # noqa: DTZ001  the fault tested

"""The days on which mainland investors can trade in Hong Kong."""

from datetime import date, timedelta

import pytest
from exchange_calendars.exchange_calendar_xshg import XSHGExchangeCalendar
from hypothesis import given
from hypothesis import strategies as st

from market_assets.calendars.sessions import bounds, is_session, session_close, sessions_between

DAYS = st.dates(date(2014, 11, 17), date(2026, 12, 31))
LISTED_2026 = """
2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23 2026-04-03
2026-04-06 2026-04-07 2026-05-01 2026-05-04 2026-05-05 2026-05-25 2026-06-19 2026-07-01 2026-09-25
2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07 2026-10-19
"""
"""Weekdays without Southbound service, January to November 2026: the notice of 2025-12-22."""


def test_2026_is_closed_on_the_weekdays_that_the_link_listed():
    first, last = date(2026, 1, 1), date(2026, 11, 30)
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    shut = [day for day in days if day.weekday() < 5 and not is_session("SOUTHBOUND", day)]
    assert [day.isoformat() for day in shut] == LISTED_2026.split()


def test_lunar_new_year_is_longer_on_the_mainland():
    span = date(2026, 2, 13), date(2026, 2, 24)
    assert [day.day for day in sessions_between("XHKG", *span)] == [13, 16, 20, 23, 24]
    assert [day.day for day in sessions_between("SOUTHBOUND", *span)] == [13, 24]


def test_a_holiday_of_hong_kong_alone_closes_it_too():
    assert not is_session("SOUTHBOUND", date(2026, 7, 1))
    assert not is_session("SOUTHBOUND", date(2023, 9, 1))


@pytest.fixture(scope="module")
def shanghai():
    return {day.date() for day in XSHGExchangeCalendar(start="2014-11-17").sessions}


@given(day=DAYS)
def test_it_trades_when_both_sides_do_and_only_then(shanghai, day):
    assert is_session("SOUTHBOUND", day) is (is_session("XHKG", day) and day in shanghai)


def test_it_keeps_the_hours_of_hong_kong():
    day = date(2025, 12, 24)
    assert session_close("SOUTHBOUND", day) == session_close("XHKG", day)


def test_it_begins_with_the_link_and_ends_with_the_decreed_holidays():
    first, last = bounds("SOUTHBOUND")
    assert first == date(2014, 11, 17)
    assert last == XSHGExchangeCalendar.bound_max().date()
    with pytest.raises(ValueError, match="SOUTHBOUND knows 2014-11-17 to"):
        is_session("SOUTHBOUND", date(2014, 11, 14))
    with pytest.raises(ValueError, match=f"to {last}, not"):
        is_session("SOUTHBOUND", last + timedelta(days=1))

"""The days and hours of the Casablanca exchange."""

import csv
from datetime import date, timedelta
from itertools import pairwise

import exchange_calendars as xc
import pandas as pd
import pytest

from market_assets.calendars.days import Day
from market_assets.calendars.xcas import (
    FIRST_DAY,
    FIXED_FEASTS,
    LAST_DAY,
    XCASExchangeCalendar,
    closed_days,
    exceptional_days,
    register,
    short_hours,
)

OBSERVED = ((date(2010, 1, 1), date(2020, 10, 28)), (date(2023, 4, 3), date(2026, 5, 4)))
CLOSED = """
2024-01-01 2024-01-11 2024-04-10 2024-04-11 2024-04-12 2024-05-01 2024-06-17 2024-06-18 2024-07-30
2024-08-14 2024-08-20 2024-08-21 2024-09-16 2024-09-17 2024-11-06 2024-11-18
2025-01-01 2025-01-14 2025-03-31 2025-04-01 2025-05-01 2025-06-09 2025-06-27 2025-07-30
2025-08-14 2025-08-20 2025-08-21 2025-09-05 2025-11-06 2025-11-18
2026-01-01 2026-01-14 2026-03-20 2026-03-23 2026-05-01
"""


@pytest.fixture(scope="module")
def calendar():
    return XCASExchangeCalendar(end=pd.Timestamp(LAST_DAY))


def weekdays(first, last):
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def sessions(calendar, first, last):
    return [stamp.date() for stamp in calendar.sessions if first <= stamp.date() <= last]


@pytest.mark.parametrize(("first", "last"), OBSERVED)
def test_every_observed_weekday_is_a_session_or_closed_as_observed(calendar, samples, first, last):
    path = samples / "casablanca" / "calendar" / "observed_closed_weekdays_DERIVED.csv"
    closed = {row["date"] for row in csv.DictReader(path.read_text("utf-8").splitlines())}
    traded = [day for day in weekdays(first, last) if day.isoformat() not in closed]
    assert sessions(calendar, first, last) == traded


def test_2024_to_may_2026_closed_on_exactly_these_weekdays(calendar):
    first, last = date(2024, 1, 1), date(2026, 5, 4)
    traded = set(sessions(calendar, first, last))
    closed = [day.isoformat() for day in weekdays(first, last) if day not in traded]
    assert closed == CLOSED.split()


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2023-01-11", False),
        ("2010-01-14", True),
        ("2025-10-31", True),
        ("2025-12-25", True),
        ("2026-07-30", False),
        ("2026-07-31", True),
        ("2026-08-25", False),
        ("2026-08-26", False),
        ("2026-08-27", True),
        ("2026-09-16", True),
        ("2026-09-17", False),
        ("2026-09-18", True),
        ("2026-11-07", False),
    ],
)
def test_these_days_are_known(calendar, day, open_):
    assert calendar.is_session(day) is open_


def test_the_cancelled_session_lies_between_its_neighbours(calendar):
    assert calendar.next_session("2026-09-16") == pd.Timestamp("2026-09-18")
    assert calendar.previous_session("2026-09-18") == pd.Timestamp("2026-09-16")


@pytest.mark.parametrize(
    ("session", "opens", "closes"),
    [
        ("2026-02-16", "09:00", "15:30"),  # UTC+0 before Ramadan
        ("2026-02-19", "09:15", "13:30"),  # UTC+0, Ramadan
        ("2026-03-24", "08:00", "14:30"),  # UTC+1
        ("2026-09-18", "08:00", "14:30"),  # UTC+1, the last of it
        ("2026-09-21", "09:00", "15:30"),  # UTC+0 for good
        ("2020-03-23", "08:00", "14:30"),
        ("2020-03-24", "08:15", "12:30"),  # Ramadan timetable without Ramadan
        ("2017-12-15", "09:00", "15:30"),
    ],
)
def test_hours_are_right_in_utc(calendar, session, opens, closes):
    assert calendar.session_open(session) == pd.Timestamp(f"{session} {opens}", tz="UTC")
    assert calendar.session_close(session) == pd.Timestamp(f"{session} {closes}", tz="UTC")


def test_minutes_follow_the_hours(calendar):
    assert len(calendar.session_minutes("2026-10-09")) == 390
    assert len(calendar.session_minutes("2026-02-19")) == 255
    assert calendar.is_open_on_minute("2026-10-09 15:29")
    assert not calendar.is_open_on_minute("2026-10-09 15:30")
    assert not calendar.is_open_on_minute("2026-10-09 08:59")


def test_the_calendar_does_not_reach_beyond_what_was_looked_at(calendar):
    assert calendar.first_session.date() == date(2010, 1, 4)
    assert calendar.last_session.date() == LAST_DAY
    with pytest.raises(ValueError, match="XCAS can be evaluated is 2027-12-31"):
        XCASExchangeCalendar(end="2028-01-03")


def test_it_is_found_by_name_only_once_registered():
    with pytest.raises(xc.errors.InvalidCalendarName):
        xc.get_calendar("XCAS")
    register()
    try:
        assert isinstance(xc.get_calendar("XCAS"), XCASExchangeCalendar)
    finally:
        xc.deregister_calendar("XCAS")


def test_an_open_exception_beats_a_fixed_feast():
    feast = date(2024, 11, 18)
    assert feast in closed_days([])
    opened = Day(day=feast, kind="open", name="", basis="observed", source="")
    assert feast not in closed_days([opened])


def test_14_january_is_a_feast_since_2024_only():
    assert date(2023, 1, 14) not in closed_days([])
    assert date(2025, 1, 14) in closed_days([])


def test_the_files_are_in_order_and_say_how_they_know():
    days = [row.day for row in exceptional_days()]
    assert days == sorted(set(days))
    assert {row.kind for row in exceptional_days()} == {"closed", "cancelled"}
    assert {row.basis for row in exceptional_days()} == {"observed", "announced", "estimated"}
    spans = [(row.first, row.last) for row in short_hours()]
    assert all(earlier[1] < later[0] for earlier, later in pairwise(spans))
    assert {row.basis for row in short_hours()} == {"estimated", "announced"}


def test_no_exception_repeats_a_fixed_feast_or_leaves_the_bounds():
    feasts = {(month, day): first for month, day, first, _ in FIXED_FEASTS}
    for row in exceptional_days():
        assert FIRST_DAY <= row.day <= LAST_DAY
        assert row.day.year < feasts.get((row.day.month, row.day.day), 9999)


def test_what_was_not_observed_is_marked_estimated_or_announced():
    for row in exceptional_days():
        seen = any(first <= row.day <= last for first, last in OBSERVED)
        seen = seen or date(2026, 8, 24) <= row.day <= date(2026, 10, 8)
        assert (row.basis == "observed") is seen, row

"""The days of the Hong Kong exchange, with the two that exchange_calendars has wrong."""

import csv
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from exchange_calendars import exchange_calendar_xhkg
from exchange_calendars.exchange_calendar_xhkg import HKAdhocClosures

from market_assets.calendars.days import days_in
from market_assets.calendars.sessions import bounds, is_session, session_close, sessions_between
from market_assets.calendars.xhkg import FIRST_DAY, LAST_DAY, HongKongCalendar

NOT_PUBLIC_HOLIDAYS = """
2007-02-20 2009-01-28 2010-02-16 2012-01-25 2019-02-07
2008-08-06 2008-08-22 2011-09-29 2013-08-14 2016-08-02 2016-10-21 2017-08-23 2020-10-13 2021-10-13
2023-07-17 2023-09-01 2023-09-08
"""
"""Closed weekdays that the saved list of public holidays lacks: third days of Lunar New Year, which
it forgets, and days of typhoons and rain, which are none."""

CLOSED_2026 = """
2026-01-01 2026-02-17 2026-02-18 2026-02-19 2026-04-03 2026-04-06 2026-04-07 2026-05-01 2026-05-25
2026-06-19 2026-07-01 2026-10-01 2026-10-19 2026-12-25
"""


def weekdays(first, last):
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def closed(first, last):
    return [day for day in weekdays(first, last) if not is_session("XHKG", day)]


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2023-08-31", True),
        ("2023-09-01", False),
        ("2023-09-04", True),
        ("2023-09-07", True),
        ("2023-09-08", False),
        ("2023-09-11", True),
        ("2024-09-06", False),
    ],
)
def test_days_that_the_weather_took_are_no_sessions_and_their_neighbours_are(day, open_):
    assert is_session("XHKG", date.fromisoformat(day)) is open_


def test_each_corrected_day_names_the_notice_of_the_exchange():
    assert [(row.day, row.kind, row.basis) for row in days_in("xhkg_days.csv")] == [
        (date(2023, 9, 1), "closed", "announced"),
        (date(2023, 9, 8), "closed", "announced"),
    ]
    for row in days_in("xhkg_days.csv"):
        assert row.source.startswith("https://www.hkex.com.hk/News/Market-Communications/2023/")


def test_a_library_that_knows_the_days_already_changes_nothing(monkeypatch):
    ours = HongKongCalendar().sessions
    missing = [pd.Timestamp(row.day) for row in days_in("xhkg_days.csv")]
    monkeypatch.setattr(exchange_calendar_xhkg, "HKAdhocClosures", [*HKAdhocClosures, *missing])
    assert HongKongCalendar().sessions.equals(ours)


def test_closed_weekdays_to_2023_are_the_public_holidays_and_days_of_weather(samples):
    path = samples / "hkex" / "data" / "hk_public_holidays_2007_2023.csv"
    rows = csv.reader(path.read_text("utf-8").splitlines())
    holidays = {date.fromisoformat(day) for (day,) in rows}
    others = {date.fromisoformat(day) for day in NOT_PUBLIC_HOLIDAYS.split()}
    expected = sorted({day for day in holidays if day.weekday() < 5} | others)
    assert closed(date(2007, 1, 1), date(2023, 12, 31)) == expected


def test_twenty_saved_days_of_2020_are_the_sessions_of_their_span(samples):
    path = samples / "hkex" / "data" / "ccass_20stocks_daily_2020-07-31_2020-08-27.csv"
    with path.open(encoding="utf-8") as file:
        dates = {row["Date"] for row in csv.DictReader(file)}
    saved = sorted(date.fromisoformat(day.replace("/", "-")) for day in dates)
    assert sessions_between("XHKG", saved[0], saved[-1]) == tuple(saved)


def test_2026_is_closed_on_exactly_these_weekdays():
    days = closed(date(2026, 1, 1), date(2026, 12, 31))
    assert [day.isoformat() for day in days] == CLOSED_2026.split()


@pytest.mark.parametrize(
    ("day", "close"),
    [
        (date(2007, 12, 24), datetime(2007, 12, 24, 4, 30, tzinfo=UTC)),
        (date(2025, 12, 24), datetime(2025, 12, 24, 4, tzinfo=UTC)),
        (date(2025, 12, 31), datetime(2025, 12, 31, 4, tzinfo=UTC)),
        (date(2026, 2, 16), datetime(2026, 2, 16, 4, tzinfo=UTC)),
        (date(2026, 2, 20), datetime(2026, 2, 20, 8, tzinfo=UTC)),
    ],
)
def test_eves_close_at_noon_and_other_days_at_four(day, close):
    assert session_close("XHKG", day) == close


def test_days_outside_the_bounds_are_refused():
    assert bounds("XHKG") == (FIRST_DAY, LAST_DAY)
    with pytest.raises(ValueError, match="XHKG knows 2007-01-01 to 2030-12-31, not 2006-12-29"):
        is_session("XHKG", date(2006, 12, 29))
    with pytest.raises(ValueError, match="not 2030-12-31 to 2031-01-02"):
        sessions_between("XHKG", date(2030, 12, 31), date(2031, 1, 2))

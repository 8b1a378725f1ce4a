"""Which day is served for which, and from when."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from market_assets.sandbox.hkex import days


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("2026-11-20", "2026-11-20"),  # a Friday
        ("2026-11-21", "2026-11-21"),  # a Saturday is its own day
        ("2026-11-22", "2026-11-21"),  # a Sunday
        ("2026-10-01", "2026-09-30"),  # National Day
        ("2026-09-26", "2026-09-25"),  # a Saturday that is a holiday
        ("2026-04-07", "2026-04-02"),  # Easter, and Ching Ming after it
        ("2024-09-06", "2024-09-06"),  # a storm is no holiday
    ],
)
def test_a_sunday_or_holiday_is_served_as_the_day_before_that_is_neither(asked, served):
    assert days.served_day(date.fromisoformat(asked)) == date.fromisoformat(served)


def test_a_day_is_out_from_half_past_eight_of_the_day_after():
    before = days.instant(date(2026, 11, 20), time(8, 29, 59))
    assert days.newest_day_out(before) == date(2026, 11, 18)
    assert days.newest_day_out(before + timedelta(seconds=1)) == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("now", "out"),
    [
        ("2026-08-07T08:30", "2026-08-05"),  # seen
        ("2026-08-06T09:00", "2026-08-04"),
        ("2026-08-06T08:29", "2026-08-03"),
        ("2026-08-08T09:00", "2026-08-05"),
        ("2026-10-05T09:00", "2026-09-28"),  # the mainland is closed from the first
    ],
)
def test_the_channels_are_two_southbound_sessions_late(now, out):
    local = datetime.fromisoformat(now).replace(tzinfo=days.HONG_KONG)
    found = days.newest_channel_session_out(local.astimezone(UTC))
    assert found == date.fromisoformat(out)


def test_a_year_is_served_to_yesterday():
    now = datetime(2025, 11, 12, 2, tzinfo=UTC)
    assert days.served_range(now) == (date(2024, 11, 12), date(2025, 11, 11))
    leap = datetime(2024, 3, 1, 2, tzinfo=UTC)
    assert days.served_range(leap) == (date(2023, 3, 1), date(2024, 2, 29))
    early = datetime(2023, 5, 1, 2, tzinfo=UTC)
    assert days.served_range(early)[0] == days.sessions()[0]


def test_the_mainland_s_holidays_are_sessions_of_hong_kong_alone():
    alone = set(days.sessions()) - set(days.southbound_sessions())
    assert {date(2026, 2, 16), date(2026, 2, 20), date(2026, 2, 23)} <= alone
    assert days.southbound_session_of(date(2026, 2, 23)) == date(2026, 2, 13)
    assert not {day for day in alone if day > date(2026, 12, 31)}


def test_after_a_holiday_figures_stand_until_its_first_trades_settle():
    """Seen of 02158: 23, 24 and 25 February 2026 are alike."""
    places = [days.settled_place(date(2026, 2, day)) for day in (20, 23, 24, 25, 26)]
    assert places[0] < places[1] == places[2] == places[3] < places[4]
    ordinary = date(2026, 11, 13)
    assert days.southbound_sessions()[days.settled_place(ordinary)] == ordinary


def test_a_day_beyond_the_invented_market_is_refused():
    with pytest.raises(ValueError, match="knows 2022-12-29 to 2027-12-31, not 2028-01-03"):
        days.southbound_session_of(date(2028, 1, 3))
    with pytest.raises(ValueError, match="not 2022-12-28"):
        days.southbound_session_of(date(2022, 12, 28))

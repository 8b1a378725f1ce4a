"""Morocco's clock before and after 2026-09-20."""

from datetime import UTC, datetime, timedelta

import pytest

from market_assets.calendars.casablanca_time import casablanca_zone


@pytest.mark.parametrize(
    ("noon", "hour"),
    [
        (datetime(2018, 7, 1, 12, tzinfo=UTC), 13),
        (datetime(2025, 2, 22, 12, tzinfo=UTC), 13),
        (datetime(2025, 2, 24, 12, tzinfo=UTC), 12),
        (datetime(2026, 2, 13, 12, tzinfo=UTC), 13),
        (datetime(2026, 3, 2, 12, tzinfo=UTC), 12),
        (datetime(2026, 3, 23, 12, tzinfo=UTC), 13),
        (datetime(2026, 9, 10, 12, tzinfo=UTC), 13),
        (datetime(2026, 10, 9, 12, tzinfo=UTC), 12),
        (datetime(2027, 7, 1, 12, tzinfo=UTC), 12),
    ],
)
def test_noon_utc_is_this_hour_in_casablanca(noon, hour):
    assert noon.astimezone(casablanca_zone()).hour == hour


def test_the_last_change_of_the_clock_is_at_one_utc_on_2026_09_20():
    change = datetime(2026, 9, 20, 1, tzinfo=UTC)
    before, after = change - timedelta(seconds=1), change
    assert before.astimezone(casablanca_zone()).utcoffset() == timedelta(hours=1)
    assert after.astimezone(casablanca_zone()).utcoffset() == timedelta(0)

"""When Hong Kong's holdings are out, and that days without a session repeat the one before."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market_assets.calendars.publication import (
    newest_published,
    published_at,
)
from market_assets.calendars.sessions import is_session, session_before
from market_assets.calendars.xhkg import ZONE


def hong_kong(*parts):
    return datetime(*parts, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("instant", "newest"),
    [
        (hong_kong(2026, 8, 18, 8, 59, 59), date(2026, 8, 14)),
        (hong_kong(2026, 8, 18, 9), date(2026, 8, 17)),
        (hong_kong(2026, 8, 18, 23, 59), date(2026, 8, 17)),
        (hong_kong(2026, 8, 15, 8), date(2026, 8, 13)),
        (hong_kong(2026, 8, 15, 9), date(2026, 8, 14)),
        (hong_kong(2026, 8, 16, 12), date(2026, 8, 14)),
        (hong_kong(2026, 8, 17, 12), date(2026, 8, 14)),
        (hong_kong(2026, 7, 2, 12), date(2026, 6, 30)),
    ],
)
def test_a_day_is_out_at_nine_on_the_next_morning_saturdays_too(instant, newest):
    assert newest_published("XHKG", instant) == newest
    assert newest_published("XHKG", instant.astimezone(UTC)) == newest


def test_pages_go_on_over_a_mainland_holiday_in_which_southbound_rests():
    noon = hong_kong(2026, 10, 7, 12)
    assert newest_published("XHKG", noon) == date(2026, 10, 6)
    assert newest_published("SOUTHBOUND", noon) == date(2026, 9, 30)


@given(st.datetimes(datetime(2015, 1, 1), datetime(2026, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001  hypothesis wants bounds without a zone
def test_the_newest_is_out_and_the_next_one_is_not(instant):
    newest = newest_published("XHKG", instant)
    after = next(
        newest + timedelta(days=step)
        for step in range(1, 9)
        if is_session("XHKG", newest + timedelta(days=step))
    )
    assert published_at(newest) <= instant < published_at(after)


def test_only_what_publishes_holdings_can_be_asked_and_an_instant_needs_a_zone():
    with pytest.raises(ValueError, match="no holdings are published for 'XCAS'"):
        newest_published("XCAS", hong_kong(2026, 8, 18, 9))
    with pytest.raises(ValueError, match="2026-08-18T09:00:00 does not say its zone"):
        newest_published("XHKG", datetime(2026, 8, 18, 9))  # noqa: DTZ001  the fault tested


def test_saved_days_that_are_no_sessions_repeat_the_session_before(samples):
    path = samples / "hkex" / "data" / "ccass_01128_all_participants_2021-01-20_2021-01-31.json"
    saved = {
        date.fromisoformat(page["AsOf"].replace("/", "-")): page["Holdings"]
        for page in json.loads(path.read_text("utf-8"))
    }
    repeats = [day for day in sorted(saved) if not is_session("XHKG", day)]
    assert [day.day for day in repeats] == [23, 24, 30, 31]
    assert all(saved[day] == saved[session_before("XHKG", day)] for day in repeats)
    sessions = [day for day in sorted(saved) if day not in repeats]
    assert all(saved[earlier] != saved[later] for earlier, later in pairwise(sessions))

"""A market counts its sessions up to the edges of its calendar and never beyond."""

from datetime import UTC, date, datetime, timedelta

import pytest

from market_assets.defs.hkex.timing import out_at
from market_assets.defs.markets import CASABLANCA, HKEX
from market_assets.sources.registry import source

FIRST = date(2010, 1, 4)


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        (FIRST, 0, FIRST),
        (FIRST, 1, date(2010, 1, 1)),
        (FIRST, 270, date(2010, 1, 1)),
        (date(2010, 1, 5), 1, FIRST),
        (date(2010, 1, 5), 2, date(2010, 1, 1)),
        (date(2026, 11, 16), 2, date(2026, 11, 12)),
    ],
)
def test_where_there_are_fewer_sessions_it_looks_back_to_the_calendars_first_day(
    day, count, before
):
    assert CASABLANCA.before(day, count) == before


def test_it_looks_ahead_no_further_than_the_calendars_last_day():
    month = timedelta(days=31)
    assert CASABLANCA.ahead(date(2027, 11, 30), month) == date(2027, 12, 31)
    assert CASABLANCA.ahead(date(2027, 12, 1), month) == date(2027, 12, 31)
    assert CASABLANCA.ahead(date(2027, 11, 29), month) == date(2027, 12, 30)


def test_the_last_session_ends_with_the_calendar():
    assert HKEX.eve_after(date(2030, 12, 24)) == date(2030, 12, 26)
    assert HKEX.eve_after(date(2030, 12, 31)) == date(2030, 12, 31)


def test_near_the_end_of_the_calendar_a_late_source_still_has_its_day():
    late = source("sse_southbound")
    assert out_at(late, date(2030, 12, 19)) == datetime(2030, 12, 23, 1, tzinfo=UTC)
    assert out_at(late, date(2030, 12, 31)) == datetime(2031, 1, 1, 1, tzinfo=UTC)

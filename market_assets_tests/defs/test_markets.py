"""A market counts its sessions up to the edges of its calendar and never beyond."""

from datetime import date, timedelta

import pytest

from market_assets.defs.markets import CASABLANCA

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

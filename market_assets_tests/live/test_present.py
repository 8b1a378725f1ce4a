"""Which session a page of the present shows: a page without a date is not guessed about."""

from datetime import UTC, date, datetime

import pytest

from market_assets.defs.casablanca.asking import PRE_OPENING
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.showing import visible_session
from market_assets.sources.registry import source

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("hour", "day", "dated", "undated"),
    [
        ("07:54", 20, THURSDAY, THURSDAY),
        ("07:55", 20, THURSDAY, None),
        ("12:00", 20, THURSDAY, None),
        ("15:29", 20, THURSDAY, None),
        ("16:30", 20, FRIDAY, FRIDAY),
        ("12:00", 21, FRIDAY, FRIDAY),
        ("12:00", 18, date(2026, 11, 17), date(2026, 11, 17)),
    ],
)
def test_a_page_without_a_date_is_asked_only_between_sessions(hour, day, dated, undated):
    now = datetime.fromisoformat(f"2026-11-{day}T{hour}").replace(tzinfo=UTC)
    assert visible_session(CASABLANCA, source("cdg_capital"), now, pre_opening=PRE_OPENING) == dated
    assert (
        visible_session(CASABLANCA, source("tradingview"), now, pre_opening=PRE_OPENING) == undated
    )

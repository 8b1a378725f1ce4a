"""Every table is judged by the days of its own market and the rhythm of its own rows."""

from datetime import UTC, date, datetime

import pytest

from market_assets.serving.api.facts import Facts
from market_assets.serving.api.freshness import freshness

FRIDAY_EVENING = datetime(2026, 11, 20, 20, tzinfo=UTC)
SATURDAY_NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def judged(table: str, newest: date | None, now: datetime) -> tuple[date | None, int | None, str]:
    facts = Facts(
        name="market-1",
        mode="sandbox",
        published_at=now,
        columns={},
        sources={},
        newest={table: newest},
    )
    (told,) = freshness(facts, now)
    return told.due, told.sessions_behind, told.status


@pytest.mark.parametrize(
    ("table", "newest", "now", "told"),
    [
        # In Hong Kong, Friday's holdings are out on Saturday morning.
        ("hkex.movers", 19, FRIDAY_EVENING, (19, 0, "fresh")),
        ("hkex.movers", 19, SATURDAY_NOON, (20, 1, "stale")),
        # Casablanca rested on 18 November, its Independence Day.
        ("casablanca.daily_quotes", 17, FRIDAY_EVENING, (20, 2, "stale")),
        ("casablanca.daily_quotes", 20, SATURDAY_NOON, (20, 0, "fresh")),
        ("companies.fundamentals", 19, FRIDAY_EVENING, (20, 1, "stale")),
        ("central_bank.exchange_rates", 20, FRIDAY_EVENING, (20, 0, "fresh")),
        ("africa.cross_market", 20, FRIDAY_EVENING, (20, 0, "fresh")),
        # Weeks begin on Monday, and nobody owes an alert.
        ("casablanca.volume_trends", 16, FRIDAY_EVENING, (16, None, "fresh")),
        ("casablanca.volume_trends", 9, FRIDAY_EVENING, (16, None, "stale")),
        ("casablanca.volume_alerts", 3, FRIDAY_EVENING, (None, None, "not due")),
        ("casablanca.volume_alerts", None, FRIDAY_EVENING, (None, None, "not due")),
        ("casablanca.yahoo_quotes", None, FRIDAY_EVENING, (20, None, "empty")),
    ],
)
def test_a_day_is_due_by_the_market_s_own_calendar(table, newest, now, told):
    due, behind, status = told
    day = newest and date(2026, 11, newest)
    assert judged(table, day, now) == (due and date(2026, 11, due), behind, status)


def test_what_comes_monthly_may_be_as_old_as_its_rhythm_allows():
    assert judged("central_bank.banking_metrics", date(2026, 9, 30), FRIDAY_EVENING)[2] == "fresh"
    assert judged("central_bank.banking_metrics", date(2026, 7, 31), FRIDAY_EVENING)[2] == "stale"


@pytest.mark.parametrize(
    ("table", "whole"), [("hkex.sse_southbound_statements", False), ("hkex.movers", True)]
)
def test_a_source_that_lags_does_not_make_the_whole_stale(table, whole):
    facts = Facts(
        name="market-1",
        mode="sandbox",
        published_at=FRIDAY_EVENING,
        columns={},
        sources={},
        newest={table: date(2026, 11, 17)},
    )
    tables = freshness(facts, FRIDAY_EVENING)
    assert [table.status for table in tables] == ["stale"]
    assert [table.late for table in tables] == [whole]

"""The morning asks after sessions only; the watch asks in its hours until the day is out, once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from market_assets.defs.hkex import automation
from market_assets.defs.hkex.holdings import STATEMENTS
from market_assets.defs.hkex.timing import out_at, shows
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.schedules import run_about
from market_assets.settings import read_settings
from market_assets.sources import registry
from market_assets.web.archive import Archive

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def morning(*instant: int) -> dg.RunRequest | dg.SkipReason:
    """What the schedule does at this hour in Hong Kong."""
    tick = datetime(*instant, tzinfo=HONG_KONG)
    return automation.morning(dg.build_schedule_context(scheduled_execution_time=tick))


def sessions(request: dg.RunRequest) -> tuple[str, str]:
    """The sessions that a request is about."""
    window = request.run_config["resources"]["window"]["config"]
    return window["first_session"], window["last_session"]


def test_the_morning_asks_for_the_session_before_and_what_may_still_be_stated():
    request = morning(2026, 10, 21, 9, 0)
    assert sessions(request) == ("2026-10-15", "2026-10-20")  # the 19th is a holiday
    assert request.tags["session"] == "2026-10-20"


def test_saturday_morning_asks_for_friday():
    assert sessions(morning(2026, 10, 24, 9, 0))[1] == "2026-10-23"


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_session_is_asked_for_once_its_source_has_it(name):
    """However long the mainland rests, and though one morning in three is lost."""
    source, asked = registry.source(name), set()
    for number, day in enumerate(HKEX.sessions(date(2026, 1, 20), date(2026, 11, 13))):
        tick = datetime.combine(day + timedelta(days=1), time(9), HONG_KONG)
        if tick.weekday() in {0, 6} or number % 3 == 0:
            continue
        first, last = map(date.fromisoformat, sessions(run_about(automation.due(day, tick))))
        asked |= {s for s in HKEX.sessions(first, last) if out_at(source, s) <= tick}
    due = [s for s in HKEX.sessions(date(2026, 1, 20), date(2026, 11, 5)) if shows(source, s)]
    assert [s for s in due if s not in asked] == []


def test_a_morning_after_a_holiday_says_so():
    skipped = morning(2026, 10, 20, 9, 0)
    assert skipped.skip_message == "2026-10-19 is no session of XHKG"


def test_the_schedule_ticks_from_tuesday_to_saturday_in_hong_kong():
    schedule = automation.morning
    assert (schedule.cron_schedule, schedule.execution_timezone) == (
        "0 9 * * 2-6",
        "Asia/Hong_Kong",
    )


@pytest.fixture
def watched(tmp_path):
    """What the watch says at an hour in Hong Kong, its cursor then, and how often it asked."""
    platforms: list[Platform] = []

    def said(*instant: int, cursor: str | None = None, **watch: object):
        given = {"enabled": True} | watch
        settings = read_settings({"data_dir": tmp_path, "hkex": {"watch": given}})
        platform = Platform(settings)
        platforms.append(platform)
        context = dg.build_sensor_context(cursor=cursor)
        now = datetime(*instant, tzinfo=HONG_KONG).astimezone(UTC)
        return automation.watched(context, platform, now), context.cursor

    yield said
    for platform in platforms:
        platform.archive.close()


def pages(tmp_path) -> int:
    archive = Archive(tmp_path / "sandbox/captures")
    found = archive.captures("hkex_southbound", date(2026, 1, 1), date(2026, 12, 31))
    archive.close()
    return len(found)


def test_a_watch_that_is_switched_off_asks_nothing(watched, tmp_path):
    skipped, cursor = watched(2026, 10, 21, 9, 0, enabled=False)
    assert skipped.skip_message == "switched off: MARKET_ASSETS_HKEX__WATCH__ENABLED"
    assert (cursor, pages(tmp_path)) == (None, 0)


def test_live_a_source_that_is_not_opted_for_is_not_asked(tmp_path):
    settings = {"web": "live", "contact": "desk@example.org", "hkex": {"watch": {"enabled": True}}}
    platform = Platform(read_settings({"data_dir": tmp_path, **settings}))
    now = datetime(2026, 10, 21, 1, 0, tzinfo=UTC)
    skipped = automation.watched(dg.build_sensor_context(), platform, now)
    assert skipped.skip_message.startswith("hkex_southbound is not asked: ")


@pytest.mark.parametrize("hour", [(8, 29), (12, 1)])
def test_outside_its_hours_it_asks_nothing(watched, tmp_path, hour):
    skipped, _ = watched(2026, 10, 21, *hour)
    assert skipped.skip_message == "outside 08:30:00 to 12:00:00 in Hong Kong"
    assert pages(tmp_path) == 0


def test_a_day_that_is_not_out_starts_nothing(watched, tmp_path):
    skipped, cursor = watched(2026, 10, 21, 8, 10, start="08:00")
    expected = "2026-10-20 is not out yet: the page still shows an earlier day"
    assert (skipped.skip_message, cursor) == (expected, None)
    assert pages(tmp_path) == 1


def test_a_day_that_is_out_starts_a_run_once(watched, tmp_path):
    request, cursor = watched(2026, 10, 21, 8, 45)
    assert sessions(request) == ("2026-10-15", "2026-10-20")
    assert cursor == "2026-10-20"
    skipped, _ = watched(2026, 10, 21, 9, 0, cursor=cursor)
    assert skipped.skip_message == "2026-10-20 has been asked for already"
    assert pages(tmp_path) == 1


def test_the_next_day_is_asked_for_again(watched):
    request, cursor = watched(2026, 10, 22, 8, 45, cursor="2026-10-20")
    assert (sessions(request)[1], cursor) == ("2026-10-21", "2026-10-21")

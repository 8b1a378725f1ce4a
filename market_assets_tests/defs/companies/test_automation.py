"""The companies are told each evening, once Casablanca's own figures are there."""

from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from market_assets.defs.casablanca.location import definitions as casablanca
from market_assets.defs.companies.location import definitions

ZONE = "Africa/Casablanca"
(EVENING,) = definitions().schedules


def ticked(*instant: int) -> dg.RunRequest | dg.SkipReason:
    """What the schedule does at this hour in Casablanca."""
    at = datetime(*instant, tzinfo=ZoneInfo(ZONE))
    return EVENING(dg.build_schedule_context(scheduled_execution_time=at))


def test_the_evening_tells_of_the_session_and_the_one_before():
    window = ticked(2026, 11, 16, 18, 30).run_config["resources"]["window"]["config"]
    assert (window["first_session"], window["last_session"]) == ("2026-11-13", "2026-11-16")
    assert not window["again"]


@pytest.mark.parametrize(("day", "shown"), [(6, "2026-11-06"), (18, "2026-11-18")])
def test_the_evening_of_a_holiday_tells_nothing(day, shown):
    skipped = ticked(2026, 11, day, 18, 30)
    assert isinstance(skipped, dg.SkipReason)
    assert skipped.skip_message == f"{shown} is no session of XCAS"


def test_it_ticks_in_casablanca_after_the_run_that_it_is_made_of():
    told = (EVENING.name, EVENING.cron_schedule, EVENING.execution_timezone, EVENING.job_name)
    assert told == ("companies_evening", "30 18 * * 1-5", ZONE, "companies")
    minute, hour, *_ = EVENING.cron_schedule.split()
    others = [each for each in casablanca().schedules if each.cron_schedule.endswith("1-5")]
    assert any(
        each.cron_schedule.split()[1::-1] < [hour, minute] and each.execution_timezone == ZONE
        for each in others
    )

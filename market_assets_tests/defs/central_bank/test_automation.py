"""Mornings sweep, afternoons ask on business days, statistics are asked each month and quarter."""

from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from market_assets.defs.central_bank import automation

CASABLANCA = ZoneInfo("Africa/Casablanca")


def at(*instant: int) -> dg.ScheduleEvaluationContext:
    """The context of a tick at this hour in Casablanca."""
    return dg.build_schedule_context(scheduled_execution_time=datetime(*instant, tzinfo=CASABLANCA))


def asked(request: dg.RunRequest) -> tuple[str, str, bool]:
    """The sessions that a request is about, and whether they are asked for anew."""
    window = request.run_config["resources"]["window"]["config"]
    return window["first_session"], window["last_session"], window["again"]


def test_each_morning_sweeps_up_the_last_five_business_days():
    request = automation.morning(at(2026, 11, 13, 6, 0))
    # Green March, the 6th, is no business day
    assert asked(request) == ("2026-11-05", "2026-11-12", False)
    assert request.tags["session"] == "2026-11-12"


def test_a_morning_after_a_holiday_sweeps_too():
    assert asked(automation.morning(at(2026, 11, 19, 6, 0)))[1] == "2026-11-17"


def test_the_afternoon_asks_for_the_day_and_the_one_before():
    request = automation.afternoon(at(2026, 11, 13, 16, 30))
    assert asked(request) == ("2026-11-12", "2026-11-13", False)


@pytest.mark.parametrize(("day", "shown"), [(6, "2026-11-06"), (18, "2026-11-18")])
def test_the_afternoon_of_a_holiday_asks_nothing(day, shown):
    skipped = automation.afternoon(at(2026, 11, day, 16, 30))
    assert isinstance(skipped, dg.SkipReason)
    assert skipped.skip_message == f"{shown} is no session of BKAM"


@pytest.mark.parametrize(
    ("schedule", "instant", "newest"),
    [
        (automation.monthly, (2026, 11, 5, 7, 0), "2026-11-04"),
        (automation.monthly, (2026, 10, 20, 7, 0), "2026-10-19"),
        (automation.quarterly, (2026, 11, 10, 7, 0), "2026-11-09"),
    ],
)
def test_statistics_are_asked_for_whatever_is_known_of_them(schedule, instant, newest):
    assert asked(schedule(at(*instant))) == (newest, newest, True)


@pytest.mark.parametrize(
    ("schedule", "cron", "job"),
    [
        (automation.morning, "0 6 * * *", "central_bank"),
        (automation.afternoon, "30 16 * * 1-5", "central_bank"),
        (automation.monthly, "0 7 5,20 * *", "central_bank_statistics"),
        (automation.quarterly, "0 7 10 2,5,8,11 *", "central_bank_statistics"),
    ],
)
def test_schedules_tick_in_casablanca_and_start_their_job(schedule, cron, job):
    told = (schedule.cron_schedule, schedule.execution_timezone, schedule.job_name)
    assert told == (cron, "Africa/Casablanca", job)

"""Schedules ask on sessions and say why not on other days; sensors report what failed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from market_assets.defs import reporting
from market_assets.defs.captures import capture_asset
from market_assets.defs.casablanca import automation
from market_assets.defs.casablanca.asking import ASKING
from market_assets.defs.platform import Platform
from market_assets.defs.window import SessionWindow
from market_assets.settings import read_settings
from market_assets.sources.registry import source

CASABLANCA = ZoneInfo("Africa/Casablanca")


def at(*instant: int) -> dg.ScheduleEvaluationContext:
    """The context of a tick at this hour in Casablanca."""
    return dg.build_schedule_context(scheduled_execution_time=datetime(*instant, tzinfo=CASABLANCA))


def asked(request: dg.RunRequest) -> tuple[str, str, str, str]:
    """The sessions and the months that a request is about."""
    window = request.run_config["resources"]["window"]["config"]
    months = (request.tags[f"dagster/asset_partition_range_{end}"] for end in ("start", "end"))
    return (window["first_session"], window["last_session"], *months)


def test_the_evening_asks_for_the_session_that_closed_and_the_one_before():
    request = automation.evening(at(2026, 11, 13, 18, 0))
    assert asked(request) == ("2026-11-12", "2026-11-13", "2026-11", "2026-11")
    assert request.tags["session"] == "2026-11-13"


def test_the_first_session_of_a_month_reaches_into_the_one_before():
    request = automation.evening(at(2026, 11, 2, 18, 0))
    assert asked(request) == ("2026-10-30", "2026-11-02", "2026-10", "2026-11")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ((2026, 11, 6, 18, 0), "2026-11-06"),  # Green March
        ((2026, 9, 17, 18, 0), "2026-09-17"),  # the cancelled session
        ((2026, 11, 18, 18, 0), "2026-11-18"),  # Independence
    ],
)
def test_an_evening_without_a_session_says_so(instant, day):
    skipped = automation.evening(at(*instant))
    assert isinstance(skipped, dg.SkipReason)
    assert skipped.skip_message == f"{day} is no session of XCAS"


def test_the_morning_asks_again_for_the_session_of_the_day_before():
    request = automation.morning(at(2026, 11, 14, 8, 30))  # a Saturday, after Friday's session
    assert asked(request)[:2] == ("2026-11-12", "2026-11-13")


@pytest.mark.parametrize(
    ("instant", "before"),
    [((2026, 11, 16, 8, 30), "2026-11-15"), ((2026, 11, 7, 8, 30), "2026-11-06")],
)
def test_a_morning_after_no_session_says_so(instant, before):
    skipped = automation.morning(at(*instant))
    assert skipped.skip_message == f"{before} is no session of XCAS"


def test_monday_builds_the_five_sessions_that_ended():
    request = automation.weekly_trends(at(2026, 11, 16, 9, 0))
    assert asked(request)[:2] == ("2026-11-09", "2026-11-13")
    assert automation.weekly_trends.job_name == "casablanca_from_captures"


def test_schedules_tick_in_the_hours_of_casablanca():
    assert {
        schedule.name: (schedule.cron_schedule, schedule.execution_timezone, schedule.job_name)
        for schedule in (automation.evening, automation.morning, automation.weekly_trends)
    } == {
        "casablanca_evening": ("0 18 * * 1-5", "Africa/Casablanca", "casablanca"),
        "casablanca_morning": ("30 8 * * *", "Africa/Casablanca", "casablanca"),
        "casablanca_weekly_trends": ("0 9 * * 1", "Africa/Casablanca", "casablanca_from_captures"),
    }


@pytest.fixture
def scene(tmp_path):
    """An instance, and a function that materializes one asset of a source in the sandbox."""
    platform = Platform(read_settings({"data_dir": tmp_path}))
    with dg.DagsterInstance.ephemeral() as instance:

        def materialized(asset: dg.AssetsDefinition, session: date) -> dg.ExecuteInProcessResult:
            days = {"first_session": str(session), "last_session": str(session)}
            return dg.materialize(
                [asset],
                instance=instance,
                partition_key=f"{session:%Y-%m}",
                resources={"platform": platform, "window": SessionWindow(**days)},
                raise_on_error=False,
            )

        yield instance, materialized
    platform.archive.close()


def told(sensor, event: dg.DagsterEvent, result, instance) -> dg.RunStatusSensorContext:
    return dg.build_run_status_sensor_context(
        sensor_name=sensor.name,
        dagster_event=event,
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    )


def test_a_failed_check_of_a_run_that_succeeded_is_reported(scene):
    instance, materialized = scene
    result = materialized(capture_asset(source("bmce_capital"), ASKING), date(2026, 10, 30))
    assert result.success
    context = told(reporting.report_failed_checks, result.get_run_success_event(), result, instance)
    reported = reporting.report_failed_checks(context)
    assert reported.skip_message == (
        f"run {result.run_id}: raw/bmce_capital: source_answered (WARN)"
    )


def test_a_run_whose_checks_passed_is_not_reported(scene):
    instance, materialized = scene
    result = materialized(capture_asset(source("tradingview"), ASKING), date(2026, 10, 14))
    assert result.success
    context = told(reporting.report_failed_checks, result.get_run_success_event(), result, instance)
    assert reporting.report_failed_checks(context) is None


def test_a_failed_run_is_reported_with_its_name(scene):
    instance, materialized = scene
    result = materialized(capture_asset(source("yahoo"), ASKING), date(2026, 10, 17))  # a Saturday
    assert not result.success
    context = told(reporting.report_failed_runs, result.get_run_failure_event(), result, instance)
    reported = reporting.report_failed_runs(context.for_run_failure())
    assert reported.skip_message.startswith(f"run {result.run_id} failed: ")
    assert "raw__yahoo" in reported.skip_message


def test_both_sensors_are_on_from_the_start():
    for sensor in (reporting.report_failed_checks, reporting.report_failed_runs):
        assert sensor.default_status == dg.DefaultSensorStatus.RUNNING


def test_a_step_without_a_session_says_which_months_it_looked_in(scene):
    _, materialized = scene
    result = materialized(capture_asset(source("yahoo"), ASKING), date(2026, 10, 17))
    (step,) = [event for event in result.all_events if event.is_step_failure]
    assert "no session of XCAS is out in 2026-10 to 2026-10 yet" in str(
        step.step_failure_data.error
    )

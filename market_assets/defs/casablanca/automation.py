"""When things happen by themselves: jobs, schedules, and the sensors that report what failed."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta

import dagster as dg

from market_assets.calendars.sessions import is_session, newest_closed_session, session_before
from market_assets.defs.window import MIC, ZONE, Window, run_config, run_tags

CAPTURES = dg.AssetSelection.groups("casablanca_captures")

CASABLANCA = dg.define_asset_job(
    "casablanca",
    selection=dg.AssetSelection.all(),
    description="Ask every source, agree, analyse, check and publish.",
)
FROM_CAPTURES = dg.define_asset_job(
    "casablanca_from_captures",
    selection=dg.AssetSelection.all() - CAPTURES,
    description="The same from what is captured already, without any network.",
)


def _request(session: date) -> dg.RunRequest:
    """A run about ``session`` and the one before it, whose values may have been revised."""
    window = Window(sessions=(session_before(MIC, session), session))
    return dg.RunRequest(
        run_key=None,
        tags=run_tags(window) | {"session": session.isoformat()},
        run_config=run_config(window),
    )


@dg.schedule(
    name="casablanca_evening",
    job=CASABLANCA,
    cron_schedule="0 18 * * 1-5",
    execution_timezone=ZONE,
    description="Each session at 18:00, after the close.",
)
def evening(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for the session that has just closed; on a holiday say so."""
    today = context.scheduled_execution_time.date()
    if not is_session(MIC, today):
        return dg.SkipReason(f"{today} is not a session of {MIC}")
    return _request(today)


@dg.schedule(
    name="casablanca_morning",
    job=CASABLANCA,
    cron_schedule="30 8 * * *",
    execution_timezone=ZONE,
    description="The morning after each session at 08:30: sources revise until the evening.",
)
def morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask again for the session of the day before; on other mornings say why not."""
    yesterday = context.scheduled_execution_time.date() - timedelta(days=1)
    if not is_session(MIC, yesterday):
        return dg.SkipReason(f"{yesterday} was not a session of {MIC}: nothing to revise")
    return _request(yesterday)


@dg.schedule(
    name="casablanca_weekly_trends",
    job=FROM_CAPTURES,
    cron_schedule="0 9 * * 1",
    execution_timezone=ZONE,
    description="Mondays at 09:00: the trends of the week and month that have ended.",
)
def weekly_trends(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Build the last five sessions again from their captures."""
    newest = newest_closed_session(MIC, context.scheduled_execution_time.astimezone(UTC))
    window = Window(sessions=(session_before(MIC, newest, count=4), newest))
    return dg.RunRequest(run_key=None, tags=run_tags(window), run_config=run_config(window))


def failed_checks(instance: dg.DagsterInstance, run_id: str) -> Iterator[str]:
    """Each check that failed in a run: asset, name, severity."""
    records = instance.get_records_for_run(
        run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ).records
    for record in records:
        event = record.event_log_entry.dagster_event
        evaluation = event.asset_check_evaluation_data if event else None
        if evaluation and not evaluation.passed:
            asset = evaluation.asset_key.to_user_string()
            yield f"{asset}: {evaluation.check_name} ({evaluation.severity.value})"


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    name="failed_checks",
    description="Reports checks that failed in runs that succeeded: Dagster's run failure sensor "
    "does not fire for those (dagster#29896).",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def report_failed_checks(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Say which checks of the run failed, in the sensor's tick and log."""
    faults = list(failed_checks(context.instance, context.dagster_run.run_id))
    if not faults:
        return None
    context.log.error("run %s: %s", context.dagster_run.run_id, "; ".join(faults))
    return dg.SkipReason(f"run {context.dagster_run.run_id}: " + "; ".join(faults))


@dg.run_failure_sensor(
    name="failed_runs",
    description="Reports runs that failed, with the error.",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def report_failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason:
    """Say which run failed and why, in the sensor's tick and log."""
    message = f"run {context.dagster_run.run_id} failed: {context.failure_event.message}"
    context.log.error(message)
    return dg.SkipReason(message)

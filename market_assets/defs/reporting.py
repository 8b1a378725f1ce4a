"""The sensors that report what failed, whichever market's run it was."""

from collections.abc import Iterator

import dagster as dg


def evaluations(instance: dg.DagsterInstance, run_id: str) -> Iterator[dg.AssetCheckEvaluation]:
    """Each check of a run, in the order in which they were made."""
    records = instance.get_records_for_run(
        run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ).records
    for record in records:
        event = record.event_log_entry.dagster_event
        if event and event.asset_check_evaluation_data:
            yield event.asset_check_evaluation_data


def failed_checks(instance: dg.DagsterInstance, run_id: str) -> Iterator[str]:
    """Each check that failed in a run: asset, name, severity."""
    for evaluation in evaluations(instance, run_id):
        if not evaluation.passed:
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

"""What is not kept for ever: the job that lets go of it, daily; the settings say how long."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from dagster._core.storage.runs.schema import RunTagsTable
from dagster._core.storage.runs.sql_run_storage import SqlRunStorage

from market_assets.defs.platform import Platform
from market_assets.defs.storage import EventLog
from market_assets.serving.api.access.audit import forget_reads
from market_assets.serving.api.access.database import FOLDER
from market_assets.serving.delivery.state import State
from market_assets.serving.delivery.telling import forget
from market_assets.warehouse.publish import forget_old_versions


def forget_runs(instance: dg.DagsterInstance, before: datetime) -> int:
    """Let go of runs that ended ``before``, with their events, checks and logs; how many.

    Dagster keeps them for ever (dagster#33785). Those that tell how an asset or a check stands
    now are kept whole: UI and back-fills ask them.
    """
    ended = dg.RunsFilter(statuses=list(FINISHED_STATUSES), updated_before=before)
    telling = _telling(instance)
    gone = [run for run in instance.get_run_ids(ended) if run not in telling]
    for run in gone:
        instance.delete_run(run)
        instance.compute_log_manager.delete_logs(prefix=[run])
    _forget_beside(instance, gone)
    return len(gone)


def _events(instance: dg.DagsterInstance) -> SqlEventLogStorage:
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        raise TypeError(f"{type(storage).__name__} is not known here")
    return storage


def _telling(instance: dg.DagsterInstance) -> set[str]:
    """The runs with the newest event of each kind, and check, of any asset and partition."""
    event, check = SqlEventLogStorageTable.c, AssetCheckExecutionsTable.c
    newest_events = (
        sa.select(sa.func.max(event.id))
        .where(event.asset_key.is_not(None))
        .group_by(event.asset_key, event.partition, event.dagster_event_type)
    )
    newest_checks = sa.select(sa.func.max(check.id)).group_by(
        check.asset_key, check.check_name, check.partition
    )
    with _events(instance).index_connection() as connection:
        return {
            *connection.scalars(sa.select(event.run_id).where(event.id.in_(newest_events))),
            *connection.scalars(sa.select(check.run_id).where(check.id.in_(newest_checks))),
        }


def _forget_beside(instance: dg.DagsterInstance, runs: Sequence[str]) -> None:
    """What ``delete_run`` leaves of ``runs``: checks, SQLite's tags and files."""
    events = _events(instance)
    with events.index_connection() as connection:
        checks = AssetCheckExecutionsTable
        connection.execute(checks.delete().where(checks.c.run_id.in_(runs)))
    if isinstance(events, EventLog):
        for run in runs:
            events.forget(run)
        storage = instance.run_storage
        if isinstance(storage, SqlRunStorage):
            with storage.connect() as connection:
                connection.execute(RunTagsTable.delete().where(RunTagsTable.c.run_id.in_(runs)))


@dg.op
def let_go(context: dg.OpExecutionContext, platform: dg.ResourceParam[Platform]) -> None:
    """Let go of what the settings do not keep, and say how much of each that was."""
    settings, now = platform.settings, datetime.now(UTC)
    kept = settings.retention
    reads = timedelta(days=settings.api.audit_days)
    with State(settings.mode_dir).writing() as connection:
        messages = forget(connection, now, kept=timedelta(days=kept.message_days))
    gone = {
        "runs": forget_runs(context.instance, now - timedelta(days=kept.run_days)),
        "versions": forget_old_versions(platform.published, kept=kept.versions),
        "reads": forget_reads(settings.mode_dir / FOLDER, before=now - reads),
        "messages": messages,
    }
    if kept.capture_days:
        gone["captures"] = platform.archive.forget(now - timedelta(days=kept.capture_days))
    context.log.info("gone: %s", ", ".join(f"{count} {what}" for what, count in gone.items()))
    context.add_output_metadata(gone)


@dg.job(description="Lets go of what MARKET_ASSETS_RETENTION does not keep.")
def retention() -> None:
    """One step."""
    let_go()


daily = dg.ScheduleDefinition(
    name="retention_daily",
    job=retention,
    cron_schedule="0 4 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Each day at 04:00 UTC; runs unless it is switched off.",
)

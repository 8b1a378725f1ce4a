"""When the runs of each market were last and are next, as Dagster's instance has it."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg
from dagster._core.scheduler.instigation import InstigatorType
from dagster._utils.schedules import schedule_execution_time_iterator

from market_assets.defs.instance import instance_home
from market_assets.defs.location import code_location
from market_assets.defs.markets import MARKETS, Market
from market_assets.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The last run of a market's jobs, whoever started it, and when a schedule starts the next.

    ``status`` is Dagster's, such as SUCCESS; None where there was no run. ``next_at`` is None
    where no schedule of the market is switched on.
    """

    run_id: str | None
    status: str | None
    started_at: datetime | None
    ended_at: datetime | None
    next_at: datetime | None


def turns(settings: Settings, now: datetime) -> dict[str, Turn]:
    """By market."""
    zoneinfo.reset_tzpath([])  # as in definitions.py
    schedules = [
        each
        for each in code_location(settings, loggers=None).schedules or ()
        if isinstance(each, dg.ScheduleDefinition)
    ]
    with dg.DagsterInstance.from_config(str(instance_home(settings))) as instance:
        switched = {
            state.instigator_name: state.is_running
            for state in instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
        }
        on = [each for each in schedules if _is_on(each, switched)]
        return {market.name: _turn(market, instance, on, now) for market in MARKETS}


def _is_on(schedule: dg.ScheduleDefinition, switched: Mapping[str, bool]) -> bool:
    default = schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    return switched.get(schedule.name, default)


def _turn(
    market: Market,
    instance: dg.DagsterInstance,
    on: list[dg.ScheduleDefinition],
    now: datetime,
) -> Turn:
    jobs = [market.job(from_captures=each) for each in (False, True)]
    records = [
        record
        for job in jobs
        for record in instance.get_run_records(dg.RunsFilter(job_name=job), limit=1)
    ]
    last = max(records, key=lambda record: record.create_timestamp, default=None)
    coming = [
        next(
            schedule_execution_time_iterator(
                now.timestamp(), each.cron_schedule, each.execution_timezone
            )
        )
        for each in on
        if each.job_name in jobs
    ]
    return Turn(
        run_id=last and last.dagster_run.run_id,
        status=last and last.dagster_run.status.value,
        started_at=_instant(last and last.start_time),
        ended_at=_instant(last and last.end_time),
        next_at=min((each.astimezone(UTC) for each in coming), default=None),
    )


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

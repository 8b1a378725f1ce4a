"""When the Casablanca exchange is asked by itself: each evening, the next morning, each Monday."""

from datetime import UTC, date, datetime

import dagster as dg

from market_assets.defs.casablanca.report import REPORT
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.schedules import market_jobs, run_about, session_schedule
from market_assets.defs.window import Window

JOBS = market_jobs(
    CASABLANCA, REPORT, description="Ask every source, agree, analyse, check and publish."
)


def with_the_one_before(session: date, _now: datetime) -> Window:
    """``session`` and the one before it, whose values may have been revised."""
    return Window(sessions=CASABLANCA.last_sessions(2, until=session))


evening = session_schedule(
    CASABLANCA,
    name="evening",
    cron="0 18 * * 1-5",
    days_after=0,
    due=with_the_one_before,
    description="Each session at 18:00, after the close.",
)
morning = session_schedule(
    CASABLANCA,
    name="morning",
    cron="30 8 * * *",
    days_after=1,
    due=with_the_one_before,
    description="The morning after each session at 08:30: sources revise until the evening.",
)


@dg.schedule(
    name="casablanca_weekly_trends",
    job_name=CASABLANCA.job(from_captures=True),
    cron_schedule="0 9 * * 1",
    execution_timezone=CASABLANCA.zone,
    description="Mondays at 09:00: the trends of the week and month that have ended.",
)
def weekly_trends(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Build the last five sessions again from their captures."""
    newest = CASABLANCA.newest(context.scheduled_execution_time.astimezone(UTC))
    return run_about(Window(sessions=CASABLANCA.last_sessions(5, until=newest)))

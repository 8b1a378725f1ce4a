"""When Bank Al-Maghrib is asked by itself: mornings, afternoons, and for statistics each month."""

from datetime import UTC, date, datetime

import dagster as dg

from market_assets.defs.captures import capture_key
from market_assets.defs.central_bank.asking import SELDOM
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.publication import published_key
from market_assets.defs.schedules import market_jobs, run_about, session_schedule
from market_assets.defs.window import Window
from market_assets.sources import registry

EVERYTHING = dg.AssetSelection.assets(published_key(CENTRAL_BANK)).upstream()
STATISTICS = dg.AssetSelection.assets(*(capture_key(registry.source(name)) for name in SELDOM))

JOBS = market_jobs(
    CENTRAL_BANK, description="Ask for rates and statistics, agree, check and publish."
)
STATISTICS_JOB = dg.define_asset_job(
    "central_bank_statistics",
    selection=STATISTICS | (STATISTICS.downstream() & EVERYTHING),
    description="Ask for decisions, surveys and monetary series, whatever is known of them.",
)


def _newest(now: datetime, *, sessions: int, again: bool) -> dg.RunRequest:
    """A run at ``now`` about the newest business days that are out."""
    newest = CENTRAL_BANK.newest(now.astimezone(UTC))
    days = CENTRAL_BANK.last_sessions(sessions, until=newest)
    return run_about(Window(sessions=days, again=again))


@dg.schedule(
    name="central_bank_morning",
    job_name=CENTRAL_BANK.job(from_captures=False),
    cron_schedule="0 6 * * *",
    execution_timezone=CENTRAL_BANK.zone,
    description="Each day at 06:00: what the last business days left open.",
)
def morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Sweep up the last five business days: what is captured and complete is not asked for."""
    return _newest(context.scheduled_execution_time, sessions=5, again=False)


def _with_the_day_before(session: date, _now: datetime) -> Window:
    return Window(sessions=CENTRAL_BANK.last_sessions(2, until=session))


afternoon = session_schedule(
    CENTRAL_BANK,
    name="reference_rates",
    cron="30 16 * * 1-5",
    days_after=0,
    due=_with_the_day_before,
    description="Each business day at 16:30: the reference rates of the day.",
)


@dg.schedule(
    name="central_bank_monthly",
    job=STATISTICS_JOB,
    cron_schedule="0 7 5,20 * *",
    execution_timezone=CENTRAL_BANK.zone,
    description="On the 5th and 20th at 07:00: the month's money and credit, some weeks late.",
)
def monthly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the monthly series anew."""
    return _newest(context.scheduled_execution_time, sessions=1, again=True)


@dg.schedule(
    name="central_bank_quarterly",
    job=STATISTICS_JOB,
    cron_schedule="0 7 10 2,5,8,11 *",
    execution_timezone=CENTRAL_BANK.zone,
    description="On 10 February, May, August and November at 07:00: the survey of lending rates, "
    "out some 38 days after its quarter.",
)
def quarterly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the survey of the quarter before."""
    return _newest(context.scheduled_execution_time, sessions=1, again=True)


SCHEDULES = [morning, afternoon, monthly, quarterly]

"""When Bank Al-Maghrib is asked by itself: mornings, afternoons, and for statistics each month."""

from datetime import UTC, datetime

import dagster as dg

from market_assets.calendars.sessions import is_session
from market_assets.defs.captures import capture_key
from market_assets.defs.central_bank.asking import SELDOM
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.publication import published_key
from market_assets.defs.window import Window, run_config, run_tags
from market_assets.sources import registry

CAPTURES = dg.AssetSelection.groups(f"{CENTRAL_BANK.name}_captures")
EVERYTHING = dg.AssetSelection.assets(published_key(CENTRAL_BANK)).upstream()
STATISTICS = dg.AssetSelection.assets(*(capture_key(registry.source(name)) for name in SELDOM))

CENTRAL_BANK_JOB = dg.define_asset_job(
    CENTRAL_BANK.job(from_captures=False),
    selection=EVERYTHING,
    description="Ask for rates and statistics, agree, check and publish.",
)
FROM_CAPTURES = dg.define_asset_job(
    CENTRAL_BANK.job(from_captures=True),
    selection=EVERYTHING - CAPTURES,
    description="The same from what is captured already, without any network.",
)
STATISTICS_JOB = dg.define_asset_job(
    "central_bank_statistics",
    selection=STATISTICS | (STATISTICS.downstream() & EVERYTHING),
    description="Ask for decisions, surveys and monetary series, whatever is known of them.",
)
JOBS = [CENTRAL_BANK_JOB, FROM_CAPTURES, STATISTICS_JOB]


def _newest(now: datetime, *, sessions: int, again: bool) -> dg.RunRequest:
    """A run at ``now`` about the newest business days that are out."""
    newest = CENTRAL_BANK.newest(now.astimezone(UTC))
    window = Window(sessions=CENTRAL_BANK.last_sessions(sessions, until=newest), again=again)
    return dg.RunRequest(
        run_key=None,
        tags=run_tags(window) | {"session": newest.isoformat()},
        run_config=run_config(window),
    )


@dg.schedule(
    name="central_bank_morning",
    job=CENTRAL_BANK_JOB,
    cron_schedule="0 6 * * *",
    execution_timezone=CENTRAL_BANK.zone,
    description="Each day at 06:00: what the last business days left open.",
)
def morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Sweep up the last five business days: what is captured and complete is not asked for."""
    return _newest(context.scheduled_execution_time, sessions=5, again=False)


@dg.schedule(
    name="central_bank_reference_rates",
    job=CENTRAL_BANK_JOB,
    cron_schedule="30 16 * * 1-5",
    execution_timezone=CENTRAL_BANK.zone,
    description="Each business day at 16:30: the reference rates of the day.",
)
def afternoon(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for the rates that have just come out; on a holiday say so."""
    today = context.scheduled_execution_time.date()
    if not is_session(CENTRAL_BANK.mic, today):
        return dg.SkipReason(f"{today} is no business day of the bank")
    return _newest(context.scheduled_execution_time, sessions=2, again=False)


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

"""When the Casablanca exchange is asked by itself: each evening, the next morning, each Monday."""

from datetime import UTC, date, timedelta

import dagster as dg

from market_assets.calendars.sessions import is_session, newest_closed_session, session_before
from market_assets.defs.casablanca.report import REPORT
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.publication import published_key
from market_assets.defs.window import Window, run_config, run_tags

CAPTURES = dg.AssetSelection.groups("casablanca_captures")
EVERYTHING = dg.AssetSelection.assets(published_key(CASABLANCA), REPORT).upstream()

CASABLANCA_JOB = dg.define_asset_job(
    CASABLANCA.job(from_captures=False),
    selection=EVERYTHING,
    description="Ask every source, agree, analyse, check and publish.",
)
FROM_CAPTURES = dg.define_asset_job(
    CASABLANCA.job(from_captures=True),
    selection=EVERYTHING - CAPTURES,
    description="The same from what is captured already, without any network.",
)


def _request(session: date) -> dg.RunRequest:
    """A run about ``session`` and the one before it, whose values may have been revised."""
    window = Window(sessions=(session_before(CASABLANCA.mic, session), session))
    return dg.RunRequest(
        run_key=None,
        tags=run_tags(window) | {"session": session.isoformat()},
        run_config=run_config(window),
    )


@dg.schedule(
    name="casablanca_evening",
    job=CASABLANCA_JOB,
    cron_schedule="0 18 * * 1-5",
    execution_timezone=CASABLANCA.zone,
    description="Each session at 18:00, after the close.",
)
def evening(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for the session that has just closed; on a holiday say so."""
    today = context.scheduled_execution_time.date()
    if not is_session(CASABLANCA.mic, today):
        return dg.SkipReason(f"{today} is not a session of {CASABLANCA.mic}")
    return _request(today)


@dg.schedule(
    name="casablanca_morning",
    job=CASABLANCA_JOB,
    cron_schedule="30 8 * * *",
    execution_timezone=CASABLANCA.zone,
    description="The morning after each session at 08:30: sources revise until the evening.",
)
def morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask again for the session of the day before; on other mornings say why not."""
    yesterday = context.scheduled_execution_time.date() - timedelta(days=1)
    if not is_session(CASABLANCA.mic, yesterday):
        return dg.SkipReason(f"{yesterday} was not a session: nothing to revise")
    return _request(yesterday)


@dg.schedule(
    name="casablanca_weekly_trends",
    job=FROM_CAPTURES,
    cron_schedule="0 9 * * 1",
    execution_timezone=CASABLANCA.zone,
    description="Mondays at 09:00: the trends of the week and month that have ended.",
)
def weekly_trends(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Build the last five sessions again from their captures."""
    newest = newest_closed_session(CASABLANCA.mic, context.scheduled_execution_time.astimezone(UTC))
    window = Window(sessions=(session_before(CASABLANCA.mic, newest, count=4), newest))
    return dg.RunRequest(run_key=None, tags=run_tags(window), run_config=run_config(window))

"""When the Southbound holdings are asked for by themselves: mornings, or once they are out."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg

from market_assets.calendars import xhkg
from market_assets.calendars.sessions import is_session
from market_assets.defs.captures import asked_source
from market_assets.defs.hkex.asking import watching
from market_assets.defs.hkex.holdings import STATEMENTS
from market_assets.defs.hkex.statements import captured_sessions
from market_assets.defs.hkex.timing import out_at, shows
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.publication import published_key
from market_assets.defs.window import Window, run_config, run_tags
from market_assets.sources import registry
from market_assets.sources.hkex import hkex_southbound

CAPTURES = dg.AssetSelection.groups("hkex_captures")
EVERYTHING = dg.AssetSelection.assets(published_key(HKEX)).upstream()

HKEX_JOB = dg.define_asset_job(
    HKEX.job(from_captures=False),
    selection=EVERYTHING,
    description="Ask for the holdings, agree, compare, check and publish.",
)
FROM_CAPTURES = dg.define_asset_job(
    HKEX.job(from_captures=True),
    selection=EVERYTHING - CAPTURES,
    description="The same from what is captured already, without any network.",
)
REST = 15
"""More sessions than the mainland ever rests, and its exchanges' delay."""
PATIENCE = timedelta(days=4)
"""A day that came out so long ago is asked for again: a weekend, and a morning that failed."""


def daily_run(session: date, now: datetime) -> dg.RunRequest:
    """A run at ``now`` about ``session`` and from the first before it that has come out lately."""
    sessions = HKEX.last_sessions(REST, until=session)
    lately = (
        day
        for day in sessions
        for source in map(registry.source, STATEMENTS)
        if shows(source, day) and now - PATIENCE < out_at(source, day) <= now
    )
    window = Window(sessions=HKEX.sessions(min(lately, default=session), session))
    return dg.RunRequest(
        run_key=None,
        tags=run_tags(window) | {"session": session.isoformat()},
        run_config=run_config(window),
    )


@dg.schedule(
    name="hkex_morning",
    job=HKEX_JOB,
    cron_schedule="0 9 * * 2-6",
    execution_timezone=HKEX.zone,
    description="Tuesday to Saturday at 09:00: the holdings of the session before.",
)
def morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for the day before; after a day without a session say so."""
    yesterday = context.scheduled_execution_time.date() - timedelta(days=1)
    if not is_session(HKEX.mic, yesterday):
        return dg.SkipReason(f"{yesterday} was not a session of {HKEX.mic}: nothing new is out")
    return daily_run(yesterday, context.scheduled_execution_time.astimezone(UTC))


def watch(interval: int) -> dg.SensorDefinition:
    """The sensor that asks HKEXnews every so many seconds whether a new day is out."""

    @dg.sensor(
        name="hkex_watch",
        job=HKEX_JOB,
        minimum_interval_seconds=interval,
        description="In the hours that MARKET_ASSETS_HKEX__WATCH sets, asks HKEXnews' latest page "
        "for its date and starts a run when it has advanced.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def hkex_watch(
        context: dg.SensorEvaluationContext, platform: dg.ResourceParam[Platform]
    ) -> dg.RunRequest | dg.SkipReason:
        return watched(context, platform, datetime.now(UTC))

    return hkex_watch


def watched(
    context: dg.SensorEvaluationContext, platform: Platform, now: datetime
) -> dg.RunRequest | dg.SkipReason:
    """What the watch does at ``now``; its cursor is the last date for which it started a run."""
    watch, source = platform.settings.hkex.watch, hkex_southbound.SOURCE
    if not watch.enabled:
        return dg.SkipReason("switched off: MARKET_ASSETS_HKEX__WATCH__ENABLED")
    if not platform.asks(source):
        return dg.SkipReason(f"{source.name} is not asked: {source.caution}")
    if not watch.start <= now.astimezone(xhkg.ZONE).time() <= watch.end:
        return dg.SkipReason(f"outside {watch.start} to {watch.end} in Hong Kong")
    today = now.astimezone(xhkg.ZONE).date()
    (expected,) = HKEX.last_sessions(1, until=today - timedelta(days=1))
    if context.cursor and date.fromisoformat(context.cursor) >= expected:
        return dg.SkipReason(f"{expected} has been asked for already")
    days = Window(sessions=(expected,))
    asked = asked_source(platform, source, days, watching(now))
    if expected not in captured_sessions(platform.readings, source, days):
        said = "; ".join(asked.failures) or "the page still shows an earlier day"
        return dg.SkipReason(f"{expected} is not out yet: {said}")
    context.update_cursor(expected.isoformat())
    return daily_run(expected, now)

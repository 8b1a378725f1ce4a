"""When the Southbound holdings are asked for by themselves: mornings, or once they are out."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg

from market_assets.calendars import xhkg
from market_assets.defs.captures import asked_source
from market_assets.defs.hkex.asking import watching
from market_assets.defs.hkex.holdings import STATEMENTS
from market_assets.defs.hkex.statements import captured_sessions
from market_assets.defs.hkex.timing import out_at, shows
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.schedules import market_jobs, run_about, session_schedule
from market_assets.defs.window import Window
from market_assets.sources import registry
from market_assets.sources.hkex import hkex_southbound

JOBS = market_jobs(HKEX, description="Ask for the holdings, agree, compare, check and publish.")
REST = 15
"""More sessions than the mainland ever rests, and its exchanges' delay."""
PATIENCE = timedelta(days=4)
"""A day that came out so long ago is asked for again: a weekend, and a morning that failed."""


def due(session: date, now: datetime) -> Window:
    """What to ask for at ``now``: ``session``, and from the first that has come out lately."""
    sessions = HKEX.last_sessions(REST, until=session)
    lately = (
        day
        for day in sessions
        for source in map(registry.source, STATEMENTS)
        if shows(source, day) and now - PATIENCE < out_at(source, day) <= now
    )
    return Window(sessions=HKEX.sessions(min(lately, default=session), session))


morning = session_schedule(
    HKEX,
    name="morning",
    cron="0 9 * * 2-6",
    days_after=1,
    due=due,
    description="Tuesday to Saturday at 09:00: the holdings of the session before.",
)


def watch(interval: int) -> dg.SensorDefinition:
    """The sensor that asks HKEXnews every so many seconds whether a new day is out."""

    @dg.sensor(
        name="hkex_watch",
        job_name=HKEX.job(from_captures=False),
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
    return run_about(due(expected, now))

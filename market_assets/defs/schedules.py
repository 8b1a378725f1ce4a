"""The jobs of a market and the runs that are started for it; when, each market says itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from market_assets.calendars.sessions import is_session
from market_assets.defs.markets import Market
from market_assets.defs.publication import published_key
from market_assets.defs.window import Window, run_config, run_tags

PARTS = ("", "_captures", "_quotes", "_statements", "_quality")
"""The endings of the groups of a market's assets: what it reads of another market, it does not
make."""
Due = Callable[[date, datetime], Window]
"""The sessions to ask for once one of them is out, at an instant (UTC)."""


def market_jobs(market: Market, *beside: dg.AssetKey, description: str) -> dg.Definitions:
    """The jobs that publish ``market``, and make what else there is of it ``beside`` that.

    One asks every source of it, the other builds from captures alone.
    """
    goals = dg.AssetSelection.assets(published_key(market), *beside)
    own = dg.AssetSelection.groups(*(f"{market.name}{part}" for part in PARTS))
    everything = goals | (goals.upstream() & own)
    captures = dg.AssetSelection.groups(f"{market.name}_captures")
    return dg.Definitions(
        jobs=[
            dg.define_asset_job(
                market.job(from_captures=False), selection=everything, description=description
            ),
            dg.define_asset_job(
                market.job(from_captures=True),
                selection=everything - captures,
                description="The same from what is captured already, without any network.",
            ),
        ]
    )


def run_about(window: Window) -> dg.RunRequest:
    """A run about ``window``, for the sake of its last session."""
    return dg.RunRequest(
        run_key=None,
        tags=run_tags(window) | {"session": window.last.isoformat()},
        run_config=run_config(window),
    )


def session_schedule(
    market: Market,
    *,
    name: str,
    cron: str,
    days_after: int,
    due: Due,
    description: str,
) -> dg.ScheduleDefinition:
    """Asks every source ``days_after`` each session; after any other day it says why not."""

    @dg.schedule(
        name=f"{market.name}_{name}",
        job_name=market.job(from_captures=False),
        cron_schedule=cron,
        execution_timezone=market.zone,
        description=description,
    )
    def after_session(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        now = context.scheduled_execution_time
        day = now.date() - timedelta(days=days_after)
        if not is_session(market.mic, day):
            return dg.SkipReason(f"{day} is no session of {market.mic}")
        return run_about(due(day, now.astimezone(UTC)))

    return after_session

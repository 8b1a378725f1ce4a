"""The jobs of a market and the runs that are started for it; when, each market says itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from market_assets.calendars.sessions import is_session
from market_assets.defs.markets import Market
from market_assets.defs.publication import published_key
from market_assets.defs.window import Window, run_config, run_tags

Due = Callable[[date, datetime], Window]
"""The sessions to ask for once one of them is out, at an instant (UTC)."""


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """``asking`` asks every source of a market, ``from_captures`` builds without any network."""

    asking: dg.UnresolvedAssetJobDefinition
    from_captures: dg.UnresolvedAssetJobDefinition


def market_jobs(market: Market, *beside: dg.AssetKey, description: str) -> Jobs:
    """The jobs that publish ``market``, and make what else there is of it ``beside`` that."""
    everything = dg.AssetSelection.assets(published_key(market), *beside).upstream()
    return Jobs(
        asking=dg.define_asset_job(
            market.job(from_captures=False), selection=everything, description=description
        ),
        from_captures=dg.define_asset_job(
            market.job(from_captures=True),
            selection=everything - dg.AssetSelection.groups(f"{market.name}_captures"),
            description="The same from what is captured already, without any network.",
        ),
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
    job: dg.UnresolvedAssetJobDefinition,
    *,
    name: str,
    cron: str,
    days_after: int,
    due: Due,
    description: str,
) -> dg.ScheduleDefinition:
    """Starts a run ``days_after`` each session; after any other day it says why not."""

    @dg.schedule(
        name=f"{market.name}_{name}",
        job=job,
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

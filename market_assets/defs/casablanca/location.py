"""All that Dagster knows of the Casablanca exchange, put together."""

from datetime import date, datetime

import dagster as dg

from market_assets.defs.captures import capture_asset
from market_assets.defs.casablanca import (
    analytics,
    automation,
    checks,
    quotes,
    reconciliation,
    report,
)
from market_assets.defs.casablanca.asking import ASKING, final_at
from market_assets.defs.layouts import layouts_asset
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.publication import publication
from market_assets.sources import registry


def definitions() -> dg.Definitions:
    """Its assets, checks, jobs and schedules."""
    marts = [reconciliation.reconciliation, *analytics.ASSETS]
    own = dg.Definitions(
        assets=[
            *(capture_asset(source, ASKING) for source in registry.CASABLANCA),
            layouts_asset(CASABLANCA),
            *(quotes.quotes_asset(source) for source in registry.CASABLANCA),
            *marts,
            publication(
                CASABLANCA,
                [key for mart in marts for key in mart.keys],
                main=reconciliation.DAILY_QUOTES,
                day="session",
                settling=_due_again,
            ),
            report.volume_report,
        ],
        asset_checks=checks.CHECKS,
        schedules=[automation.evening, automation.morning, automation.weekly_trends],
    )
    return dg.Definitions.merge(own, automation.JOBS)


def _due_again(platform: Platform, session: date, now: datetime) -> datetime | None:
    """Live, the next morning, where a session was asked for on its own evening."""
    final = final_at(session)
    return final if platform.settings.web == "live" and now < final else None

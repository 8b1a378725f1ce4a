"""All that Dagster knows of the neighbouring exchanges and their currencies, put together."""

from datetime import date, datetime

import dagster as dg

from market_assets.defs.africa import automation, checks, comparison, currencies, quotes
from market_assets.defs.africa.asking import ASKING, settled_at
from market_assets.defs.africa.statements import STATEMENTS
from market_assets.defs.captures import capture_asset
from market_assets.defs.layouts import layouts_asset
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.publication import publication
from market_assets.sources import registry


def definitions() -> dg.Definitions:
    """Its assets, checks, jobs and schedule."""
    marts = [quotes.african_reconciliation, *currencies.ASSETS, *comparison.ASSETS]
    own = dg.Definitions(
        assets=[
            *(capture_asset(source, ASKING) for source in registry.AFRICA),
            layouts_asset(AFRICA),
            *STATEMENTS,
            *marts,
            publication(
                AFRICA,
                [key for mart in marts for key in mart.keys],
                main=quotes.DAILY_QUOTES,
                day="session",
                settling=_due_again,
            ),
        ],
        asset_checks=checks.CHECKS,
        schedules=[automation.evening],
    )
    return dg.Definitions.merge(own, automation.JOBS)


def _due_again(_platform: Platform, session: date, now: datetime) -> datetime | None:
    """Once everybody shows it, where it was asked for before that."""
    settled = settled_at(session)
    return settled if now < settled else None

"""All that Dagster knows of Hong Kong's Southbound holdings, put together."""

from datetime import date, datetime

import dagster as dg

from market_assets.defs.captures import capture_asset
from market_assets.defs.hkex import analytics, automation, checks, holdings, side_tables
from market_assets.defs.hkex.asking import ASKING
from market_assets.defs.hkex.statements import statements_asset, statements_key
from market_assets.defs.hkex.timing import due_again
from market_assets.defs.layouts import layouts_asset
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.publication import publication
from market_assets.settings import Settings
from market_assets.sources import registry


def definitions(settings: Settings) -> dg.Definitions:
    """Its assets, checks, jobs, schedule and sensor."""
    marts = [holdings.holdings_agreement, *analytics.ASSETS, *side_tables.ASSETS]
    own = dg.Definitions(
        assets=[
            *(capture_asset(source, ASKING) for source in registry.HKEX),
            layouts_asset(HKEX),
            *(statements_asset(source) for source in registry.HKEX),
            *marts,
            publication(
                HKEX,
                [
                    *(key for mart in marts for key in mart.keys),
                    *(statements_key(registry.source(name)) for name in BESIDE),
                ],
                main=holdings.HOLDINGS_KEY,
                day="session",
                settling=_due_again,
            ),
        ],
        asset_checks=checks.CHECKS,
        schedules=[automation.morning],
        sensors=[automation.watch(settings.hkex.watch.interval)],
    )
    return dg.Definitions.merge(own, automation.JOBS)


BESIDE = ("hkex_securities", "hkex_northbound")
"""Sources whose tables nothing is built on, but which are published too."""


def _due_again(platform: Platform, session: date, now: datetime) -> datetime | None:
    holders = (registry.source(name) for name in holdings.STATEMENTS)
    return due_again([source for source in holders if platform.asks(source)], session, now)

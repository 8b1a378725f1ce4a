"""All that Dagster knows of Bank Al-Maghrib, put together."""

from datetime import date, datetime

import dagster as dg

from market_assets.defs.captures import capture_asset
from market_assets.defs.central_bank import (
    agreement,
    automation,
    checks,
    indicators,
    pages,
    quality,
)
from market_assets.defs.central_bank.asking import ASKING
from market_assets.defs.central_bank.statements import DAY, STATEMENTS
from market_assets.defs.central_bank.timing import complete_at
from market_assets.defs.layouts import layouts_asset
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.publication import publication
from market_assets.sources import registry


def definitions() -> dg.Definitions:
    """Its assets, checks, jobs and schedules."""
    marts = [
        *agreement.ASSETS,
        *indicators.ASSETS,
        pages.page_tables,
        quality.central_bank_data_quality,
    ]
    own = dg.Definitions(
        assets=[
            *(capture_asset(source, ASKING) for source in registry.CENTRAL_BANK),
            layouts_asset(CENTRAL_BANK),
            *STATEMENTS,
            *marts,
            publication(
                CENTRAL_BANK,
                [key for mart in marts for key in mart.keys],
                main=agreement.agreed_key("exchange_rates"),
                day=DAY,
                settling=_due_again,
            ),
        ],
        asset_checks=checks.CHECKS,
        jobs=[automation.STATISTICS_JOB],
        schedules=automation.SCHEDULES,
    )
    return dg.Definitions.merge(own, automation.JOBS)


def _due_again(_platform: Platform, session: date, now: datetime) -> datetime | None:
    """The next morning, where not everything of a day was out when it was asked for."""
    complete = complete_at(session)
    return complete if now < complete else None

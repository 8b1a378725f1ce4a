"""All that Dagster knows of Bank Al-Maghrib, put together."""

import dagster as dg

from market_assets.defs.captures import capture_asset
from market_assets.defs.central_bank.asking import ASKING
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.statements import statements_asset
from market_assets.sources import registry
from market_assets.sources.central_bank.subjects import SUBJECTS


def definitions() -> dg.Definitions:
    """Its assets, checks, jobs and schedules."""
    return dg.Definitions(
        assets=[
            *(capture_asset(source, ASKING) for source in registry.CENTRAL_BANK),
            *(
                statements_asset(CENTRAL_BANK, source, sorted(source.gives), SUBJECTS)
                for source in registry.CENTRAL_BANK
            ),
        ],
    )

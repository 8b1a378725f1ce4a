"""All that Dagster knows of the companies behind Casablanca's lines, put together.

They ask nobody: all they say is made of what Casablanca's sources said.
"""

from datetime import date, datetime

import dagster as dg

from market_assets.defs.companies import checks, fundamentals, listings
from market_assets.defs.markets import COMPANIES
from market_assets.defs.platform import Platform
from market_assets.defs.publication import publication
from market_assets.defs.schedules import market_jobs, session_schedule
from market_assets.defs.window import Window


def definitions() -> dg.Definitions:
    """Their assets, checks, jobs and schedule."""
    marts = [*listings.ASSETS, *fundamentals.ASSETS]
    own = dg.Definitions(
        assets=[
            listings.known_identity_changes,
            *marts,
            publication(
                COMPANIES,
                [listings.IDENTITY_CHANGES, *(key for mart in marts for key in mart.keys)],
                main=fundamentals.FUNDAMENTALS,
                day="session",
                settling=_settled,
            ),
        ],
        asset_checks=checks.CHECKS,
        schedules=[
            session_schedule(
                COMPANIES,
                name="evening",
                cron="30 18 * * 1-5",
                days_after=0,
                due=_with_the_session_before,
                description="Each session at 18:30, after Casablanca's own run.",
            )
        ],
    )
    return dg.Definitions.merge(
        own, market_jobs(COMPANIES, description="Tell what the companies are worth, and publish.")
    )


def _with_the_session_before(session: date, _now: datetime) -> Window:
    return Window(sessions=COMPANIES.last_sessions(2, until=session))


def _settled(_platform: Platform, _session: date, _now: datetime) -> None:
    """A session of theirs is as final as Casablanca's, whose next run they follow."""

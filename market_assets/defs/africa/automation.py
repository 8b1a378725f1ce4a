"""When the neighbours are asked by themselves: each evening, once the last of them has closed."""

from datetime import date, datetime

from market_assets.defs.markets import AFRICA
from market_assets.defs.schedules import market_jobs, session_schedule
from market_assets.defs.window import Window

JOBS = market_jobs(
    AFRICA, description="Ask exchanges and central banks, agree, cross, compare, check and publish."
)
LOOKED_BACK = 3
"""Sessions of a run: banks publish late, and one may have been down."""


def _lately(session: date, _now: datetime) -> Window:
    return Window(sessions=AFRICA.last_sessions(LOOKED_BACK, until=session))


evening = session_schedule(
    AFRICA,
    name="evening",
    cron="30 17 * * 0-5",
    days_after=0,
    due=_lately,
    description="Each day on which one of the exchanges trades, at 17:30, two hours and more after "
    "the last of them has closed.",
)

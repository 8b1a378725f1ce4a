"""Which session a page of the present shows, as far as that can be told from the clock."""

from datetime import UTC, date, datetime, timedelta

from market_assets.calendars.sessions import is_session, newest_closed_session, session_open
from market_assets.defs.markets import Market
from market_assets.sources.source import Source


def visible_session(
    market: Market, source: Source, now: datetime, *, pre_opening: timedelta
) -> date | None:
    """The session that the pages of ``source`` show at ``now``, if that can be told.

    A page without a date is of the newest closed session only until the next one begins, with
    its pre-opening.
    """
    newest = newest_closed_session(market.mic, now)
    today = now.astimezone(UTC).date()
    begun = (
        newest < today
        and is_session(market.mic, today)
        and now >= session_open(market.mic, today) - pre_opening
    )
    return None if begun and not source.states_date else newest

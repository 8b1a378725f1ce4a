"""How the publishers of the Casablanca exchange are asked: for the present, then for history."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from market_assets.calendars.casablanca_time import casablanca_zone
from market_assets.calendars.sessions import session_close
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.showing import visible_session
from market_assets.defs.talks import Asking, Talk
from market_assets.defs.window import Window
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.world import CasablancaWorld
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.source import Ask, Source
from market_assets.web.messages import Conversation

MIC = CASABLANCA.mic
EVENING = timedelta(hours=4)
"""How long after the close the sandbox asks: sources revise until the evening."""
MORNING = time(8, 30)
PRE_OPENING = timedelta(minutes=65)
"""From the pre-opening to the opening at most, in Ramadan; otherwise it is shorter."""


def talks(platform: Platform, source: Source, days: Window, now: datetime) -> Iterator[Talk]:
    """What ``source`` shows of the present session, then its history.

    Live, only the newest closed session can be seen on a page that shows the present; the sandbox
    is asked on the evening of each session in turn.
    """
    if source.snapshot is not None:
        for session in _seen(platform, source, days, now):
            yield _talk(source.snapshot, (session,))
    if source.history is not None:
        yield _talk(source.history, days.sessions)


def _talk(conversation: Callable[[Ask], Conversation], sessions: tuple[date, ...]) -> Talk:
    return Talk(
        conversation=conversation,
        ask=Ask(sessions=sessions, lines=casablanca_lines()),
        at=session_close(MIC, sessions[-1]) + EVENING,
    )


def _seen(platform: Platform, source: Source, days: Window, now: datetime) -> tuple[date, ...]:
    if platform.settings.web == "sandbox":
        return days.sessions
    shown = visible_session(CASABLANCA, source, now, pre_opening=PRE_OPENING)
    return tuple(day for day in days.sessions if day == shown)


def final_at(session: date) -> datetime:
    """When nothing of ``session`` is revised any more.

    Pages are 15 minutes late, sources revise until the evening, the exchange until the morning.
    """
    morning = datetime.combine(session + timedelta(days=1), MORNING, casablanca_zone())
    return morning.astimezone(UTC)


def _world(seed: int) -> CasablancaWorld:
    return CasablancaWorld(market=Market(seed=seed))


ASKING = Asking(market=CASABLANCA, talks=talks, world=_world)

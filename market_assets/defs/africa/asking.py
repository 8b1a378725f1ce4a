"""How the neighbours' publishers are asked: exchanges for the present, banks for ranges of days."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from market_assets.calendars.sessions import session_close
from market_assets.defs.captures import Asking, Talk
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.showing import visible_session
from market_assets.defs.window import Window
from market_assets.sandbox.africa.world import AfricaWorld
from market_assets.sandbox.currencies.world import FORMATS as BANKS
from market_assets.sandbox.currencies.world import CurrenciesWorld
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.source import Ask, Source
from market_assets.web.failures import SourceFailure
from market_assets.web.messages import Conversation

SETTLED = timedelta(hours=2)
"""How long after the last close of a day everybody shows it: the slowest page seen took 65 min."""
LATER = timedelta(days=1)
"""What was missed of a range is asked for once more, in the sandbox a day later."""
PRE_OPENING = timedelta(minutes=30)
"""Before an opening a page may show the session to come already."""


def talks(platform: Platform, source: Source, days: Window, now: datetime) -> Iterator[Talk]:
    """What ``source`` shows of the present, or its range of days, where not captured yet.

    Live, only the newest session can be seen on a page of the present; of the sandbox's past each
    day is asked for in turn.
    """
    due = days.sessions if days.again else _due(platform, source, days)
    if source.history is not None:
        for wait in (timedelta(0), LATER):
            if due:
                yield _talk(source.history, due, now, wait=wait)
            due = () if days.again else _due(platform, source, days)
        return
    if source.snapshot is None:
        return
    shown = visible_session(AFRICA, source, now, pre_opening=PRE_OPENING)
    for session in due:
        if platform.settings.web == "sandbox" or session == shown:
            yield _talk(source.snapshot, (session,), now, wait=timedelta(0))


def settled_at(session: date) -> datetime:
    """The instant (UTC) from which everybody shows ``session``."""
    return session_close(AFRICA.mic, session) + SETTLED


def _talk(
    conversation: Callable[[Ask], Conversation],
    sessions: tuple[date, ...],
    now: datetime,
    *,
    wait: timedelta,
) -> Talk:
    at = min(settled_at(sessions[-1]) + wait, now)
    return Talk(conversation=conversation, ask=Ask(sessions=sessions), at=at)


def _due(platform: Platform, source: Source, days: Window) -> tuple[date, ...]:
    """The sessions of ``days`` about which no usable page was asked for once it was settled."""
    held = {
        session
        for capture, parsed in platform.readings.between(source, first=days.first, last=days.last)
        if not isinstance(parsed, SourceFailure)
        for session in AFRICA.sessions(capture.first_session, capture.last_session)
        if settled_at(session) <= capture.fetched_at
    }
    return tuple(day for day in days.sessions if day not in held)


class _World:
    """The invented exchanges and banks."""

    def __init__(self, seed: int) -> None:
        self._exchanges, self._banks = AfricaWorld(seed=seed), CurrenciesWorld(seed=seed)

    def answer(self, source: str, question: Question, now: datetime) -> Answer:
        """What the publisher of ``source`` sends at ``now`` (UTC)."""
        world = self._banks if source in BANKS else self._exchanges
        return world.answer(source, question, now)


ASKING = Asking(market=AFRICA, talks=talks, world=_World)

"""How the neighbours' publishers are asked: exchanges for the present, banks for ranges of days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from market_assets.calendars.sessions import session_close
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.showing import visible_session
from market_assets.defs.talks import Asking, Talk, asked_twice
from market_assets.defs.window import Window
from market_assets.sandbox.africa.world import AfricaWorld
from market_assets.sandbox.currencies.world import FORMATS as BANKS
from market_assets.sandbox.currencies.world import CurrenciesWorld
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.source import Ask, Source
from market_assets.web.failures import SourceFailure

SETTLED = timedelta(hours=2)
"""How long after the last close of a day everybody shows it: the slowest page seen took 65 min."""
PRE_OPENING = timedelta(minutes=30)
"""Before an opening a page may show the session to come already."""


def talks(platform: Platform, source: Source, days: Window, now: datetime) -> Iterator[Talk]:
    """What ``source`` shows of the present, or its range of days, where not captured yet.

    Live, only the newest session can be seen on a page of the present; of the sandbox's past each
    day is asked for in turn.
    """
    due = days.sessions if days.again else _due(platform, source, days)
    if source.history is not None:
        yield from asked_twice(
            source.history,
            due,
            still_due=lambda: () if days.again else _due(platform, source, days),
            out_at=settled_at,
            now=now,
            at_a_time=len(days.sessions),
        )
        return
    if source.snapshot is None:
        return
    shown = visible_session(AFRICA, source, now, pre_opening=PRE_OPENING)
    for session in due:
        if platform.settings.web == "sandbox" or session == shown:
            at = min(settled_at(session), now)
            yield Talk(conversation=source.snapshot, ask=Ask(sessions=(session,)), at=at)


def settled_at(session: date) -> datetime:
    """The instant (UTC) from which everybody shows ``session``."""
    return session_close(AFRICA.mic, session) + SETTLED


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

"""How the publishers of Stock Connect are asked: for what is out and not captured yet."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from market_assets.defs.hkex.statements import captured_sessions
from market_assets.defs.hkex.timing import out_at, shows
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.talks import Asking, Talk
from market_assets.defs.window import Window
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.world import HkexWorld
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import SourceFailure
from market_assets.web.messages import Conversation

CHUNK = 10
"""Sessions in one conversation: what a killed back-fill loses at most."""
NOW_AND_THEN = {
    "hkex_northbound": timedelta(days=7),
    "hkex_securities": timedelta(days=7),
}
"""Sources that change seldom, and how long an answer of theirs will do."""


def talks(platform: Platform, source: Source, days: Window, now: datetime) -> Iterator[Talk]:
    """What ``source`` shows of the present, then the days that are out and not captured yet.

    A page of the present is of the newest session alone, as far as anybody can say live, also where
    the source's figures of that session come later; of the sandbox's past every ``CHUNK``-th is
    seen. A day whose page could not be used is asked for once
    more: it may have been cut short, or be another's.
    """
    due = _due(platform, source, days, now)
    if source.snapshot is not None:
        for session in _shown(platform, source, days, due, now):
            yield _talk(platform, source, source.snapshot, (session,))
    if source.history is not None:
        yield from _chunks(platform, source, source.history, due)
        yield from _chunks(platform, source, source.history, _missed(platform, source, due))


def _shown(
    platform: Platform, source: Source, days: Window, due: tuple[date, ...], now: datetime
) -> tuple[date, ...]:
    """The sessions whose page of the present is to be seen, ascending."""
    if platform.settings.web == "sandbox":
        return due[::-CHUNK][::-1]
    newest = HKEX.newest(now)
    if source.name in NOW_AND_THEN:
        return tuple(day for day in due if day == newest)
    seen = not days.again and any(
        "eligible_lists" in parsed.tables
        for parsed in _readable(platform, source, first=newest, last=newest)
    )
    return (newest,) if newest in days.sessions and not seen else ()


def _readable(platform: Platform, source: Source, *, first: date, last: date) -> Iterator[Parsed]:
    """What the usable captures about ``first`` to ``last`` say."""
    for _, parsed in platform.readings.between(source, first=first, last=last):
        if not isinstance(parsed, SourceFailure):
            yield parsed


def _chunks(
    platform: Platform,
    source: Source,
    history: Callable[[Ask], Conversation],
    due: tuple[date, ...],
) -> Iterator[Talk]:
    for start in range(0, len(due), CHUNK):
        yield _talk(platform, source, history, due[start : start + CHUNK])


def _talk(
    platform: Platform,
    source: Source,
    conversation: Callable[[Ask], Conversation],
    sessions: tuple[date, ...],
) -> Talk:
    ask = Ask(sessions=sessions, codes=platform.settings.hkex.participants)
    return Talk(conversation=conversation, ask=ask, at=out_at(source, sessions[-1]))


def _missed(platform: Platform, source: Source, due: tuple[date, ...]) -> tuple[date, ...]:
    """Those of the days just asked for of which no usable page came."""
    if not due or source.name in NOW_AND_THEN:
        return ()
    held = captured_sessions(platform.readings, source, Window(sessions=due))
    return tuple(day for day in due if day not in held)


def _due(platform: Platform, source: Source, days: Window, now: datetime) -> tuple[date, ...]:
    """The sessions of ``days`` that ``source`` has by ``now`` and is still to be asked for."""
    due = [day for day in days.sessions if out_at(source, day) <= now and shows(source, day)]
    if (enough := NOW_AND_THEN.get(source.name)) is not None:
        answers = _readable(platform, source, first=days.last - enough, last=days.last)
        return () if not days.again and any(answers) else tuple(due[-1:])
    held = frozenset[date]() if days.again else captured_sessions(platform.readings, source, days)
    return tuple(day for day in due if day not in held)


def _world(seed: int) -> HkexWorld:
    return HkexWorld(market=Market(seed=seed))


ASKING = Asking(market=HKEX, talks=talks, world=_world)


def watching(now: datetime) -> Asking:
    """Asks at ``now`` for the page of the latest day only, to see which day that is."""

    def latest(_platform: Platform, source: Source, days: Window, _now: datetime) -> Iterator[Talk]:
        def conversation(ask: Ask) -> Conversation:
            if source.history is None:
                raise ValueError(f"{source.name} has no page of its latest day")
            return source.history(replace(ask, sessions=()))

        yield Talk(conversation=conversation, ask=Ask(sessions=days.sessions), at=now)

    return replace(ASKING, talks=latest)

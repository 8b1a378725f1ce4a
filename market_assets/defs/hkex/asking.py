"""How the publishers of the Southbound holdings are asked: for what is out and not captured yet."""

from collections.abc import Iterator
from datetime import datetime

from market_assets.defs.captures import Asking, Talk
from market_assets.defs.hkex.statements import captured_sessions
from market_assets.defs.hkex.timing import out_at
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.window import Window
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.world import HkexWorld
from market_assets.sources.source import Ask, Source

CHUNK = 10
"""Sessions in one conversation: what a killed back-fill loses at most."""


def talks(platform: Platform, source: Source, days: Window, now: datetime) -> Iterator[Talk]:
    """What ``source`` shows of the present, then the days that are out and not captured yet.

    A page of the present is of the newest session alone, as far as anybody can say live; the
    sandbox is asked on the morning after each.
    """
    due = [session for session in days.sessions if out_at(source, session) <= now]
    if not days.again:
        held = captured_sessions(platform.archive, source, days)
        due = [session for session in due if session not in held]
    codes = platform.settings.hkex.participants
    if source.snapshot is not None:
        shown = due if platform.settings.web == "sandbox" else [HKEX.newest(now)]
        for session in shown:
            if session in due:
                ask = Ask(sessions=(session,), codes=codes)
                yield Talk(conversation=source.snapshot, ask=ask, at=out_at(source, session))
    if source.history is not None:
        for start in range(0, len(due), CHUNK):
            sessions = tuple(due[start : start + CHUNK])
            ask = Ask(sessions=sessions, codes=codes)
            yield Talk(conversation=source.history, ask=ask, at=out_at(source, sessions[-1]))


def _world(seed: int) -> HkexWorld:
    return HkexWorld(market=Market(seed=seed))


ASKING = Asking(market=HKEX, talks=talks, world=_world)

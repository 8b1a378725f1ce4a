"""Which conversations the sessions of a source take, and when each is held; holds none itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.window import Window
from market_assets.sandbox.messages import World
from market_assets.sources.source import Ask, Source
from market_assets.web.messages import Conversation

LATER = timedelta(days=1)
"""What was missed is asked for once more, in the sandbox a day later."""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A conversation to be held: what for, and at which instant where the clock can be set."""

    conversation: Callable[[Ask], Conversation]
    ask: Ask
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How the publishers of a market are asked.

    ``talks`` are the conversations that a source's sessions take, at an instant; ``world`` is the
    market's invented counterpart for a seed.
    """

    market: Market
    talks: Callable[[Platform, Source, Window, datetime], Iterable[Talk]]
    world: Callable[[int], World]


def asked_twice(
    conversation: Callable[[Ask], Conversation],
    due: tuple[date, ...],
    *,
    still_due: Callable[[], tuple[date, ...]],
    out_at: Callable[[date], datetime],
    now: datetime,
    at_a_time: int,
) -> Iterator[Talk]:
    """Talks about the sessions ``due``, then about those ``still_due`` when these have been held.

    One is about so many sessions ``at_a_time``, and is held once the last of them is out.
    """
    for wait in (timedelta(0), LATER):
        sessions = tuple(day for day in still_due() if day in due) if wait else due
        for start in range(0, len(sessions), at_a_time):
            part = sessions[start : start + at_a_time]
            at = min(out_at(part[-1]) + wait, now)
            yield Talk(conversation=conversation, ask=Ask(sessions=part), at=at)

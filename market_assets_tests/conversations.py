"""Conversations of sources: held politely by the real client, or walked through without one."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from market_assets.sandbox.messages import World
from market_assets.sandbox.transport import SandboxAdapter
from market_assets.sources.source import Ask, Source
from market_assets.web.archive import Archive
from market_assets.web.clock import SetClock
from market_assets.web.collect import Collected, collect
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets.web.messages import Capture, Conversation, Request
from market_assets.web.session import PoliteSession


def held(
    archive: Archive,
    source: Source,
    conversation: Callable[[Ask], Conversation],
    sessions: Sequence[date],
    *,
    now: datetime,
    limits: Limits,
    at: World | str,
) -> Collected:
    """What a conversation at ``now`` came to, with an invented world or ``at`` an address."""
    clock = SetClock(now)
    real = isinstance(at, str)
    session = PoliteSession(
        source.name,
        at if real else source.base_url,
        contact="desk@example.org",
        min_interval=2.5,
        daily_requests=1000,
        clock=clock,
        ca_bundle=None,
        transport=None if real else SandboxAdapter(source, world=at, clock=clock),
        state=Hosts(None, limits=limits),
    )
    with session, archive.writing(source.name, sessions[0], sessions[-1]) as writing:
        talk = conversation(Ask(sessions=tuple(sessions)))
        return collect(talk, read=source.parse, session=session, writing=writing)


def walked(conversation: Conversation, reply: Callable[[Request], Capture]) -> list[Request]:
    """The requests of a conversation in which ``reply`` makes each capture."""
    requests: list[Request] = []
    try:
        requests.append(next(conversation))
        while True:
            requests.append(conversation.send(reply(requests[-1])))
    except StopIteration:
        return requests

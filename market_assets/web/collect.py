"""A source's conversation held over a polite session; the captures it got and what ended it."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from market_assets.web.failures import SourceFailure
from market_assets.web.messages import Capture, Conversation, Request
from market_assets.web.session import PoliteSession
from market_assets.web.writing import Writing


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The answers in order, and the failure that ended the conversation early, if any.

    ``handled`` are failures that the conversation was told of and went on after.
    """

    captures: tuple[Capture, ...]
    failure: SourceFailure | None
    handled: tuple[SourceFailure, ...]


def collect(conversation: Conversation, *, session: PoliteSession, writing: Writing) -> Collected:
    """Ask each question of ``conversation`` and send it the capture, until it ends or fails.

    A ``SourceFailure`` is thrown into the conversation at its question. Any other exception
    bubbles; what was captured stays in ``writing`` either way. Raises ``ValueError`` for a key
    that was answered before.
    """
    captures: list[Capture] = []
    handled: list[SourceFailure] = []
    keys: set[str] = set()
    with closing(conversation):
        step = partial(next, conversation)
        thrown: SourceFailure | None = None
        while True:
            request, failure = _question(step)
            if thrown is not None and failure is None:
                handled.append(thrown)
            if request is None:
                return Collected(captures=tuple(captures), failure=failure, handled=tuple(handled))
            if request.key in keys:
                raise ValueError(f"{writing.source} asks {request.key!r} again")
            try:
                capture = session.exchange(request, writing=writing)
            except SourceFailure as raised:
                thrown = raised
                step = partial(conversation.throw, raised)
            else:
                thrown = None
                keys.add(request.key)
                captures.append(capture)
                step = partial(conversation.send, capture)


def _question(step: Callable[[], Request]) -> tuple[Request | None, SourceFailure | None]:
    """The next question; neither a question nor a failure when all is said."""
    try:
        return step(), None
    except StopIteration:
        return None, None
    except SourceFailure as failure:
        return None, failure

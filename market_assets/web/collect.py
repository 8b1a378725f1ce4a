"""A source's conversation held over a polite session; the captures it got and what ended it.

A publisher that shows something else than its pages is not asked for all the others too.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from market_assets.web.failures import LayoutChanged, NotThisPage, SourceFailure
from market_assets.web.messages import Capture, Conversation, Request
from market_assets.web.session import PoliteSession
from market_assets.web.writing import Writing

WRONG_PAGES = 3
"""How many wrong pages in a row end a conversation."""


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The answers in order, and the failure that ended the conversation early, if any.

    ``handled`` are failures that the conversation was told of and went on after.
    """

    captures: tuple[Capture, ...]
    failure: SourceFailure | None
    handled: tuple[SourceFailure, ...]


def collect(
    conversation: Conversation,
    *,
    read: Callable[[Capture], object],
    session: PoliteSession,
    writing: Writing,
) -> Collected:
    """Ask each question of ``conversation`` and send it the capture, until it ends or fails.

    A ``SourceFailure`` is thrown into the conversation at its question. After ``WRONG_PAGES``
    captures in a row of which ``read`` raises that they are no page of the source, nothing more
    is asked, whatever the conversation would. Any other exception bubbles; what was captured
    stays in ``writing`` either way. Raises ``ValueError`` for a key that was answered before.
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
                if wrong := _wrong_pages(read, captures):
                    return Collected(
                        captures=tuple(captures), failure=wrong, handled=tuple(handled)
                    )
                step = partial(conversation.send, capture)


def _wrong_pages(
    read: Callable[[Capture], object], captures: Sequence[Capture]
) -> SourceFailure | None:
    """The failure that the newest captures amount to where all of them are wrong pages."""
    if len(captures) < WRONG_PAGES:
        return None
    faults: list[SourceFailure] = []
    for capture in reversed(captures[-WRONG_PAGES:]):
        fault = _fault(read, capture)
        if fault is None:
            return None
        faults.append(fault)
    said = f"given up after {WRONG_PAGES} wrong pages in a row, the last: {faults[0]}"
    return type(faults[0])(said)


def _fault(read: Callable[[Capture], object], capture: Capture) -> SourceFailure | None:
    """Why the capture is no page of its source; the right page without a row is one.

    An empty body is a page only where the status says that it is meant (204).
    """
    try:
        read(capture)
    except (NotThisPage, LayoutChanged) as fault:
        return fault
    except SourceFailure as fault:
        meant = capture.body.strip() or capture.status == HTTPStatus.NO_CONTENT
        return None if meant else fault
    return None


def _question(step: Callable[[], Request]) -> tuple[Request | None, SourceFailure | None]:
    """The next question; neither a question nor a failure when all is said."""
    try:
        return step(), None
    except StopIteration:
        return None, None
    except SourceFailure as failure:
        return None, failure

"""One question until it is answered: turns, retries and back-off, conditional GET, keeping.

Knows nothing of conversations: redirects, robots.txt and walls met before are the session's.
"""

from dataclasses import dataclass
from http import HTTPStatus

import requests
import urllib3
from requests.cookies import RequestsCookieJar

from market_assets.web.answers import answered, asked, failure_of, target_of, unsent
from market_assets.web.bodies import body_of
from market_assets.web.clock import Clock
from market_assets.web.failures import Blocked, SourceFailure, Unavailable, Untrusted
from market_assets.web.headers import joined
from market_assets.web.hosts import Hosts
from market_assets.web.index import Kind
from market_assets.web.messages import Capture
from market_assets.web.transport import Transport
from market_assets.web.waits import backoff, retry_after
from market_assets.web.warc_reading import BrokenRecord
from market_assets.web.writing import Writing

VALIDATORS = ("If-None-Match", "If-Modified-Since")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A prepared request, what it is for, and how far apart the host's requests must be."""

    prepared: requests.PreparedRequest
    url: str
    key: str
    kind: Kind
    interval: float


@dataclass(frozen=True, kw_only=True)
class _Earlier:
    """The newest capture of the same address, and the id of the one that holds its body."""

    capture: Capture
    body_of: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was kept of an answer that counts, and where it redirects to."""

    capture: Capture
    target: str | None


@dataclass(frozen=True, kw_only=True)
class _Failed:
    """An attempt that does not count, and the seconds that its Retry-After asks for."""

    failure: SourceFailure
    pause: float | None


class Attempts:
    """Asks one host; cookies that come are put into ``cookies``."""

    def __init__(
        self,
        host: str,
        *,
        transport: Transport,
        hosts: Hosts,
        clock: Clock,
        daily_requests: int,
        cookies: RequestsCookieJar,
        seed: str,
    ) -> None:
        self._host = host
        self._transport = transport
        self._hosts = hosts
        self._limits = hosts.limits
        self._clock = clock
        self._daily_requests = daily_requests
        self._cookies = cookies
        self._seed = seed

    def answer(self, question: Question, *, writing: Writing) -> Answer:
        """The answer that counts.

        Transient failures are tried again, at most ``retries`` times; raises ``SourceFailure``.
        """
        earlier = self._earlier(question, writing)
        if earlier is not None:
            stated = (earlier.capture.headers.get(name) for name in ("etag", "last-modified"))
            for name, value in zip(VALIDATORS, stated, strict=True):
                if value is not None:
                    question.prepared.headers.setdefault(name, value)
        attempt = 0
        while isinstance(outcome := self._attempt(question, earlier, writing), _Failed):
            self._pause(question, outcome, attempt)
            attempt += 1
        if question.kind == "answer":
            self._hosts.answered(self._host, clock=self._clock)
        return outcome

    def _pause(self, question: Question, failed: _Failed, attempt: int) -> None:
        """Have the host left alone before the next attempt, or raise the failure as final."""
        failure, pause = failed.failure, failed.pause
        transient = isinstance(failure, Unavailable)
        final = not transient or attempt == self._limits.retries
        if transient and pause is None and not final:
            seed = f"{self._seed} {question.url}"
            pause = backoff(attempt, first=self._limits.first_backoff, seed=seed)
        if transient and pause is not None:
            self._hosts.hold(self._host, clock=self._clock, seconds=pause)
        if final:
            if isinstance(failure, Unavailable | Blocked | Untrusted):
                self._hosts.failed(self._host, clock=self._clock)
            raise failure

    def _attempt(
        self, question: Question, earlier: _Earlier | None, writing: Writing
    ) -> Answer | _Failed:
        self._hosts.wait_for_turn(
            self._host,
            clock=self._clock,
            interval=question.interval,
            daily_requests=self._daily_requests,
        )
        try:
            response = self._transport.send(question.prepared)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            return _Failed(failure=unsent(question.url, error), pause=None)
        self._cookies.update(response.cookies)
        body = body_of(response, limits=self._limits)
        answer = answered(response, body)
        now = self._clock.now()
        if answer.status == HTTPStatus.NOT_MODIFIED and earlier is not None:
            capture = writing.add_unchanged(
                key=question.key,
                asked=asked(question.prepared),
                answered=answer,
                earlier=earlier.capture,
                body_of=earlier.body_of,
                fetched_at=now,
            )
            return Answer(capture=capture, target=None)
        robots = question.kind == "robots"
        failure = failure_of(answer, body, url=question.url, robots=robots)
        target = target_of(answer, url=question.url)
        capture = writing.add(
            key=question.key,
            kind="attempt" if failure or target else question.kind,
            asked=asked(question.prepared),
            answered=answer,
            body=body.content,
            fetched_at=now,
        )
        if failure is None:
            return Answer(capture=capture, target=target)
        headers = joined(answer.headers)
        return _Failed(failure=failure, pause=retry_after(headers.get("retry-after"), now=now))

    def _earlier(self, question: Question, writing: Writing) -> _Earlier | None:
        """The newest capture of the same address if it is a whole page with a validator."""
        if question.kind != "answer" or question.prepared.method != "GET":
            return None
        row = writing.kept.newest(writing.source, url=question.url, until=self._clock.now())
        if row is None or row.status != HTTPStatus.OK or not (row.etag or row.last_modified):
            return None
        try:
            return _Earlier(capture=writing.kept.read(row), body_of=row.body_of or row.capture_id)
        except (BrokenRecord, LookupError):
            return None  # What cannot be read is asked for whole.

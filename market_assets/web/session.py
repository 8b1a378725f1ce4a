"""One polite conversation with one publisher: turns, robots.txt, retries, walls, redirects.

Every answer is kept before it is judged. What cannot be had is a typed ``SourceFailure``; nothing
is worked around: no disguise, no solved challenge, no unverified certificate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from protego import Protego
from requests.adapters import BaseAdapter
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict

from market_assets.web.attempts import VALIDATORS, Attempts, Question
from market_assets.web.clock import Clock
from market_assets.web.failures import Blocked, Disallowed, NotThisPage, RateLimited, Unavailable
from market_assets.web.hosts import Hosts
from market_assets.web.index import Kind
from market_assets.web.messages import Capture, Request
from market_assets.web.product import PRODUCT, product
from market_assets.web.transport import Transport
from market_assets.web.warc_reading import BrokenRecord
from market_assets.web.writing import Writing

ROBOTS_BYTES = 512_000
"""RFC 9309 2.5 asks for at least 500 KiB of a robots.txt."""
DAY = 86_400.0
"""Seconds for which a robots.txt may be relied on (RFC 9309 2.4)."""


@dataclass(frozen=True, kw_only=True)
class _Rules:
    """A robots.txt as it may be relied on until ``expires``."""

    rules: Protego
    expires: datetime


class PoliteSession:
    """One conversation, in one thread: its cookies and the walls it met end with it.

    ``state`` remembers the host between conversations and processes, and knows the limits.
    ``transport`` answers in the network's place (the sandbox): its responses need a ``raw`` that
    is an unread ``urllib3.HTTPResponse`` and their cookies, as ``HTTPAdapter.build_response``
    makes them. ``contact`` goes into the User-Agent.
    """

    def __init__(
        self,
        source_name: str,
        base_url: str,
        *,
        contact: str | None,
        min_interval: float,
        daily_requests: int,
        clock: Clock,
        ca_bundle: Path | None,
        transport: BaseAdapter | None,
        state: Hosts,
    ) -> None:
        self._source = source_name
        self._base = base_url.rstrip("/")
        self._host = urlsplit(self._base).netloc
        self._agent = product() + (f" (+{contact})" if contact else "")
        self._min_interval = min_interval
        self._clock = clock
        self._limits = state.limits
        self._cookies = RequestsCookieJar()
        self._transport = Transport(
            self._base, adapter=transport, ca_bundle=ca_bundle, limits=state.limits
        )
        self._attempts = Attempts(
            self._host,
            transport=self._transport,
            hosts=state,
            clock=clock,
            daily_requests=daily_requests,
            cookies=self._cookies,
            seed=self._agent,
        )
        self._rules: _Rules | None = None
        self._wall: Blocked | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    def exchange(self, request: Request, *, writing: Writing) -> Capture:
        """The answer to ``request``, kept in ``writing`` like every answer on the way to it.

        A page that has not changed since its newest capture (304) is a capture of its own, with
        the status and body of that one. Raises ``SourceFailure``; every status that is neither
        transient nor a wall, such as 404, is an answer.
        """
        if writing.source != self._source:
            raise ValueError(f"answers of {self._source} do not belong to {writing.source}")
        if self._wall is not None:
            raise Blocked(f"{self._host} is left alone: {self._wall}")
        try:
            return self._followed(self._prepared(request), request.key, "answer", writing)
        except Blocked as wall:
            self._wall = wall
            raise

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        headers = self._headers(request.headers)
        if request.referer is not None:
            absolute = "://" in request.referer
            referer = request.referer if absolute else self._base + request.referer
            page = urlsplit(referer)
            headers.setdefault("Referer", referer)
            headers.setdefault("Origin", f"{page.scheme}://{page.netloc}")
        return requests.Request(
            request.method,
            self._base + request.path,
            params=dict(request.params),
            headers=headers,
            json=request.json,
            data=request.form,
            cookies=self._cookies,
        ).prepare()

    def _followed(
        self, prepared: requests.PreparedRequest, key: str, kind: Kind, writing: Writing
    ) -> Capture:
        """The answer after redirects on the same host, each of them allowed and in its turn."""
        url = prepared.url or ""
        for _ in range(self._limits.redirects + 1):
            interval = self._min_interval
            if kind == "answer":
                interval = self._allowed_interval(url, writing)
            question = Question(prepared=prepared, url=url, key=key, kind=kind, interval=interval)
            answer = self._attempts.answer(question, writing=writing)
            if answer.target is None:
                return answer.capture
            prepared = self._redirected(prepared, answer.capture.status, answer.target)
            url = prepared.url or ""
        raise NotThisPage(f"{url}: {self._limits.redirects} redirects and no page")

    def _redirected(
        self, prepared: requests.PreparedRequest, status: int, target: str
    ) -> requests.PreparedRequest:
        """The request to ``target``; only 307 and 308 repeat a POST (RFC 9110 15.4)."""
        following = prepared.copy()
        following.prepare_url(target, None)
        dropped = ["Cookie", *VALIDATORS]
        if status not in {HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT}:
            following.method = "GET"
            following.body = None
            dropped += ["Content-Length", "Content-Type"]
        for name in dropped:
            following.headers.pop(name, None)
        following.prepare_cookies(self._cookies)
        return following

    def _allowed_interval(self, url: str, writing: Writing) -> float:
        """Seconds between requests as robots.txt wants them; raises ``Disallowed``."""
        if self._rules is None or self._clock.now() >= self._rules.expires:
            self._rules = self._read_rules(writing)
        rules = self._rules.rules
        if not rules.can_fetch(url, PRODUCT):
            raise Disallowed(f"the robots.txt of {self._host} forbids {url}")
        return max(self._min_interval, min(rules.crawl_delay(PRODUCT) or 0.0, DAY))

    def _read_rules(self, writing: Writing) -> _Rules:
        """The robots.txt, from the archive when it is less than a day old (RFC 9309 2.4).

        Without one (4xx) all is allowed; while it cannot be had, nothing is (RFC 9309 2.3.1).
        """
        url = urljoin(self._base, "/robots.txt")
        capture = self._kept_rules(url, writing)
        if capture is None:
            prepared = requests.Request("GET", url, headers=self._headers({})).prepare()
            try:
                capture = self._followed(prepared, "robots.txt", "robots", writing)
            except RateLimited:
                raise
            except (Unavailable, NotThisPage) as failure:
                raise Disallowed(f"nothing may be asked while {failure}") from failure
        found = capture.status == HTTPStatus.OK
        text = capture.body[:ROBOTS_BYTES].decode("utf-8-sig", "replace") if found else ""
        expires = capture.fetched_at + timedelta(seconds=DAY)
        return _Rules(rules=Protego.parse(text), expires=expires)

    def _kept_rules(self, url: str, writing: Writing) -> Capture | None:
        now = self._clock.now()
        row = writing.kept.newest(self._source, url=url, until=now)
        if row is None or now - row.fetched_at >= timedelta(seconds=DAY):
            return None
        try:
            return writing.kept.read(row)
        except BrokenRecord:
            return None  # What cannot be read is asked for again.

    def _headers(self, stated: Mapping[str, str]) -> CaseInsensitiveDict[str]:
        headers = CaseInsensitiveDict({"Accept": "*/*", **stated})
        headers["Accept-Encoding"] = "gzip"
        headers["User-Agent"] = self._agent
        return headers

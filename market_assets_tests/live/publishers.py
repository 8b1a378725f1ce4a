"""Publishers on loopback sockets: each speaks its sandbox format, keeps its protocol, remembers.

Not the sandbox's wire: requests come over plain HTTP (or TLS) from another process, and what
breaks the documented protocol is answered 400 or 403 and written down in ``violations``.
"""

import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from market_assets.calendars.sessions import newest_closed_session
from market_assets.sandbox.casablanca.market import MIC, Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Answer, Question
from market_assets_tests.live.protocols import PROTOCOLS
from market_assets_tests.live.rules import Violation

ROBOTS = Answer(body=b"User-agent: *\nAllow: /\n", media_type="text/plain")
LEAST_COMPRESSED = 1024

Fault = Callable[[Question, Answer, int], Answer]
"""What a faulty publisher makes of its true answer; the number counts its answers from 0."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request as it arrived, ``at`` seconds of this machine's monotonic clock."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(kw_only=True)
class Publisher:
    """One publisher's server; ``url`` is what its BASE_URL is set to."""

    name: str
    url: str
    seen: list[Seen] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    @property
    def pages(self) -> list[Seen]:
        """What was asked besides robots.txt."""
        return [seen for seen in self.seen if seen.path != "/robots.txt"]


@contextmanager
def publishing(
    name: str,
    market: Market,
    *,
    fault: Fault | None,
    robots: Answer,
    tls: ssl.SSLContext | None,
) -> Iterator[Publisher]:
    """The publisher ``name`` on a port of its own, telling of ``market`` as of now."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    scheme, host = "http", "127.0.0.1"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme, host = "https", "localhost"
    publisher = Publisher(name=name, url=f"{scheme}://{host}:{server.server_port}")
    protocol = PROTOCOLS[name](publisher.url)
    say = import_module(f"market_assets.sandbox.casablanca.{name}").answer
    lock = threading.Lock()

    def answered(seen: Seen) -> Answer:
        with lock:
            turn = len(publisher.pages)
            publisher.seen.append(seen)
            if seen.path == "/robots.txt":
                return robots
            question, now = _question(seen), datetime.now(UTC)
            try:
                admitted = protocol.admitted(question)
            except Violation as violation:
                publisher.violations.append(f"{seen.method} {seen.path}: {violation}")
                return Answer(body=str(violation).encode(), status=violation.status)
            moment = Moment(now=now, session=newest_closed_session(MIC, now))
            answer = admitted if isinstance(admitted, Answer) else say(admitted, market, moment)
            return fault(question, answer, turn) if fault else answer

    server.answered = answered  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server_version, sys_version = "loopback", ""
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_GET  # noqa: N815  the name http.server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        url = urlsplit(self.path)
        seen = Seen(
            at=time.monotonic(),
            method=self.command,
            path=unquote(url.path),
            query=dict(parse_qsl(url.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        answer = self.server.answered(seen)
        headers, body = dict(answer.headers), answer.body
        if len(body) >= LEAST_COMPRESSED and "Content-Encoding" not in headers:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(body)))
        for header, value in headers.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if answer.torn else body)
        self.close_connection = answer.torn


def _question(seen: Seen) -> Question:
    is_json = seen.headers.get("content-type", "").startswith("application/json")
    asked: Any = json.loads(seen.body) if is_json else None
    return Question(
        method=seen.method, path=seen.path, query=seen.query, headers=seen.headers, json=asked
    )

"""The sandbox's wire: a ``requests`` adapter that answers for every publisher, without a network.

An answer is written as the bytes of an HTTP/1.1 response and read back by the standard library and
urllib3, so lengths, compression, cookies and torn bodies behave as from a socket. What an answer
says is the business of the format modules and of the mischief around them.
"""

import gzip
import io
import json
from http import HTTPStatus
from http.client import HTTPResponse
from importlib import import_module
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from market_assets.calendars.sessions import newest_closed_session
from market_assets.sandbox.casablanca.market import MIC, Market
from market_assets.sandbox.casablanca.mischief import Mischief
from market_assets.sandbox.messages import Answer, Moment, Question
from market_assets.sources.registry import SOURCES
from market_assets.web.clock import Clock

ROBOTS = Answer(body=b"User-agent: *\nAllow: /\n", media_type="text/plain")
LEAST_COMPRESSED = 1024


class SandboxAdapter(HTTPAdapter):
    """Answers requests to the sources' hosts from the invented market, as of its clock.

    Any other host is a ``requests.ConnectionError``. No socket is ever opened.
    """

    def __init__(self, *, market: Market, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._mischief = Mischief(market=market)
        self._names = {urlsplit(source.base_url).netloc: source.name for source in SOURCES}

    def send(
        self,
        request: requests.PreparedRequest,
        *_args: Any,  # noqa: ANN401  the other arguments of requests concern sockets
        **_options: Any,  # noqa: ANN401
    ) -> requests.Response:
        """The publisher's response to ``request``."""
        url = urlsplit(str(request.url))
        if url.netloc not in self._names:
            raise requests.ConnectionError(
                f"the sandbox has no publisher at {url.netloc!r}", request=request
            )
        question = _question(request)
        answer = ROBOTS if question.path == "/robots.txt" else self._answer(url.netloc, question)
        return self.build_response(request, _raw(answer, question, str(request.url)))

    def _answer(self, host: str, question: Question) -> Answer:
        now = self._clock.now()
        moment = Moment(now=now, session=newest_closed_session(MIC, now))
        name = self._names[host]
        publisher = import_module(f"market_assets.sandbox.casablanca.{name}")
        return self._mischief.answer(name, publisher.answer, question, moment)


class _Wire:
    """The reading end of a socket on which one whole response has arrived."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    def makefile(self, mode: str) -> io.BytesIO:  # noqa: ARG002  as sockets have it
        return io.BytesIO(self._sent)


def _question(request: requests.PreparedRequest) -> Question:
    url = urlsplit(str(request.url))
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    is_json = headers.get("content-type", "").startswith("application/json")
    return Question(
        method=str(request.method),
        path=unquote(url.path),
        query=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers=headers,
        json=json.loads(cast("bytes", request.body)) if is_json else None,
    )


def _raw(answer: Answer, question: Question, url: str) -> urllib3.HTTPResponse:
    socket = cast("Any", _Wire(_written(answer, question)))
    wire = HTTPResponse(socket, method=question.method)
    wire.begin()
    return urllib3.HTTPResponse(
        body=wire,
        headers=urllib3.HTTPHeaderDict(wire.msg.items()),
        status=wire.status,
        version=wire.version,
        reason=wire.reason,
        preload_content=False,
        decode_content=False,
        original_response=wire,
        request_method=question.method,
        request_url=url,
    )


def _written(answer: Answer, question: Question) -> bytes:
    body, headers = answer.body, {"Content-Type": answer.media_type, **answer.headers}
    accepted = "gzip" in question.headers.get("accept-encoding", "")
    if accepted and len(body) >= LEAST_COMPRESSED:
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    sent = body[: len(body) // 2] if answer.torn else body
    status = HTTPStatus(answer.status)
    head = [f"HTTP/1.1 {status} {status.phrase}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + sent

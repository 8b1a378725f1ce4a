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
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from market_assets.sandbox.messages import Answer, Question, World
from market_assets.sources.source import Source
from market_assets.web.clock import Clock

ROBOTS = Answer(body=b"User-agent: *\nAllow: /\n", media_type="text/plain")
LEAST_COMPRESSED = 1024
FORM = "application/x-www-form-urlencoded"


class SandboxAdapter(HTTPAdapter):
    """Answers requests to one source's host from an invented market, as of its clock.

    Any other host is a ``requests.ConnectionError``. No socket is ever opened.
    """

    def __init__(self, source: Source, *, world: World, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._world = world
        self._source = source.name
        self._host = urlsplit(source.base_url).netloc

    def send(
        self,
        request: requests.PreparedRequest,
        *_args: Any,  # noqa: ANN401  the other arguments of requests concern sockets
        **_options: Any,  # noqa: ANN401
    ) -> requests.Response:
        """The publisher's response to ``request``."""
        url = urlsplit(str(request.url))
        if url.netloc != self._host:
            message = f"the sandbox has no {self._source} at {url.netloc!r}"
            raise requests.ConnectionError(message, request=request)
        question = _question(request)
        if question.path == "/robots.txt":
            answer = ROBOTS
        else:
            answer = self._world.answer(self._source, question, self._clock.now())
        return self.build_response(request, _raw(answer, question, str(request.url)))


class _Wire:
    """The reading end of a socket on which one whole response has arrived."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    def makefile(self, mode: str) -> io.BytesIO:  # noqa: ARG002  as sockets have it
        return io.BytesIO(self._sent)


def _question(request: requests.PreparedRequest) -> Question:
    url = urlsplit(str(request.url))
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    kind = headers.get("content-type", "")
    body = cast("bytes | str | None", request.body) or b""
    text = body if isinstance(body, str) else body.decode()
    form = parse_qsl(text, keep_blank_values=True) if kind.startswith(FORM) else ()
    return Question(
        method=str(request.method),
        path=unquote(url.path),
        query=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers=headers,
        json=json.loads(text) if kind.startswith("application/json") else None,
        form=dict(form),
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

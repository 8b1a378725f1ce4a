"""What every request passes: who asks, how often, what is kept, the record; of data no word.

Pure ASGI around the routes, so that a kept answer costs none of theirs, but is never sent to
somebody who may not have it and never goes unrecorded.
"""

import asyncio
import re
import time
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from market_assets.serving.api.access.audit import Entry
from market_assets.serving.api.access.identity import Principal
from market_assets.serving.api.encoding import accepted
from market_assets.serving.api.kept import Answer, Headers, Question
from market_assets.serving.api.problems import Problem
from market_assets.serving.api.service import Exchange, Service

OPEN = "/health/live"
"""The one path that asks for nobody's key."""
OWN = frozenset({"/sessions", "/me", "/me/audit"})
"""What concerns the key that asks, and takes no scope."""
OPERATED = frozenset({"/metrics"})
NEVER_KEPT = OWN | OPERATED | {"/events", "/health", "/health/ready", "/health/live"}
SECRET = re.compile(r"ma_[0-9a-f]{8}_[\w-]+|eyJ[\w-]+\.[\w-]+\.[\w-]+")
SAFE: Headers = [(b"x-content-type-options", b"nosniff")]
NOT_MODIFIED = 304


class Gate:
    """The ASGI application ``app`` behind its gate."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._asked: dict[Question, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = _Passage(scope, send)
        try:
            await self._answer(scope, receive, passage)
        except Problem as problem:
            await problem.response(scope["path"])(scope, receive, passage.send)
        finally:
            self._record(passage)

    async def _answer(self, scope: Scope, receive: Receive, passage: "_Passage") -> None:
        service, path = self._service, scope["path"]
        headers: Headers = scope["headers"]
        address = scope["client"][0] if scope["client"] else ""
        nobody = Principal(key=None, scopes=frozenset(), session=False)
        if path == OPEN or scope["method"] == "OPTIONS":
            principal = nobody
        else:
            principal = self._identified(headers, path, address)
            if service.audit.broken:
                raise Problem(kind="unrecorded", status=503, detail="the record cannot be written")
        encoding = accepted(_header(headers, b"accept-encoding"))
        exchange = Exchange(service, principal, encoding)
        scope["market_assets.exchange"] = passage.exchange = exchange
        if scope["method"] != "GET" or path in NEVER_KEPT:
            await self._app(scope, receive, passage.send)
            return
        question = (service.published.name(), passage.target, encoding)
        answer = await self._kept(question)
        passage.kept = answer is not None
        if answer is None:
            done = self._asked[question] = asyncio.Event()
            try:
                answer = await self._made(exchange, scope, receive, passage)
                if answer is not None:
                    service.kept.put((answer.version, passage.target, encoding), answer)
            finally:
                self._asked.pop(question, None)
                done.set()
        if answer is not None:
            principal.require(answer.scope)
            passage.route = answer.route
            await _send(answer, _header(headers, b"if-none-match"), passage.send)

    def _identified(self, headers: Headers, path: str, address: str) -> Principal:
        try:
            principal = self._service.identities.of(headers)
            if path not in OWN:
                principal.require("operate" if path in OPERATED else "read")
            elif principal.key is None:
                principal.require("own")
        except Problem:
            self._service.rates.count_refused(address)
            raise
        self._service.rates.count(principal, address)
        return principal

    async def _kept(self, question: Question) -> Answer | None:
        """The kept answer, after waiting for the one who asks the same just now."""
        answer = self._service.kept.get(question)
        if answer is None and (asked := self._asked.get(question)):
            await asked.wait()
            answer = self._service.kept.get(question)
        return answer

    async def _made(
        self, exchange: Exchange, scope: Scope, receive: Receive, passage: "_Passage"
    ) -> Answer | None:
        """The answer that the routes leave; None where they sent something else themselves."""

        async def send(message: Message) -> None:
            if exchange.answer is None:
                await passage.send(message)

        await self._app(scope, receive, send)
        passage.route = getattr(scope.get("route"), "path", passage.route)
        return exchange.answer

    def _record(self, passage: "_Passage") -> None:
        seconds = time.perf_counter() - passage.started
        route = passage.route or getattr(passage.scope.get("route"), "path", "none")
        self._service.measures.count(route, passage.status, seconds, kept=passage.kept)
        if passage.scope["path"] == OPEN:
            return
        talk = passage.exchange
        key = talk.principal.key if talk and not talk.forgotten else None
        self._service.audit.note(
            Entry(
                at=datetime.now(UTC).isoformat(),
                key_id=key.id if key else None,
                owner=key.owner if key else None,
                method=passage.scope["method"],
                target=SECRET.sub("(a secret)", passage.target.decode("latin-1")),
                status=passage.status,
                bytes=passage.bytes,
                milliseconds=seconds * 1000,
            )
        )


class _Passage:
    """What is learnt of one request while it is answered."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        query: bytes = scope["query_string"]
        self.target: bytes = scope["raw_path"] + (b"?" + query if query else b"")
        self.started = time.perf_counter()
        self.exchange: Exchange | None = None
        self.route: str | None = None
        self.status, self.bytes, self.kept = 500, 0, False
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *SAFE]
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
        await self._send(message)


async def _send(answer: Answer, known: bytes, send: Send) -> None:
    """Send ``answer``, or that the reader has it where ``known`` (If-None-Match) names it."""
    same = known == b"*" or answer.etag in [tag.strip() for tag in known.split(b",")]
    status, body = (NOT_MODIFIED, b"") if same else (200, answer.body)
    headers = answer.headers
    if same:
        headers = [(k, v) for k, v in headers if k not in {b"content-length", b"content-encoding"}]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _header(headers: Headers, wanted: bytes) -> bytes:
    return next((value for name, value in headers if name == wanted), b"")

"""How the service fares: alive, ready, fresh, what it has counted, what is newly published."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import orjson
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from market_assets.serving.api.described import META, document, plain, problems
from market_assets.serving.api.freshness import freshness
from market_assets.serving.api.gauges import gauges
from market_assets.serving.api.problems import Problem
from market_assets.serving.api.service import Service, exchange
from market_assets.warehouse.failures import NothingPublished

router = APIRouter(tags=["Service"])

LISTENERS = 200
"""Event streams at once."""
POLL = 0.5
"""Seconds between two looks at what is published."""
BEAT = 15.0
"""Seconds after which a silent stream says that it is alive."""
VERSION = META["version"]
FRESHNESS = {
    "status": "fresh",
    "version": VERSION,
    "published_at": META["published_at"],
    "mode": META["mode"],
    "now": "2026-11-21T10:05:00.000000Z",
    "tables": [
        {
            "table": "casablanca.daily_quotes",
            "calendar": "XCAS",
            "rhythm": "session",
            "newest": "2026-11-20",
            "due": "2026-11-20",
            "sessions_behind": 0,
            "status": "fresh",
        }
    ],
}
COUNTS = """\
# TYPE market_assets_api_answers_total counter
market_assets_api_answers_total{kept="yes",route="/quotes",status="200"} 6012.0
"""
STREAM = f"""\
retry: 2000

id: {VERSION}
event: published
data: {{"version":"{VERSION}"}}
"""


@router.get(
    "/health/live",
    responses=document({"status": "alive"}, "It answers."),
    openapi_extra={"security": []},
)
def live() -> Response:
    """That the process answers; needs no key."""
    return _json({"status": "alive"})


@router.get(
    "/health/ready",
    responses={
        **document({"status": "ready", "version": VERSION}, "It can be read."),
        **problems(401, 403, 429, 503),
    },
)
def ready(request: Request) -> Response:
    """That there is a published version and it can be read."""
    service = exchange(request).service
    with service.published.reading() as version:
        facts = service.facts.of(version)
    return _json({"status": "ready", "version": facts.name.removeprefix("market-")})


@router.get(
    "/health",
    responses={**document(FRESHNESS, "Every table."), **problems(401, 403, 429, 503)},
)
def health(request: Request) -> Response:
    """Each table's newest day beside the one that its calendar says is due now."""
    service = exchange(request).service
    now = datetime.now(UTC)
    with service.published.reading() as version:
        facts = service.facts.of(version)
    tables = freshness(facts, now)
    return _json(
        {
            "status": "stale" if any(table.late for table in tables) else "fresh",
            "version": facts.name.removeprefix("market-"),
            "published_at": facts.published_at,
            "mode": facts.mode,
            "now": now,
            "tables": tables,
        }
    )


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={**plain("text/plain", COUNTS, "Text for Prometheus."), **problems(401, 403, 429)},
)
def metrics(request: Request) -> Response:
    """How things stand and what the service counted, for Prometheus; needs the scope "operate"."""
    service = exchange(request).service
    try:
        told = gauges(service.standing())
    except NothingPublished:
        told = ()
    return Response(service.measures.text(told), media_type="text/plain; version=0.0.4")


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={
        **plain("text/event-stream", STREAM, "Server-sent events."),
        **problems(401, 403, 429, 503),
    },
)
async def events(request: Request) -> Response:
    """A stream with the version of now and each one published from here on (event: published)."""
    service = exchange(request).service
    if service.listeners >= LISTENERS:
        raise Problem(kind="listeners", status=503, detail=f"{LISTENERS} streams are open already")
    known = request.headers.get("last-event-id", "")
    return StreamingResponse(
        _stream(service, known),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )


async def _stream(service: Service, known: str) -> AsyncGenerator[bytes]:
    service.listeners += 1
    silent = 0.0
    try:
        yield b"retry: 2000\n\n"
        while True:
            version = service.published.name()
            if version and version != known:
                known, silent = version, 0.0
                told = orjson.dumps({"version": version}).decode()
                yield f"id: {version}\nevent: published\ndata: {told}\n\n".encode()
            elif silent >= BEAT:
                silent = 0.0
                yield b": alive\n\n"
            await asyncio.sleep(POLL)
            silent += POLL
    finally:
        service.listeners -= 1


def _json(content: object) -> Response:
    body = orjson.dumps(content, option=orjson.OPT_UTC_Z)
    return Response(body, headers={"cache-control": "no-store"}, media_type="application/json")

"""What the service knows of the one who asks: sessions, keys, the record; taken out or erased."""

from datetime import UTC, datetime

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from market_assets.serving.api.access.keys import Key
from market_assets.serving.api.described import document, problems
from market_assets.serving.api.problems import Problem
from market_assets.serving.api.service import exchange

router = APIRouter(tags=["Account"])

PROBLEMS = problems(401, 403, 429)
SESSION = {
    "token": "eyJhbGciOiJIUzI1NiIs...",
    "expires_at": "2026-11-21T10:17:05.092577Z",
}
OWNED = {
    "owner": "ada",
    "keys": [
        {
            "key": "ma_3f2a9c1e",
            "scopes": ["export", "read"],
            "rate": "600/minute",
            "created_at": "2026-11-01T08:00:00.000000Z",
            "expires_at": "2027-11-01T08:00:00.000000Z",
            "state": "active",
        }
    ],
    "audit": [
        {
            "at": "2026-11-21T10:02:05.092577+00:00",
            "key_id": "3f2a9c1e",
            "owner": "ada",
            "method": "GET",
            "target": "/quotes/ATW?limit=2",
            "status": 200,
            "bytes": 1523,
            "milliseconds": 1.7,
        }
    ],
}


@router.post(
    "/sessions",
    status_code=201,
    responses={**document(SESSION, "The token, told this once.", status=201), **PROBLEMS},
)
def session(request: Request) -> Response:
    """A short-lived token that may do what the key may; it ends with the key."""
    token, until = exchange(request).service.identities.session(_key(request))
    return _json({"token": token, "expires_at": until}, status=201)


@router.get("/me", responses={**document(OWNED, "All that is stored."), **PROBLEMS})
def me(request: Request) -> Response:
    """Everything stored about the key's owner: all keys but their secrets, and the record."""
    service, owner = exchange(request).service, _principal_key(request).owner
    now = datetime.now(UTC)
    keys = [
        {
            "key": f"ma_{key.id}",
            "scopes": sorted(key.scopes),
            "rate": key.rate or service.settings.api.rate,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "state": key.state(now),
        }
        for key in service.keys.listed()
        if key.owner == owner
    ]
    return _json({"owner": owner, "keys": keys, "audit": service.audit.of(owner)})


@router.delete(
    "/me",
    responses={
        **document({"owner": "ada", "keys_erased": 2, "lines_erased": 1042}, "What was erased."),
        **PROBLEMS,
    },
)
def forget_me(request: Request) -> Response:
    """Erase the owner's keys and record for good; a session may not, only a key."""
    talk, owner = exchange(request), _key(request).owner
    talk.forgotten = True
    keys, lines = talk.service.keys.erase(owner), talk.service.audit.erase(owner)
    return _json({"owner": owner, "keys_erased": keys, "lines_erased": lines})


@router.delete(
    "/me/audit",
    responses={**document({"owner": "ada", "lines_erased": 1042}, "What was erased."), **PROBLEMS},
)
def forget_audit(request: Request) -> Response:
    """Erase the record of what the owner read; the keys stay."""
    service, owner = exchange(request).service, _key(request).owner
    return _json({"owner": owner, "lines_erased": service.audit.erase(owner)})


def _principal_key(request: Request) -> Key:
    key = exchange(request).principal.key
    if key is None:
        raise Problem(kind="unidentified", status=401, detail="this needs an API key")
    return key


def _key(request: Request) -> Key:
    """The key that asks; a session is not enough."""
    if exchange(request).principal.session:
        raise Problem(kind="session", status=403, detail="this needs the key itself, not a session")
    return _principal_key(request)


def _json(content: object, *, status: int = 200) -> Response:
    body = orjson.dumps(content, option=orjson.OPT_UTC_Z)
    return Response(body, status, {"cache-control": "no-store"}, "application/json")

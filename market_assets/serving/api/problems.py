"""What went wrong, as problem+json (RFC 9457); never a traceback, never a secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from market_assets.warehouse.failures import (
    NothingPublished,
    QueryTooLong,
    WarehouseError,
    WarehouseRefused,
)

MEDIA_TYPE = "application/problem+json"


@dataclass(kw_only=True, eq=False)
class Problem(Exception):
    """A request that is answered with a problem: its kind, status and what can be done."""

    kind: str
    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Sequence[Mapping[str, str]] = ()

    def body(self, path: str) -> bytes:
        """The document of RFC 9457."""
        document: dict[str, object] = {
            "type": f"/problems/{self.kind}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "instance": path,
        }
        if self.errors:
            document["errors"] = self.errors
        return orjson.dumps(document)

    def response(self, path: str) -> Response:
        """The answer to a request of ``path``."""
        headers = {"cache-control": "no-store", **self.headers}
        return Response(self.body(path), self.status, headers, MEDIA_TYPE)


def unpublished(table: str) -> Problem:
    """That the published version has no such table yet."""
    market = table.partition(".")[0]
    return Problem(
        kind="not-published",
        status=404,
        detail=f"{table} is not published yet: run `market-assets run --market {market}`",
    )


def handle_problems(app: FastAPI) -> None:
    """Let ``app`` answer with problems whatever goes wrong."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(WarehouseError, _warehouse)
    app.add_exception_handler(Exception, _unforeseen)


def _problem(request: Request, error: Exception) -> Response:
    error = cast("Problem", error)
    return error.response(request.url.path)


def _http(request: Request, error: Exception) -> Response:
    error = cast("HTTPException", error)
    kind = "no-such-path" if error.status_code == HTTPStatus.NOT_FOUND else "refused"
    problem = Problem(
        kind=kind,
        status=error.status_code,
        detail=f"{request.method} {request.url.path}: {error.detail}; /openapi.json lists all",
        headers=error.headers or {},
    )
    return problem.response(request.url.path)


def _invalid(request: Request, error: Exception) -> Response:
    error = cast("RequestValidationError", error)
    errors = [
        {
            "parameter": ".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0]),
            "message": str(fault["msg"]).removeprefix("Value error, "),
        }
        for fault in error.errors()
    ]
    detail = "; ".join(f"{fault['parameter']}: {fault['message']}" for fault in errors)
    problem = Problem(kind="bad-parameter", status=422, detail=detail, errors=errors)
    return problem.response(request.url.path)


def _warehouse(request: Request, error: Exception) -> Response:
    path = request.url.path
    match error:
        case NothingPublished():
            detail = "nothing is published yet: run `market-assets run`"
            problem = Problem(
                kind="nothing-published",
                status=503,
                detail=detail,
                headers={"retry-after": "60"},
            )
        case QueryTooLong():
            problem = Problem(
                kind="query-too-long", status=503, detail=f"{error}; ask for less at once"
            )
        case WarehouseRefused():
            problem = Problem(
                kind="unreadable", status=503, detail="the published version cannot be read"
            )
        case _:
            raise error
    return problem.response(path)


def _unforeseen(request: Request, _: Exception) -> Response:
    problem = Problem(kind="fault", status=500, detail="a fault of the service; its log says which")
    return problem.response(request.url.path)

"""The ASGI application: routes, their problems, the gate around them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version

import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp

from market_assets.serving.api.described import IDENTIFIED
from market_assets.serving.api.gate import Gate
from market_assets.serving.api.problems import handle_problems
from market_assets.serving.api.reference import POLICY, page
from market_assets.serving.api.routes import (
    account,
    companies,
    cross_market,
    health,
    holdings,
    money,
    provenance,
    quality,
    quotes,
    symbols,
    volume,
)
from market_assets.serving.api.service import Service

QUERIES = 8
"""Questions that are worked on at once; more would only wait for the same processors."""
SUBJECTS = (
    *(companies, quotes, volume, money, holdings, cross_market),
    *(quality, provenance, symbols, health, account),
)


def application(service: Service) -> ASGIApp:
    """The API over ``service``, which it closes at its end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = QUERIES
        await anyio.to_thread.run_sync(service.warm)
        yield
        service.close()

    app = FastAPI(
        title="Market assets",
        version=version("market-assets"),
        description="Published numbers of Casablanca, Hong Kong's Southbound holdings and their "
        "neighbours; each traceable to the bytes it was read from.",
        docs_url=None,  # its page would load scripts from elsewhere; ours has none
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        dependencies=IDENTIFIED,
    )
    handle_problems(app)
    for subject in SUBJECTS:
        app.include_router(subject.router)

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:  # pyright: ignore[reportUnusedFunction] -- a route
        return HTMLResponse(page(app.openapi()), headers={"content-security-policy": POLICY})

    gate = Gate(app, service)
    origins = [str(origin).rstrip("/") for origin in service.settings.api.origins]
    if not origins:
        return gate
    return CORSMiddleware(
        gate,
        allow_origins=origins,
        allow_methods=["GET"],
        allow_headers=["Authorization", "X-API-Key", "If-None-Match"],
        expose_headers=["ETag", "Link", "X-Data-Version", "X-Warnings"],
    )

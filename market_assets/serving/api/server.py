"""The API as a process: uvicorn on one address, until it is told to end."""

import uvicorn

from market_assets.serving.api.app import application
from market_assets.serving.api.service import Service
from market_assets.settings import Settings

PATIENCE = 5
"""Seconds that an end waits for open answers; event streams would never end by themselves."""


def server(settings: Settings) -> uvicorn.Server:
    """A server without a socket that is not running yet; its log never holds what readers sent."""
    config = uvicorn.Config(
        application(Service(settings)),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=PATIENCE,
    )
    return uvicorn.Server(config)

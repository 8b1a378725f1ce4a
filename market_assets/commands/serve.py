"""``market-assets serve``: the readers' services, each until it is interrupted."""

import socket

from market_assets.serving.api.server import server
from market_assets.settings import Settings
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published

BACKLOG = 2048
"""Connections that wait while the service starts."""


def api(settings: Settings, *, host: str, port: int, shared: bool) -> None:
    """Serve the REST API; it answers 503 until something is published.

    ``shared``: others that share it may listen on the same port, each with limits of its own.
    """
    running = server(settings)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server(
        (host, port), family=family, backlog=BACKLOG, reuse_port=shared
    )
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}"
    print(f"REST API ({settings.web}) on {address}, described on /docs and in /openapi.json")
    try:
        print(f"It reads {Published(settings.mode_dir / 'published').current().name}", flush=True)
    except NothingPublished as error:
        print(f"So far {error}", flush=True)
    running.run([listening])

"""``market-assets serve``: the readers' services, each until it is interrupted."""

from market_assets.serving.api.server import server
from market_assets.settings import Settings
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published

BACKLOG = 2048
"""Connections that wait while the service starts."""


def api(settings: Settings, *, host: str, port: int) -> None:
    """Serve the REST API; it answers 503 until something is published."""
    running = server(settings, host=host, port=port)
    listening = running.config.bind_socket()
    listening.listen(BACKLOG)
    address = f"http://{host}:{listening.getsockname()[1]}"
    print(f"REST API ({settings.web}) on {address}, described on /docs and in /openapi.json")
    try:
        print(f"It reads {Published(settings.mode_dir / 'published').current().name}", flush=True)
    except NothingPublished as error:
        print(f"So far {error}", flush=True)
    running.run([listening])

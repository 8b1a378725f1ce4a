"""``market-assets serve``: the readers' services, each until it is interrupted."""

import socket

from market_assets.commands.children import Child, free_port, together, usable
from market_assets.serving.dashboard.server import HEALTH, command, environment
from market_assets.settings import Settings
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published

BACKLOG = 2048
"""Connections that wait while the service starts."""


def api(settings: Settings, *, host: str, port: int, shared: bool) -> None:
    """Serve the REST API; it answers 503 until something is published.

    ``shared``: others that share it may listen on the same port, each with limits of its own.
    """
    from market_assets.serving.api.server import server  # noqa: PLC0415 -- the dashboard needs none

    running = server(settings)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with usable(host, port, option="--port"):
        listening = socket.create_server(
            (host, port), family=family, backlog=BACKLOG, reuse_port=shared
        )
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}"
    print(f"REST API ({settings.web}) on {address}, described on /docs and in /openapi.json")
    _say_version(settings)
    running.run([listening])


def dashboard(settings: Settings, *, host: str, port: int) -> None:
    """Serve the dashboard; it says what to run until something is published."""
    _run(settings, _dashboard(settings, host, port, option="--port"))


def both(settings: Settings, *, host: str, api_port: int, dashboard_port: int) -> None:
    """Serve the API and the dashboard, each a process; where one ends, so does the other."""
    _run(
        settings,
        _api(settings, host, api_port),
        _dashboard(settings, host, dashboard_port, option="--dashboard-port"),
    )


def _run(settings: Settings, *children: Child) -> None:
    together(children, mode=settings.web, begun=lambda: _say_version(settings))


def _api(settings: Settings, host: str, port: int) -> Child:
    found = free_port(host, port, option="--api-port")
    url = f"http://{host}:{found}"
    return Child(
        name="REST API",
        arguments=["market_assets.cli", "serve", "api", "--host", host, "--port", str(found)],
        environment=environment(settings),
        url=url,
        ready=f"{url}/health/live",
    )


def _dashboard(settings: Settings, host: str, port: int, *, option: str) -> Child:
    found = free_port(host, port, option=option)
    url = f"http://{host}:{found}"
    return Child(
        name="Dashboard",
        arguments=command(host=host, port=found),
        environment=environment(settings),
        url=url,
        ready=url + HEALTH,
    )


def _say_version(settings: Settings) -> None:
    try:
        print(f"It reads {Published(settings.mode_dir / 'published').current().name}", flush=True)
    except NothingPublished as error:
        print(f"So far {error}", flush=True)

"""``market-assets serve``: the readers' services, each until it is interrupted."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from market_assets.serving.dashboard.server import HEALTH, command, environment
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published

BACKLOG = 2048
"""Connections that wait while the service starts."""
PATIENCE = 10.0
"""Seconds that a service may take to end."""
LOOK = 0.2
"""Seconds between two looks at the services."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """A service as a process of its own; it answers at ``url``, at ``ready`` once it serves."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    url: str
    ready: str


def api(settings: Settings, *, host: str, port: int) -> None:
    """Serve the REST API; it answers 503 until something is published."""
    from market_assets.serving.api.server import server  # noqa: PLC0415 -- the dashboard needs none

    running = server(settings, host=host, port=port)
    listening = running.config.bind_socket()
    listening.listen(BACKLOG)
    address = f"http://{host}:{listening.getsockname()[1]}"
    print(f"REST API ({settings.web}) on {address}, described in /openapi.json")
    _say_version(settings)
    running.run([listening])


def dashboard(settings: Settings, *, host: str, port: int) -> None:
    """Serve the dashboard; it says what to run until something is published."""
    _together(settings, [_dashboard(settings, host, port)])


def both(settings: Settings, *, host: str, api_port: int, dashboard_port: int) -> None:
    """Serve the API and the dashboard, each a process; where one ends, so does the other."""
    _together(
        settings, [_api(settings, host, api_port), _dashboard(settings, host, dashboard_port)]
    )


def _api(settings: Settings, host: str, port: int) -> Child:
    found = _free(host, port, option="--api-port")
    url = f"http://{host}:{found}"
    words = [sys.executable, "-m", "market_assets.cli", "serve", "api"]
    return Child(
        name="REST API",
        arguments=[*words, "--host", host, "--port", str(found)],
        environment=environment(settings),
        url=url,
        ready=f"{url}/health/live",
    )


def _dashboard(settings: Settings, host: str, port: int) -> Child:
    found = _free(host, port, option="port for the dashboard")
    url = f"http://{host}:{found}"
    return Child(
        name="Dashboard",
        arguments=command(host=host, port=found),
        environment=environment(settings),
        url=url,
        ready=url + HEALTH,
    )


def _together(settings: Settings, children: Sequence[Child]) -> None:
    """Run ``children`` until this process is told to end, or one of them ends.

    Raises ``SettingRefused`` for one that ends by itself.
    """
    with _interruptible():
        running = [(child, _started(child)) for child in children]
        try:
            for child, process in running:
                _await(child, process)
                print(f"{child.name} ({settings.web}) on {child.url}", flush=True)
            _say_version(settings)
            while True:
                for child, process in running:
                    _require(child, process)
                time.sleep(LOOK)
        finally:
            _end([process for _, process in running])


def _started(child: Child) -> subprocess.Popen[bytes]:
    """Its own words go nowhere, what it has to complain of goes where ours does."""
    return subprocess.Popen(child.arguments, env=child.environment, stdout=subprocess.DEVNULL)  # noqa: S603 -- ours


def _await(child: Child, process: subprocess.Popen[bytes]) -> None:
    while True:
        _require(child, process)
        try:
            with urlopen(child.ready, timeout=PATIENCE):  # noqa: S310 -- our own address
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(LOOK)


def _require(child: Child, process: subprocess.Popen[bytes]) -> None:
    if (status := process.poll()) is not None:
        raise SettingRefused(f"the {child.name} ended by itself, with status {status}")


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _interruptible() -> Generator[None]:
    """Take SIGTERM for Ctrl-C, also where a shell started this process without SIGINT."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    except KeyboardInterrupt:
        print("ended", flush=True)
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _free(host: str, port: int, *, option: str) -> int:
    """``port``, or any that is free where it is 0; raises ``SettingRefused`` where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise SettingRefused(
                f"{host} port {port} cannot be used: {error.strerror}; choose another {option}"
            ) from error
        return trial.getsockname()[1]


def _say_version(settings: Settings) -> None:
    try:
        print(f"It reads {Published(settings.mode_dir / 'published').current().name}", flush=True)
    except NothingPublished as error:
        print(f"So far {error}", flush=True)

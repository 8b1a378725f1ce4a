"""Services as processes of their own, which end together, and with this one if it is killed."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from market_assets.commands import bound
from market_assets.settings import SettingRefused

PATIENCE = 10.0
"""Seconds that a service may take to end."""
LOOK = 0.2
"""Seconds between two looks at the services."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """A service as a process of its own; it answers at ``url``, at ``ready`` once it serves.

    ``arguments`` are a module's name and what it is given.
    """

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    url: str
    ready: str


def together(children: Sequence[Child], *, mode: str, begun: Callable[[], None]) -> None:
    """Run ``children`` until this process is told to end, or one of them ends.

    ``begun`` is called once all serve. Raises ``SettingRefused`` for one that ends by itself.
    """
    with _interruptible():
        running = [(child, _started(child)) for child in children]
        try:
            for child, process in running:
                _await(child, process)
                print(f"{child.name} ({mode}) on {child.url}", flush=True)
            begun()
            while True:
                for child, process in running:
                    _require(child, process)
                time.sleep(LOOK)
        finally:
            _end([process for _, process in running])


def _started(child: Child) -> subprocess.Popen[bytes]:
    """Its own words go nowhere, what it has to complain of goes where ours does."""
    return subprocess.Popen(  # noqa: S603 -- ours
        [sys.executable, "-m", bound.__name__, *child.arguments],
        env=child.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )


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


def free_port(host: str, port: int, *, option: str) -> int:
    """``port``, or any that is free where it is 0; raises ``SettingRefused`` where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with usable(host, port, option=option):
            trial.bind((host, port))
        return trial.getsockname()[1]


@contextmanager
def usable(host: str, port: int, *, option: str) -> Generator[None]:
    """Say what to do where an address cannot be used for a service; raises ``SettingRefused``."""
    try:
        yield
    except OSError as error:
        reason, _, _ = str(error.strerror).partition(" (while ")  # the address, once more
        raise SettingRefused(
            f"{host} port {port} cannot be used: {reason}; choose another {option}"
        ) from error

"""The service on a real socket, over a small published file, and keys for it."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from market_assets.serving.api.access.keys import Keys
from market_assets.serving.api.server import server
from market_assets.settings import Settings, read_settings
from market_assets_tests.serving.api.tables import MARTS, OTHERS, made

SECRET = "x" * 32


@dataclass(frozen=True, kw_only=True)
class Api:
    """A running service and how it is asked."""

    url: str
    directory: Path
    keys: Keys
    key: str

    def get(self, path: str, *, key: str | None = None, **headers: str) -> requests.Response:
        """The answer to ``path``, asked with the key that may do all, or with another."""
        return self.ask("GET", path, key=self.key if key is None else key, **headers)

    def ask(self, method: str, path: str, *, key: str, **headers: str) -> requests.Response:
        """The answer to ``path``; nobody asks where ``key`` is empty."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        return requests.request(method, self.url + path, headers=sent, timeout=60)

    def rows(self, path: str) -> list[dict[str, Any]]:
        """The data of a good answer."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def made(self, owner: str, *scopes: str, rate: str | None = None, days: float = 1) -> str:
        """A new key."""
        lifetime = timedelta(days=days)
        return self.keys.create(owner, scopes=scopes or ("read",), rate=rate, lifetime=lifetime)


@contextmanager
def running(directory: Path, api: Mapping[str, object], **given: object) -> Iterator[Api]:
    """The service over what is published in ``directory``, with the settings ``api`` of its own."""
    settings: Settings = read_settings({"data_dir": directory, "api": api, **given})
    keys = Keys(settings.mode_dir / "serving")
    everything: Sequence[str] = ("read", "export", "operate")
    key = keys.create("tests", scopes=everything, rate="1000000/minute", lifetime=timedelta(days=1))
    service = server(settings)
    with socket.create_server(("127.0.0.1", 0), backlog=200, reuse_port=True) as listening:
        thread = threading.Thread(target=service.run, args=([listening],))
        thread.start()
        port = listening.getsockname()[1]
        try:
            yield Api(url=f"http://127.0.0.1:{port}", directory=directory, keys=keys, key=key)
        finally:
            service.should_exit = True
            thread.join(20)
            keys.close()


@pytest.fixture(scope="session")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the tables of every market."""
    directory = tmp_path_factory.mktemp("marts")
    made(directory, MARTS + OTHERS)
    return directory


@pytest.fixture(scope="session")
def api(marts: Path) -> Iterator[Api]:
    with running(marts, {"session_secret": SECRET}) as service:
        yield service

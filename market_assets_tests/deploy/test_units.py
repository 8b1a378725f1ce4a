"""The systemd path for real: what the units start answers, and they find each other."""

import configparser
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from market_assets_tests.built import COMMAND
from market_assets_tests.deploy.test_files import INSTALLED, UNIT

PATIENCE = 180
LOCATIONS = """{ workspaceOrError { ... on Workspace { locationEntries {
    name locationOrLoadError { ... on RepositoryLocation { name } ... on PythonError { message } }
} } } instance { daemonHealth { daemonStatus(daemonType: "SCHEDULER") { healthy } } } }"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def unit(name: str, data: Path, *options: object) -> Iterator[None]:
    """The service ``name`` as its unit starts and ends it; ``options`` free it of fixed ports."""
    told = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    told.optionxform = str
    told.read_string(UNIT.read_text("utf-8"))
    start = told["Service"]["ExecStart"].replace(INSTALLED, str(COMMAND)).replace("%i", name)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MARKET_ASSETS", "DAGSTER"))}
    with (data / f"{name}.said").open("wb") as said:
        process = subprocess.Popen(
            [*shlex.split(start), *map(str, options)],
            cwd=data,
            env=kept | {"MARKET_ASSETS_DATA_DIR": str(data)},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield
        assert process.poll() is None, (data / f"{name}.said").read_text("utf-8")
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def eventually(ask, wanted) -> object:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            told = ask()
            if wanted(told):
                return told
        except requests.RequestException as error:
            told = error
        assert time.monotonic() < until, told
        time.sleep(0.3)


@pytest.fixture
def ports() -> dict[str, int]:
    return {name: free_port() for name in ("code", "webserver", "api")}


def test_what_the_units_start_answers_and_finds_the_code(tmp_path: Path, ports: dict[str, int]):
    code = ("--code-port", ports["code"])

    def location() -> dict[str, object]:
        asked = {"query": LOCATIONS}
        url = f"http://127.0.0.1:{ports['webserver']}/graphql"
        return requests.post(url, json=asked, timeout=20).json()["data"]

    with ExitStack() as running:
        running.enter_context(unit("webserver", tmp_path, "--port", ports["webserver"], *code))
        running.enter_context(unit("daemon", tmp_path, *code))
        running.enter_context(unit("api", tmp_path, "--port", ports["api"]))
        running.enter_context(unit("code", tmp_path, "--port", ports["code"]))  # last of all
        alive = eventually(
            lambda: requests.get(f"http://127.0.0.1:{ports['api']}/health/live", timeout=5),
            lambda answer: answer.ok,
        )
        assert alive.json() == {"status": "alive"}
        told = eventually(
            location,
            lambda told: told["instance"]["daemonHealth"]["daemonStatus"]["healthy"],
        )
        [entry] = told["workspaceOrError"]["locationEntries"]
        name = "market_assets.definitions"
        assert entry == {"name": name, "locationOrLoadError": {"name": name}}

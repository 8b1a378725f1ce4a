"""The systemd path for real: what the units start answers, they find each other, and work."""

import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import requests
from pytest_httpserver import HTTPServer

from market_assets.defs.instance import open_instance
from market_assets.defs.markets import HKEX
from market_assets.defs.publication import published_key
from market_assets.serving.dashboard.server import HEALTH
from market_assets.settings import Settings
from market_assets_tests.deploy.test_files import INSTALLED, UNIT
from market_assets_tests.serving.api.tables import made
from market_assets_tests.serving.digests.tables import LONG_AGO

PATIENCE = 180
STATE = "%S/market-assets"
LOCATIONS = """{ workspaceOrError { ... on Workspace { locationEntries {
    name locationOrLoadError { ... on RepositoryLocation { name } ... on PythonError { message } }
} } } instance { daemonHealth { daemonStatus(daemonType: "SCHEDULER") { healthy } } } }"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def told(name: str, program: Path, data: Path) -> dict[str, list[str]]:
    """What the unit of the service ``name`` says, here and without its %-marks."""
    text = UNIT.read_text("utf-8").replace(INSTALLED, str(program))
    lines: dict[str, list[str]] = {}
    for line in text.replace(STATE, str(data)).replace("%i", name).splitlines():
        word, says, value = line.partition("=")
        if says and not line.startswith("#"):
            assert "%" not in value
            lines.setdefault(word, []).append(value)
    return lines


@contextmanager
def unit(name: str, program: Path, data: Path, *options: object, **settings: str) -> Iterator[None]:
    """The service ``name`` as its unit starts and ends it.

    ``options`` free it of fixed ports, ``settings`` are those of its EnvironmentFile. Of this
    process's environment it has nothing.
    """
    says = told(name, program, data)
    [start], [folder] = says["ExecStart"], says["WorkingDirectory"]
    environment = dict(line.split("=", 1) for line in says["Environment"])
    environment |= {f"MARKET_ASSETS_{key}": value for key, value in settings.items()}
    with (data / f"{name}.said").open("wb") as said:
        process = subprocess.Popen(
            [*shlex.split(start), *map(str, options)],
            cwd=folder,
            env={"PATH": os.defpath, "HOME": folder} | environment,
            stdout=said,
            stderr=said,
            start_new_session=True,
            umask=int(says["UMask"][0], 8),
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


def eventually(ask: Callable[[], Any], wanted: Callable[[Any], object]) -> Any:
    """What is answered to ``ask`` once it is ``wanted``."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            answer = ask()
            if wanted(answer):
                return answer
        except requests.RequestException as error:
            answer = error
        assert time.monotonic() < until, answer
        time.sleep(0.3)


def test_what_the_units_start_answers_makes_digests_and_tells(
    program: Path, tmp_path: Path, httpserver: HTTPServer
):
    """Published is a session of long ago: it has a digest made, and the next one is late."""
    made(tmp_path, LONG_AGO)
    with open_instance(Settings(data_dir=tmp_path)) as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(published_key(HKEX)))
    httpserver.expect_request("/ops").respond_with_data("taken")
    ports = {name: free_port() for name in ("code", "webserver", "api", "dashboard")}
    settings = {
        "DELIVERY__TARGETS__OPS": f"json://127.0.0.1:{httpserver.port}/ops",
        "DELIVERY__ALERTS__LATE": '["ops"]',
    }
    code = ("--code-port", ports["code"])
    options = {
        "webserver": ("--port", ports["webserver"], *code),
        "daemon": code,
        "api": ("--port", ports["api"]),
        "dashboard": ("--port", ports["dashboard"]),
        "code": ("--port", ports["code"]),  # last of all
    }

    def answer(name: str, path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{ports[name]}{path}", timeout=5)

    def location() -> dict[str, object]:
        url = f"http://127.0.0.1:{ports['webserver']}/graphql"
        return requests.post(url, json={"query": LOCATIONS}, timeout=20).json()["data"]

    with ExitStack() as running:
        for name, words in options.items():
            running.enter_context(unit(name, program, tmp_path, *words, **settings))
        alive = eventually(lambda: answer("api", "/health/live"), lambda said: said.ok)
        assert alive.json() == {"status": "alive"}
        eventually(lambda: answer("dashboard", HEALTH), lambda said: said.text == "ok")
        found = eventually(
            location,
            lambda told: told["instance"]["daemonHealth"]["daemonStatus"]["healthy"],
        )
        [entry] = found["workspaceOrError"]["locationEntries"]
        name = "market_assets.definitions"
        assert entry == {"name": name, "locationOrLoadError": {"name": name}}
        eventually(lambda: len(httpserver.log), lambda count: count == 2)
        digest = tmp_path / "sandbox/digests/hkex-2026-10-20.eml"
        eventually(digest.exists, lambda there: there)
    titles = {request.json["title"] for request, _ in httpserver.log}
    assert titles == {
        f"[SANDBOX, invented figures] {market} is late" for market in ("casablanca", "hkex")
    }

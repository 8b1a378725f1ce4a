"""``market-assets serve`` really started: both answer, and both end with it."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests

from market_assets_tests.built import COMMAND, invoked

SOON = 20.0


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_both_answer_before_anything_is_published_and_end_with_the_command(
    tmp_path: Path, number: int, status: int
):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MARKET_ASSETS")}
    ports = ["--api-port", "0", "--dashboard-port", "0"]
    process = subprocess.Popen(
        [COMMAND, "serve", *ports, "--data-dir", tmp_path],
        env=kept,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    said = [process.stdout.readline() for _ in range(3)]
    api, dashboard = (line.split()[-1] for line in said[:2])
    assert said[0].startswith("REST API (sandbox) on http://127.0.0.1:")
    assert said[1].startswith("Dashboard (sandbox) on http://127.0.0.1:")
    assert "run `market-assets run` first" in said[2]
    assert requests.get(f"{api}/health/live", timeout=20).ok
    assert requests.get(dashboard, timeout=20).ok
    process.send_signal(number)
    assert process.wait(40) == status
    process.stdout.close()
    until = time.monotonic() + SOON
    while alive := [url for url in (api, dashboard) if answers(url)]:
        assert time.monotonic() < until, alive
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether anybody takes a connection there."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.socket() as trial:
        return trial.connect_ex((host, int(port))) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["api", "--port"],
        ["api", "--share-port", "--port"],
        ["dashboard", "--port"],
        ["--api-port"],
        ["--api-port", "0", "--dashboard-port"],
    ],
    ids=" ".join,
)
def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path, words: list[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = invoked("serve", *words, port, "--data-dir", tmp_path)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == (
        f"error: 127.0.0.1 port {port} cannot be used: Address already in use; "
        f"choose another {words[-1]}\n"
    )


def test_a_host_that_is_not_of_this_machine_is_said_with_the_port(tmp_path: Path):
    refused = invoked("serve", "api", "--host", "192.0.2.1", "--data-dir", tmp_path)
    assert refused.err.startswith("error: 192.0.2.1 port 8000 cannot be used: Cannot assign ")

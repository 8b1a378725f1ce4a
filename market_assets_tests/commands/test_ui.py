"""``market-assets ui`` really started: its page answers, and it ends with all that it started."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import requests

from market_assets.defs.instance import PROCESS_TAG, instance_home
from market_assets.settings import Settings
from market_assets_tests.built import COMMAND, invoked

PATIENCE = 120
"""Seconds for the page, on a machine that has more to do."""
ENDING = 120
"""Seconds for all processes to be gone."""


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def killed(tmp_path: Path) -> str:
    """The id of a run in the data directory whose process is gone; made before ``serving``."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    run = dg.DagsterRun(
        job_name="casablanca",
        run_id=str(uuid.uuid4()),
        status=dg.DagsterRunStatus.STARTED,
        tags={PROCESS_TAG: str(gone.pid)},
    )
    with dg.DagsterInstance.from_config(
        str(instance_home(Settings(data_dir=tmp_path / "data")))
    ) as instance:
        instance.add_run(run)
    return run.run_id


@pytest.fixture
def serving(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process group of its own, its page answering."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MARKET_ASSETS", "DAGSTER"))}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [COMMAND, "ui", "--port", str(port), "--data-dir", tmp_path / "data"],
            cwd=Path(__file__).parents[2],  # where Dagster finds a configuration of its own
            env=kept,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        _wait(lambda: process.poll() is not None or _answers(port), PATIENCE)
        assert process.poll() is None, (tmp_path / "said").read_text("utf-8")
        yield process
    finally:
        if _alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/server_info", timeout=10).ok
    except requests.RequestException:
        return False


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _wait(reached, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_killed_run_is_buried_and_the_page_answers_until_a_signal_ends_every_process(
    killed: str, serving: subprocess.Popen[bytes], tmp_path: Path, sent: signal.Signals
):
    with dg.DagsterInstance.from_config(
        str(instance_home(Settings(data_dir=tmp_path / "data")))
    ) as instance:
        run = instance.get_run_by_id(killed)
        assert run is not None
        assert run.status == dg.DagsterRunStatus.FAILURE
    os.killpg(serving.pid, sent)
    _wait(lambda: serving.poll() is not None and not _alive(serving.pid), ENDING)
    said = (tmp_path / "said").read_text("utf-8")
    assert "Serving dagster-webserver on http://127.0.0.1:" in said
    assert "Warning" not in said
    assert "Found a dagster instance configuration" not in said


def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = invoked("ui", "--port", port, "--data-dir", tmp_path / "data")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == (
        f"error: 127.0.0.1 port {port} cannot be used: Address already in use; "
        "choose another --port\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", [0, -1, 65536, 99999])
def test_what_is_no_port_is_refused(tmp_path: Path, port: int):
    refused = invoked("ui", "--port", port, "--data-dir", tmp_path / "data")
    assert refused.status == 2
    assert "Invalid value for '--port'" in refused.err
    assert not (tmp_path / "data").exists()

"""One of several processes ends or is killed while they are asked: no request fails."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from market_assets_tests.serving.api.conftest import running

READERS = 6
AGAIN = Retry(total=5, backoff_factor=0.05)
"""A connection may break under a request; a GET may be sent again, as clients do."""


@contextmanager
def served(directory: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """``market-assets serve api`` as a process of its own, which shares its port."""
    command = [sys.executable, "-m", "market_assets.cli", "serve", "api", "--share-port"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--data-dir", str(directory)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=20)


def port_of(process: subprocess.Popen[str]) -> int:
    """The port of one that listens."""
    assert process.stdout
    found = (re.search(r"http://[\d.]+:(\d+)", line) for line in process.stdout)
    return next(int(address[1]) for address in found if address)


def test_no_request_fails_while_processes_end_and_die(marts):
    ending = threading.Event()
    answered = threading.Semaphore(0)

    with running(marts, {}) as api, ExitStack() as stack:
        port = int(api.url.rpartition(":")[2])
        ended, killed = (stack.enter_context(served(marts, port)) for _ in range(2))
        assert {port_of(ended), port_of(killed)} == {port}

        def read(number: int) -> set[int]:
            statuses: set[int] = set()
            with requests.Session() as session:
                session.mount("http://", HTTPAdapter(max_retries=AGAIN))
                session.headers["Authorization"] = f"Bearer {api.key}"
                while not ending.is_set():
                    path = ("quotes/ATW", "hkex/movers", "quotes")[number % 3]
                    statuses.add(session.get(f"{api.url}/{path}", timeout=20).status_code)
                    answered.release()
            return statuses

        def asked(times: int) -> None:
            for _ in range(times):
                assert answered.acquire(timeout=20)

        with ThreadPoolExecutor(READERS) as pool:
            readers = [pool.submit(read, number) for number in range(READERS)]
            asked(60)
            ended.send_signal(signal.SIGTERM)
            asked(60)
            assert ended.wait(20) in {0, -signal.SIGTERM}
            killed.kill()
            asked(120)
            ending.set()
            assert set().union(*(reader.result() for reader in readers)) == {200}
        _, said = ended.communicate(timeout=20)
        assert "Traceback" not in said

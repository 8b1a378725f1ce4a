"""The REST API under load: latency and requests per second, keys, limits and record included.

A history of twenty years is published, ``market-assets serve api`` runs as a process of its own,
and this one asks over 50 kept-alive connections on loopback, in a closed loop: each asks again as
soon as it is answered. Cold: the first answers of a version
that was just published, all connections asking the same. Warm: the same again. Different: every
question is a new one, so none is answered from memory. Publishing: all three pages while new
versions appear. Run: ``uv run python benchmarks/api_load.py [--requests 20000] [--seconds 8]``
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import numpy as np
import uvloop

from market_assets.serving.api.access.keys import Keys
from market_assets.settings import read_settings
from market_assets.warehouse.publish import publish
from market_assets.warehouse.tables import Warehouse

CONNECTIONS = 50
VERSIONS = 5
"""After which the first answers are measured."""
LINES, SESSIONS, STOCKS = 80, 5000, 600
LAST = date(2026, 11, 20)
GOALS = {"cold": 150.0, "warm": 20.0}
"""Milliseconds within which 95 of 100 are answered."""
TABLES = f"""
CREATE SCHEMA casablanca; CREATE SCHEMA hkex;
CREATE TABLE casablanca.daily_quotes AS SELECT
    'XCAS' AS mic, printf('L%02d', line) AS ticker, printf('MA00000%05d', line) AS isin,
    printf('COMPANY %d', line) AS name, printf('Sector %d', line % 20) AS sector,
    DATE '{LAST}' - day::INTEGER AS session, 'T' AS status,
    100 + random() AS open, 101 + random() AS high, 99 + random() AS low, 100 + random() AS close,
    (random() * 1e6)::BIGINT AS volume, random() * 1e8 AS turnover,
    (random() * 900)::BIGINT AS trades,
    random() * 1e11 AS market_cap, 'MAD' AS currency, 0.96::DOUBLE AS confidence,
    0.96::DOUBLE AS close_confidence, 0.95::DOUBLE AS volume_confidence,
    0.98::DOUBLE AS turnover_confidence,
    false AS turnover_estimated, 'casablanca_bourse' AS source,
    'casablanca_bourse+cdg_capital+medias24' AS sources,
    left(md5(day::VARCHAR), 20) AS capture_id, TIMESTAMPTZ '2026-11-20 19:30:02Z' AS known_at
FROM range({SESSIONS}) s(day), range({LINES}) l(line) ORDER BY day DESC, line;
CREATE TABLE hkex.movers AS SELECT DATE '{LAST}' - day::INTEGER AS session,
    horizon::INTEGER AS horizon, measure, side, rank::INTEGER AS rank,
    printf('%05d', rank) AS code, printf('STOCK %d', rank) AS name,
    (random() * 1e7)::BIGINT AS change_shares, random() AS change_pct, random() AS change_points,
    (random() * 1e9)::BIGINT AS base_shares
FROM range(250) d(day), unnest([1, 5, 20]) h(horizon), unnest(['shares', 'percent']) m(measure),
    unnest(['top', 'bottom']) t(side), range(1, 11) r(rank) ORDER BY day DESC;
CREATE TABLE hkex.southbound_holdings AS SELECT DATE '{LAST}' - day::INTEGER AS session,
    printf('%05d', code) AS code, 'hkex_southbound' AS sources
FROM range(250) d(day), range({STOCKS}) c(code);
"""


def published(directory: Path) -> None:
    """Publish the tables of the warehouse in ``directory`` as the next version."""
    warehouse = Warehouse(directory / "sandbox" / "warehouse.duckdb", mode="sandbox")
    publish(
        warehouse,
        directory / "sandbox" / "published",
        schemas=("casablanca", "hkex"),
        carried=(),
        views=(),
    )


def publish_often(directory: Path, times: int) -> None:
    """Publish ``times`` versions, with a pause after each."""
    os.nice(5)
    for _ in range(times):
        published(directory)
        time.sleep(1)


@contextmanager
def served(directory: Path) -> Iterator[tuple[int, int]]:
    """The service as a process of its own: its number and its port."""
    command = [sys.executable, "-m", "market_assets.cli", "serve", "api", "--port", "0"]
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [*command, "--data-dir", str(directory)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        port = next(
            int(line.split(":")[2].split(",")[0]) for line in process.stdout if "http://" in line
        )
        print(f"serving after {time.perf_counter() - started:.1f} s")
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Heard:
    """What a load heard: milliseconds of each answer, and how many failed."""

    times: list[float]
    failed: int = 0
    seconds: float = 0
    server_cpu: float = 0
    """Seconds of processor time, as ``client_cpu``."""
    client_cpu: float = 0

    def __add__(self, other: "Heard") -> "Heard":
        return Heard(
            self.times + other.times,
            self.failed + other.failed,
            self.seconds + other.seconds,
            self.server_cpu + other.server_cpu,
            self.client_cpu + other.client_cpu,
        )


class Connection(asyncio.Protocol):
    """Asks one question after another; reads no more of an answer than its length."""

    def __init__(self, questions: Iterator[bytes], until: float, heard: Heard) -> None:
        self._questions, self._until, self._heard = questions, until, heard
        self._done = False
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the first question."""
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Ask the next one where ``data`` ends the answer."""
        if self._missing is None:
            data = self._head + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._head = data
                return
            length = data[:end].lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self._missing = end + 4 + int(length)
            self._good = data.startswith(b"HTTP/1.1 200")
        self._missing -= len(data)
        if self._missing == 0:
            self._heard.times.append((time.perf_counter() - self._asked) * 1000)
            self._heard.failed += not self._good
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio gives it
        """Count a connection that was not ended by us."""
        self._heard.failed += not self._done
        self.ended.set_result(None)

    def _ask(self) -> None:
        self._head, self._missing = b"", None
        self._asked = time.perf_counter()
        question = next(self._questions, None) if self._asked < self._until else None
        if question is None:
            self._done = True
            self._transport.close()
        else:
            self._transport.write(question)


@dataclass(frozen=True)
class Load:
    """Asks the service ``process`` over many connections.

    The loop is closed: a connection asks again as soon as it is answered, so the service always has
    as many questions before it as there are connections, and a time is about their number times
    that of one answer. Processor time is counted for each side by itself.
    """

    port: int
    key: str
    process: int

    def heard(self, paths: Iterable[str], seconds: float) -> Heard:
        """What is heard of ``paths``, for at most ``seconds``."""
        head = f"HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.key}\r\n"
        head += "Accept-Encoding: gzip, zstd\r\n\r\n"
        heard = Heard([])
        server, client = self._spent(), time.process_time()
        uvloop.run(self._ask((f"GET {path} {head}".encode() for path in paths), seconds, heard))
        heard.server_cpu = self._spent() - server
        heard.client_cpu = time.process_time() - client
        return heard

    async def _ask(self, questions: Iterator[bytes], seconds: float, heard: Heard) -> None:
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        until = started + seconds
        opened = [
            await loop.create_connection(
                lambda: Connection(questions, until, heard), "127.0.0.1", self.port
            )
            for _ in range(CONNECTIONS)
        ]
        await asyncio.gather(*(connection.ended for _, connection in opened))
        heard.seconds = time.perf_counter() - started

    def _spent(self) -> float:
        """Seconds of processor time that the service has had, by Linux."""
        words = Path(f"/proc/{self.process}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def questions(count: int) -> dict[str, tuple[list[str], str]]:
    """By page: as many different questions as ``count``, and the one that is asked again."""
    days = [LAST - timedelta(days=k // LINES) for k in range(count)]
    return {
        "history": (
            [f"/quotes/L{k % LINES:02d}?end={day}" for k, day in enumerate(days)],
            "/quotes/L07",
        ),
        "latest list": ([f"/quotes?limit={LINES + k}" for k in range(count)], "/quotes"),
        "movers": (
            [f"/hkex/movers?horizon=5&limit={40 + k}" for k in range(count)],
            "/hkex/movers?horizon=5",
        ),
    }


def told(page: str, how: str, heard: Heard) -> bool:
    """Print what was measured; whether it is within the goal and nothing failed."""
    count = len(heard.times)
    p50, p95, p99 = np.percentile(heard.times, [50, 95, 99])
    print(
        f"{page:12} {how:11} {count:6} requests {count / heard.seconds:6.0f}/s  "
        f"p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms  "
        f"CPU of each {heard.server_cpu / count * 1e6:5.0f} µs, of the client's "
        f"{heard.client_cpu / count * 1e6:4.0f} µs  {heard.failed} failed",
        flush=True,
    )
    return not heard.failed and p95 < GOALS.get(how, np.inf)


def main() -> None:
    """Measure; ends with 1 where a goal is missed or a request failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--requests", type=int, default=20_000, help="warm, of each page")
    parser.add_argument("--different", type=int, default=300, help="questions of each page")
    parser.add_argument("--seconds", type=float, default=8, help="most for each measurement")
    given = parser.parse_args()
    good = True
    with TemporaryDirectory() as folder:
        directory = Path(folder)
        warehouse = Warehouse(directory / "sandbox" / "warehouse.duckdb", mode="sandbox")
        with warehouse.connected() as connection:
            connection.execute("SET enable_progress_bar = false")
            connection.execute(TABLES)
        published(directory)
        keys = Keys(read_settings({"data_dir": directory}).mode_dir / "serving")
        key = keys.create(
            "load", scopes=["read"], rate="100000000/minute", lifetime=timedelta(days=1)
        )
        with served(directory) as (process, port):
            load = Load(port, key, process)
            pages = questions(given.different)
            load.heard(["/health/ready"] * CONNECTIONS, given.seconds)
            for page, (new, warm) in pages.items():
                good &= told(page, "different", load.heard(new, given.seconds))
                again = load.heard([warm] * given.requests, given.seconds)
                good &= told(page, "warm", again)
            first = {page: Heard([]) for page in pages}
            for _ in range(VERSIONS):
                published(directory)
                for page, (_, warm) in pages.items():
                    first[page] += load.heard([warm] * CONNECTIONS, given.seconds)
            for page, heard in first.items():
                good &= told(page, "cold", heard)
            publisher = get_context("spawn").Process(target=publish_often, args=(directory, 4))
            publisher.start()
            mixed = cycle([warm for _, warm in pages.values()])
            good &= told("all", "publishing", load.heard(mixed, given.seconds))
            publisher.join()
            versions = sorted((directory / "sandbox" / "published").glob("market-*"))
            print(f"newest version at the end: {versions[-1].name}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

"""The REST API under load: latency and requests per second, keys, limits and record included.

A history of twenty years is published, ``market-assets serve api`` runs as a process of its own,
and this one asks over 50 kept-alive connections on loopback. Cold: the first answers of a version
that was just published, all connections asking the same. Warm: the same again. Different: every
question is a new one, so none is answered from memory. Publishing: all three pages while new
versions appear. Run: ``uv run python benchmarks/api_load.py [--requests 6000] [--seconds 8]``
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

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
CREATE TABLE hkex.southbound_holdings AS SELECT DATE '{LAST}' AS session,
    printf('%05d', code) AS code, 'hkex_southbound' AS sources FROM range({STOCKS}) c(code);
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
def served(directory: Path) -> Iterator[int]:
    """The port of the service, a process of its own."""
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
        yield port
    finally:
        process.terminate()
        process.wait(20)


class Load:
    """Asks over many connections, each its next question when the last is answered."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._head = f"HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        self._head += "Accept-Encoding: gzip, zstd\r\n\r\n"

    async def ask(self, paths: Iterator[str], seconds: float) -> tuple[list[float], int, float]:
        """The milliseconds of each answer, how many failed, and the requests per second."""
        times: list[float] = []
        self.failed = 0
        started = time.perf_counter()
        until = started + seconds
        await asyncio.gather(*(self._talk(paths, times, until) for _ in range(CONNECTIONS)))
        return times, self.failed, len(times) / (time.perf_counter() - started)

    async def _talk(self, paths: Iterator[str], times: list[float], until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for path in paths:
            asked = time.perf_counter()
            if asked > until:
                break
            writer.write(f"GET {path} {self._head}".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]
            await reader.readexactly(int(length))
            times.append((time.perf_counter() - asked) * 1000)
            self.failed += not head.startswith(b"HTTP/1.1 200")
        writer.close()


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


def told(page: str, how: str, result: tuple[list[float], int, float]) -> bool:
    """Print what was measured; whether it is within the goal and nothing failed."""
    times, failed, rate = result
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    print(
        f"{page:12} {how:11} {len(times):6} requests {rate:7.0f}/s  "
        f"p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms  {failed} failed"
    )
    return not failed and p95 < GOALS.get(how, np.inf)


def main() -> None:
    """Measure; ends with 1 where a goal is missed or a request failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--requests", type=int, default=6000, help="warm, of each page")
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
        with served(directory) as port:
            load = Load(port, key)
            uvloop.run(load.ask(iter(["/health/ready"] * CONNECTIONS), given.seconds))
            for page, (new, warm) in questions(given.different).items():
                good &= told(page, "different", uvloop.run(load.ask(iter(new), given.seconds)))
                again = iter([warm] * given.requests)
                good &= told(page, "warm", uvloop.run(load.ask(again, given.seconds)))
            first = {page: list[float]() for page in questions(1)}
            for _ in range(VERSIONS):
                published(directory)
                for page, (_, warm) in questions(1).items():
                    once = load.ask(iter([warm] * CONNECTIONS), given.seconds)
                    first[page] += uvloop.run(once)[0]
            for page, times in first.items():
                good &= told(page, "cold", (times, 0, np.nan))
            publisher = get_context("spawn").Process(target=publish_often, args=(directory, 4))
            publisher.start()
            mixed = cycle([warm for _, warm in questions(1).values()])
            good &= told("all", "publishing", uvloop.run(load.ask(mixed, given.seconds)))
            publisher.join()
            versions = sorted((directory / "sandbox" / "published").glob("market-*"))
            print(f"newest version at the end: {versions[-1].name}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

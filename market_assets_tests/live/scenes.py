"""A scene: publishers on loopback, one ``market-assets run`` that asks them, and what came of it.

A run costs seconds, so each scene is played once for all the tests that look at it, also where
several processes share them.
"""

import fcntl
import io
import pickle
import ssl
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.messages import Answer
from market_assets.warehouse.reader import Published
from market_assets_tests.live.publishers import ROBOTS, Fault, Seen, publishing
from market_assets_tests.live.runs import live, market_assets

if TYPE_CHECKING:
    import subprocess

Played = TypeVar("Played")


@dataclass(frozen=True, kw_only=True)
class Role:
    """How a publisher plays: its view of the market, what it does to answers, its robots.txt."""

    market: Market
    fault: Fault | None = None
    robots: Answer = ROBOTS
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What the servers saw and what the command line said; the data stay in ``data_dir``."""

    data_dir: Path
    status: int
    output: str
    errors: str
    addresses: Mapping[str, str]
    seen: Mapping[str, list[Seen]]
    violations: list[str]

    quotes: pl.DataFrame

    def table(self, name: str) -> pl.DataFrame:
        """A published table."""
        return Published(self.data_dir / "live" / "published").query(f"FROM {name}")

    def said(self, source: str) -> pl.DataFrame:
        """What could be read of a source."""
        return self.table(f"casablanca.{source}_quotes")

    def put_aside(self, source: str) -> str:
        """The reasons in the quarantine for what a source said, each once."""
        found = self.table("quality.quarantine").filter(pl.col("source") == source)
        return "\n".join(found["reason"].unique())

    def why(self, source: str) -> str:
        """What the closing lines of the run say of a source; empty where they say nothing."""
        lines = self.output.splitlines()
        return next((line for line in lines if line.startswith(f"{source}: ")), "")

    def asked(self, name: str) -> list[Seen]:
        """What a publisher was asked besides robots.txt."""
        return [seen for seen in self.seen[name] if seen.path != "/robots.txt"]


def quotes(data_dir: Path, *, mode: str) -> pl.DataFrame:
    """daily_quotes as ``market-assets sql --format csv`` prints them; none where it cannot."""
    said = market_assets(
        *("sql", "--data-dir", data_dir, "--format", "csv"),
        "SELECT * FROM casablanca.daily_quotes ORDER BY session, ticker",
        environment={"MARKET_ASSETS_WEB": mode},
    )
    if said.returncode:
        return pl.DataFrame(schema=DAILY_QUOTES)
    return pl.read_csv(io.StringIO(said.stdout), schema=DAILY_QUOTES, try_parse_dates=True)


def play(data_dir: Path, roles: Mapping[str, Role], *options: object, **settings: object) -> Scene:
    """One run of the command line against ``roles``, nobody else being asked."""
    with ExitStack() as stack:
        publishers = {
            name: stack.enter_context(
                publishing(name, role.market, fault=role.fault, robots=role.robots, tls=role.tls)
            )
            for name, role in roles.items()
        }
        addresses = {name: publisher.url for name, publisher in publishers.items()}
        done: subprocess.CompletedProcess[str] = market_assets(
            "run",
            "--market",
            "casablanca",
            "--data-dir",
            data_dir,
            *options,
            environment=live(addresses, **settings),
        )
    return Scene(
        data_dir=data_dir,
        status=done.returncode,
        output=done.stdout,
        errors=done.stderr,
        addresses=addresses,
        seen={name: publisher.seen for name, publisher in publishers.items()},
        violations=[
            f"{name}: {violation}"
            for name, publisher in publishers.items()
            for violation in publisher.violations
        ],
        quotes=quotes(data_dir, mode="live"),
    )


def once(folder: Path, name: str, made: Callable[[Path], Played]) -> Played:
    """``made(folder / name)``, made by whichever process asks for it first and kept for all."""
    kept = folder / f"{name}.pickle"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            played = made(folder / name)
            kept.write_bytes(pickle.dumps(played))
        return pickle.loads(kept.read_bytes())  # noqa: S301  our own, of this test run

"""The real command line, run in processes of its own, and three data directories made by it."""

import contextlib
import fcntl
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from market_assets.calendars.sessions import sessions_between
from market_assets.cli.app import app
from market_assets.sandbox.casablanca.market import Market
from market_assets.warehouse.reader import Published

COMMAND = Path(sys.executable).with_name("market-assets")
FIRST, LAST, NEXT = date(2026, 10, 9), date(2026, 11, 13), date(2026, 11, 16)
"""Twenty-five sessions of the sandbox, with every kind of planted fault, and the one after."""
SEED = 2026


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Built:
    """Data directories that tests read and never write; ``said`` is what their making printed.

    ``first``: 25 sessions in one run. ``grown``: the same and then one more session in a run of
    its own. ``whole``: those 26 sessions built in one run, from their captures, after the
    warehouse was lost.
    """

    root: Path

    @property
    def first(self) -> Path:
        return self.root / "first"

    @property
    def grown(self) -> Path:
        return self.root / "grown"

    @property
    def whole(self) -> Path:
        return self.root / "whole"

    def said(self, name: str) -> str:
        return (self.root / f"{name}.txt").read_text("utf-8")


def started(*arguments: object, **settings: str) -> subprocess.Popen[str]:
    """``market-assets`` with ``arguments``; ``settings`` are MARKET_ASSETS_ variables."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MARKET_ASSETS", "DAGSTER"))}
    chosen = {f"MARKET_ASSETS_{name}": value for name, value in settings.items()}
    return subprocess.Popen(
        [COMMAND, *map(str, arguments)],
        env=kept | chosen | {"COLUMNS": "300"},
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> Ran:
    """Wait for ``process``."""
    out, err = process.communicate(timeout=300)
    return Ran(status=process.returncode, out=out, err=err)


def ran(*arguments: object, **settings: str) -> Ran:
    """``market-assets`` run to its end in a process of its own."""
    return ended(started(*arguments, **settings))


def invoked(*arguments: object, **settings: str) -> Ran:
    """The same within this process, which has imported everything already."""
    foreign = {name: None for name in os.environ if name.startswith("MARKET_ASSETS_")}
    chosen = {f"MARKET_ASSETS_{name}": value for name, value in settings.items()}
    runner = CliRunner(env=foreign | chosen | {"COLUMNS": "300"})
    with contextlib.chdir("/"):
        result = runner.invoke(app, [str(each) for each in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    done = Ran(status=result.exit_code, out=result.stdout, err=result.stderr)
    del result
    gc.collect()  # the frames of an error keep a connection, DuckDB then the file's settings
    return done


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The directory ``name``, filled by whichever worker comes first."""
    own = factory.getbasetemp()
    root = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    root.mkdir(exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "done").exists():
            make(root)
            (root / "done").touch()
    return root


def built_once(factory: pytest.TempPathFactory) -> Built:
    """The three directories, made one from another."""
    return Built(once(factory, "built", _build))


def _build(root: Path) -> None:
    """The first by a process of its own, the others within this one, which saves their start."""
    built, run = Built(root), ("run", "--market", "casablanca", "--data-dir")
    _keep(built, "first", ran(*run, built.first, "--days", 25, "--until", LAST))
    copied(built.first, built.grown)
    _keep(built, "grown", invoked(*run, built.grown, "--days", 26, "--until", NEXT))
    copied(built.grown, built.whole)
    (built.whole / "sandbox/warehouse.duckdb").unlink()
    _keep(built, "whole", invoked(*run, built.whole, "--from-captures"))


def _keep(built: Built, name: str, run: Ran) -> None:
    assert run.status == 0, run.out + run.err
    (built.root / f"{name}.txt").write_text(run.out, "utf-8")


def copied(directory: Path, target: Path) -> Path:
    """A copy of a data directory that a test may write; without the index, made again if used.

    Another test may be reading captures meanwhile, and SQLite's files come and go with readers.
    """
    without = shutil.ignore_patterns("index.sqlite*")
    return shutil.copytree(directory, target, symlinks=True, ignore=without)


def published(data: Path, query: str, *values: object, mode: str = "sandbox") -> pl.DataFrame:
    """The rows of ``query`` in what is published in the data directory."""
    return Published(data / mode / "published").query(query, values)


def everything(data: Path, table: str) -> pl.DataFrame:
    """All rows of a published table or view, in an order that depends on them alone."""
    return published(data, f"SELECT * FROM casablanca.{table} ORDER BY ALL")


def tampered(data: Path, *statements: str, mode: str = "sandbox") -> None:
    """Change the warehouse behind the program's back."""
    with duckdb.connect(data / mode / "warehouse.duckdb") as connection:
        for statement in statements:
            connection.execute(statement)


def truth(first: date, last: date) -> pl.DataFrame:
    """What daily_quotes must say: a suspended line has no volume and no turnover to state."""
    market = Market(seed=SEED)
    rows = [
        {
            "ticker": told.line.ticker,
            "session": told.session,
            "status": told.status,
            "close": told.close,
            "volume": None if told.status == "S" else told.volume,
            "turnover": None if told.status == "S" else told.turnover,
        }
        for session in sessions_between("XCAS", first, last)
        for told in market.truths(session)
    ]
    return pl.DataFrame(rows).sort("session", "ticker")


def quotes(data: Path) -> pl.DataFrame:
    """What daily_quotes does say, in the columns of ``truth``."""
    return published(
        data,
        "SELECT ticker, session, status, close, volume, turnover "
        "FROM casablanca.daily_quotes ORDER BY session, ticker",
    )

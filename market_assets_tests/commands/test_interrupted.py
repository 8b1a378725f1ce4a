"""Killed, run twice at once, read while publishing: the tables are the truth all the same."""

import contextlib
import json
import random
import re
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import polars.selectors as cs
import pytest
from polars.testing import assert_frame_equal

from market_assets.commands.interruption import interruptible
from market_assets.defs.instance import open_instance
from market_assets.settings import Settings
from market_assets.sources.registry import CASABLANCA
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.built import (
    Built,
    Ran,
    copied,
    ended,
    everything,
    invoked,
    once,
    quotes,
    started,
    tampered,
    truth,
)

FIRST, LAST = date(2026, 11, 12), date(2026, 11, 13)
COUNTED = "SELECT count(DISTINCT session), count(*) FROM casablanca.daily_quotes"
ARGUMENTS = ("run", "--market", "casablanca", "--days", "2", "--until", str(LAST))


@dataclass(frozen=True)
class Survived:
    """What is left after three kills and two runs that were started at once."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def pair(self) -> tuple[Ran, Ran]:
        first, second = json.loads((self.root / "pair.json").read_text("utf-8"))
        return Ran(**first), Ran(**second)

    @property
    def seen(self) -> list[list[int]]:
        """Sessions and rows that a reader saw meanwhile, query by query."""
        return json.loads((self.root / "seen.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def survived(tmp_path_factory) -> Survived:
    return Survived(once(tmp_path_factory, "survived", survive))


def survive(root: Path) -> None:
    """Kill three runs, then let two run at once while somebody reads."""
    data = root / "data"
    captures, published = data / "sandbox/captures", data / "sandbox/published"
    warehouse = data / "sandbox/warehouse.duckdb"
    killed_when(data, lambda: any(captures.glob("*/*/*/*.warc.gz")), within=0.5)
    empty = warehouse.stat().st_size
    killed_when(data, lambda: warehouse.stat().st_size > empty, within=1.5)
    killed_when(data, published.exists, within=0.05)
    over = threading.Event()
    with ThreadPoolExecutor(1) as readers:
        reading = readers.submit(read_until, over, published)
        pair = [started(*ARGUMENTS, "--data-dir", data) for _ in range(2)]
        ran = [asdict(ended(process)) for process in pair]
        over.set()
        (root / "seen.json").write_text(json.dumps(reading.result()), "utf-8")
    (root / "pair.json").write_text(json.dumps(ran), "utf-8")


def killed_when(data: Path, reached: Callable[[], bool], *, within: float) -> None:
    """Start a run and kill it at a random moment ``within`` seconds of what ``reached`` sees."""
    process = started(*ARGUMENTS, "--data-dir", data)
    while not reached():
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)
    time.sleep(random.SystemRandom().uniform(0, within))
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def read_until(over: threading.Event, published: Path) -> list[tuple[int, int]]:
    """Ask what is published again and again; only that nothing is yet may be an answer."""
    market, seen = Published(published), []
    while not over.wait(0.02):
        with contextlib.suppress(NothingPublished):
            seen.append(market.query(COUNTED).row(0))
    seen.append(market.query(COUNTED).row(0))
    return seen


def test_after_three_kills_the_tables_are_the_truth(survived: Survived):
    assert_frame_equal(quotes(survived.data), truth(FIRST, LAST), check_exact=True)


def test_after_three_kills_nothing_is_half_built(survived: Survived):
    for table in ("volume_analysis", "sector_volume_analysis", "market_volume_summary"):
        assert set(everything(survived.data, table)["session"]) == {FIRST, LAST}
    left = [path.name for path in survived.data.rglob("*") if "building" in path.name]
    assert left == []


def test_after_three_kills_no_pool_slot_is_held_and_no_run_is_under_way(survived: Survived):
    with open_instance(Settings(data_dir=survived.data)) as instance:
        statuses = sorted(run.status.value for run in instance.get_runs())
        assert statuses == ["FAILURE"] * 3 + ["SUCCESS"]
        storage = instance.event_log_storage
        keys = storage.get_concurrency_keys()
        assert "warehouse" in keys
        for key in keys:
            info = storage.get_concurrency_info(key)
            assert (info.active_slot_count, info.pending_step_count) == (0, 0)


def test_of_two_runs_at_once_the_second_waits_and_finds_nothing_to_do(survived: Survived):
    assert [run.status for run in survived.pair] == [0, 0]
    worked, waited = sorted(survived.pair, key=lambda run: "Nothing new" in run.out)
    assert "sandbox: 2 sessions, 2026-11-12 to 2026-11-13" in worked.out
    assert "Nothing new: every session that was asked for is published." in waited.out
    assert " is at work; waiting." in waited.out
    assert " is at work; waiting." not in worked.out


def test_a_reader_sees_a_whole_version_at_every_moment(survived: Survived):
    assert len(survived.seen) > 1
    assert {tuple(counted) for counted in survived.seen} == {(2, 162)}


def said_by_sources(data: Path) -> list[pl.DataFrame]:
    """What stands of every source, without when and in which capture it was said.

    Asked again the sandbox's clock is set back, so these differ.
    """
    warehouse = Warehouse(data / "sandbox/warehouse.duckdb", mode="sandbox")
    tables = (warehouse.read(f"casablanca.{source.name}_quotes") for source in CASABLANCA)
    when = cs.by_name("known_at", "replaced_at", "capture_id")
    standing = (table.filter(pl.col("replaced_at").is_null()) for table in tables)
    return [rows.select(~when).sort("ticker", "session") for rows in standing]


def test_a_step_that_fails_is_named_and_nothing_is_published(built: Built, tmp_path):
    """And asking again, up to that step, has changed no value."""
    data = copied(built.first, tmp_path / "data")
    said_before = said_by_sources(data)
    tampered(
        data,
        "DROP TABLE casablanca.market_volume_summary",
        "CREATE TABLE casablanca.market_volume_summary (session VARCHAR)",
    )
    before = (data / "sandbox/published/current.duckdb").resolve()
    captures = len(list((data / "sandbox/captures").glob("*/*/*/*")))
    failed = invoked(
        "run", "--market", "casablanca", "--again", "--days", 1, "--until", LAST, "--data-dir", data
    )
    assert failed.status == 1
    assert "failed: casablanca__market_volume_summary: " in failed.out
    assert "casablanca.market_volume_summary" in failed.out
    assert f"published  nothing new: the version before stands, {before}" in failed.out
    assert not re.search(r"^(sessions|lines|sources|rows|alerts) ", failed.out, re.MULTILINE)
    assert "african_markets: " not in failed.out  # of the run before
    assert (data / "sandbox/published/current.duckdb").resolve() == before
    assert quotes(data).height == 2025
    assert len(list((data / "sandbox/captures").glob("*/*/*/*"))) > captures
    for said, again in zip(said_before, said_by_sources(data), strict=True):
        assert_frame_equal(said, again)
    with open_instance(Settings(data_dir=data)) as instance:
        assert instance.get_runs(limit=1)[0].status == dg.DagsterRunStatus.FAILURE


def test_ctrl_c_ends_in_one_line_and_leaves_what_was_captured_and_no_slot(tmp_path):
    captured = tmp_path / "sandbox/captures"
    process = started(*ARGUMENTS, "--data-dir", tmp_path)
    while not any(captured.glob("*/*/*/*.warc.gz")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    interrupted = ended(process)
    assert interrupted.status == 130
    assert interrupted.err == "interrupted; what was captured is kept, run again to go on\n"
    assert interrupted.out.split() == f"casablanca, sandbox: 2 sessions, {FIRST} to {LAST}".split()
    assert any(captured.glob("*/*/*/*.warc.gz"))
    assert not (tmp_path / "sandbox/published").exists()
    with open_instance(Settings(data_dir=tmp_path)) as instance:
        assert [run.status.value for run in instance.get_runs()] == ["FAILURE"]
        storage = instance.event_log_storage
        held = [storage.get_concurrency_info(key) for key in storage.get_concurrency_keys()]
        assert sum(info.active_slot_count for info in held) == 0


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_that_the_work_kept_to_itself_is_told_afterwards(sent):
    own, heard = signal.getsignal(sent), []
    signal.signal(sent, lambda number, _: heard.append(number))
    try:
        with pytest.raises(KeyboardInterrupt), interruptible():
            signal.raise_signal(sent)
    finally:
        signal.signal(sent, own)
    assert heard == [sent]


def test_work_that_nobody_interrupts_ends_as_it_does():
    own = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with interruptible():
            signal.raise_signal(signal.SIGUSR1)
        with pytest.raises(ZeroDivisionError), interruptible():
            raise ZeroDivisionError
    finally:
        signal.signal(signal.SIGUSR1, own)

"""kill -9 at random moments: no session missing or partial, a whole version always published."""

import random
import time
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from market_assets.warehouse.reader import Published
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.warehouse.children import (
    DISAGREEMENTS,
    LINES,
    QUOTES,
    SESSIONS,
    replace_and_publish,
    replace_for_ever,
    rows_of,
)


def generations(acknowledged: Path) -> list[int]:
    """The generations that a child said were done."""
    return [int(line) for line in acknowledged.read_text().split()] if acknowledged.exists() else []


def kill_in_the_middle(process, acknowledged: Path) -> int:
    """Start ``process``, kill it at any moment after its first word; the last it said."""
    known = len(generations(acknowledged))
    process.start()
    while len(generations(acknowledged)) == known:
        assert process.is_alive()
        time.sleep(0.005)
    time.sleep(random.SystemRandom().uniform(0, 0.25))
    process.kill()
    process.join()
    return generations(acknowledged)[-1]


def by_session(warehouse: Warehouse, table: str) -> pl.DataFrame:
    return (
        warehouse.read(table)
        .group_by("session")
        .agg(
            pl.len().alias("rows"),
            pl.col("ticker").n_unique().alias("lines"),
            pl.col("generation").min().alias("oldest"),
            pl.col("generation").max().alias("newest"),
        )
        .sort("session")
    )


def test_a_killed_writer_leaves_every_session_whole_and_keeps_what_it_committed(
    warehouse, tmp_path, processes
):
    acknowledged, last = tmp_path / "acknowledged", 0
    for table in (QUOTES, DISAGREEMENTS):
        warehouse.replace_sessions(
            table, rows_of(SESSIONS, 0), first=SESSIONS[0], last=SESSIONS[-1]
        )
    for _ in range(10):
        writer = processes.Process(
            target=replace_for_ever, args=(warehouse.path, acknowledged, last + 1)
        )
        last = kill_in_the_middle(writer, acknowledged)
        quotes = by_session(warehouse, QUOTES)
        assert_frame_equal(quotes, by_session(warehouse, DISAGREEMENTS))
        assert quotes["session"].to_list() == SESSIONS
        assert set(quotes["rows"]) == set(quotes["lines"]) == {LINES}
        assert quotes["oldest"].to_list() == quotes["newest"].to_list()
        assert quotes["newest"].max() in (last, last + 1)
        last = quotes["newest"].max()


def test_a_killed_publisher_leaves_a_whole_version_in_place(warehouse, tmp_path, processes):
    acknowledged, last = tmp_path / "acknowledged", 0
    directory = tmp_path / "published"
    for _ in range(6):
        publisher = processes.Process(
            target=replace_and_publish,
            args=(warehouse.path, directory, acknowledged, range(last + 1, last + 1000)),
        )
        last = kill_in_the_middle(publisher, acknowledged)
        published = Published(directory)
        [(first, newest)] = published.query("FROM casablanca.generation").rows()
        assert first == newest
        assert newest in (last, last + 1)
        for table in (QUOTES, DISAGREEMENTS):
            found = published.query(
                f"SELECT count(*), min(generation), max(generation) FROM {table}"
            )
            assert found.rows() == [(LINES * len(SESSIONS), newest, newest)]
        last = max(newest, by_session(warehouse, QUOTES)["newest"].max())
    replace_and_publish(warehouse.path, directory, acknowledged, range(last + 1, last + 2))
    assert [each.name for each in directory.iterdir() if "building" in each.name] == []
    assert len(list(directory.glob("market-*.duckdb"))) == 3

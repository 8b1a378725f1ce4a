"""What may be opened as a warehouse, what is refused, and who waits for whom."""

import os
import re
import sqlite3
import struct
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.warehouse.failures import (
    WarehouseBusy,
    WarehouseFailed,
    WarehouseRefused,
)
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.warehouse import children

TABLE = "casablanca.daily_quotes"
MONDAY = date(2026, 3, 2)
LINES = 300_000
ROW = pl.DataFrame({"session": [MONDAY], "close": [1.5]})


def refusal(path: Path) -> str:
    """The message with which ``path`` is refused."""
    with pytest.raises(WarehouseRefused, match=re.escape(str(path))) as refused:
        Warehouse(path, mode="sandbox", patience=0).sessions(TABLE)
    return str(refused.value)


def test_the_folder_and_the_file_are_made_on_demand_and_nothing_else(tmp_path):
    path = tmp_path / "data" / "sandbox" / "warehouse.duckdb"
    Warehouse(path, mode="sandbox", patience=1).replace_sessions(
        TABLE, ROW, first=MONDAY, last=MONDAY
    )
    assert [each.name for each in path.parent.iterdir()] == ["warehouse.duckdb"]


def test_the_file_keeps_the_storage_version_that_compresses_text(warehouse):
    for _ in range(2):
        with warehouse.connected() as connection:
            found = connection.sql("SELECT tags FROM duckdb_databases() WHERE NOT internal")
            assert found.fetchall() == [({"storage_version": "v1.5.0+"},)]


@pytest.mark.parametrize(("made_as", "opened_as"), [("sandbox", "live"), ("live", "sandbox")])
def test_a_warehouse_remembers_its_mode_and_refuses_the_other(tmp_path, made_as, opened_as):
    path = tmp_path / "warehouse.duckdb"
    Warehouse(path, mode=made_as, patience=1).replace_sessions(
        TABLE, ROW, first=MONDAY, last=MONDAY
    )
    with pytest.raises(WarehouseRefused, match=f"holds {made_as} data .* opened as {opened_as}"):
        Warehouse(path, mode=opened_as, patience=1).read(TABLE)
    assert_frame_equal(Warehouse(path, mode=made_as, patience=1).read(TABLE), ROW)


def test_another_duckdb_file_is_refused_and_left_as_it_was(tmp_path):
    path = tmp_path / "theirs.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs AS SELECT 7 AS number")
    assert "not a warehouse of this platform; move it away" in refusal(path)
    with closing(duckdb.connect(path)) as connection:
        assert connection.sql("FROM theirs").fetchall() == [(7,)]


@pytest.mark.parametrize("content", [b"", b"ticker,close\n", b"not a database " * 1000])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path, content):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(content)
    assert "not a valid DuckDB database file! -> it is something else" in refusal(path)
    assert path.read_bytes() == content


def test_a_sqlite_file_is_refused_without_asking_the_network(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    assert "it is a SQLite file: move it away" in refusal(path)


def test_a_folder_in_its_place_is_refused(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    path.mkdir()
    assert "Is a directory" in refusal(path)


def test_a_damaged_file_is_refused_with_the_way_out(warehouse):
    warehouse.replace_sessions(TABLE, ROW, first=MONDAY, last=MONDAY)
    whole = warehouse.path.read_bytes()
    for damaged in (whole[:9000], whole[:4096] + bytes(8192) + whole[12288:]):
        warehouse.path.write_bytes(damaged)
        assert "restore a copy, or move it away and build every market anew" in refusal(
            warehouse.path
        )
        assert warehouse.path.read_bytes() == damaged


def test_a_file_that_a_newer_duckdb_wrote_is_refused(warehouse):
    warehouse.replace_sessions(TABLE, ROW, first=MONDAY, last=MONDAY)
    newer = bytearray(warehouse.path.read_bytes())
    struct.pack_into("<Q", newer, 12, 999)
    struct.pack_into("<Q", newer, 0, header_checksum(bytes(newer[8:4096])))
    warehouse.path.write_bytes(newer)
    assert "a newer DuckDB wrote it: open it with that version" in refusal(warehouse.path)
    assert warehouse.path.read_bytes() == newer


def header_checksum(block: bytes) -> int:
    """DuckDB's checksum of a block: 5381, xor every 64-bit word times a constant."""
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", block):
        checksum ^= word * 0xBF58476D1CE4E5B9 % 2**64
    return checksum


def test_a_journal_without_its_file_is_not_played_into_a_new_one(warehouse):
    warehouse.path.parent.mkdir()
    journal = warehouse.path.with_name("warehouse.duckdb.wal")
    journal.write_bytes(b"of a file that is gone")
    assert "belongs to a file that is gone" in str(refusal_of_creation(warehouse))
    assert not warehouse.path.exists()


def refusal_of_creation(warehouse: Warehouse) -> WarehouseRefused:
    with pytest.raises(WarehouseRefused) as refused:
        warehouse.sessions(TABLE)
    return refused.value


def test_what_a_killed_creation_left_is_swept_by_the_next(warehouse):
    warehouse.path.parent.mkdir()
    leftover = warehouse.path.with_name("warehouse.duckdb.building")
    leftover.write_bytes(b"torn")
    assert warehouse.sessions(TABLE) == []
    assert not leftover.exists()


def test_a_place_where_nothing_can_be_created_is_refused(tmp_path):
    (tmp_path / "file").touch()
    assert "choose a data directory that can be written" in refusal(
        tmp_path / "file" / "warehouse.duckdb"
    )


@contextmanager
def nobody() -> Generator[None]:
    """Gives up the rights of root, to whom permissions mean nothing."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def closed_folder() -> Generator[Path]:
    """A folder with a warehouse in it that its reader may see and not write."""
    folder = Path(mkdtemp())
    path = folder / "warehouse.duckdb"
    Warehouse(path, mode="sandbox", patience=1).sessions(TABLE)
    path.chmod(0o666)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    path.unlink()
    folder.rmdir()


def test_a_folder_that_cannot_be_written_is_refused(closed_folder):
    with nobody():
        assert "let this user write it" in refusal(closed_folder / "warehouse.duckdb")
        assert "Permission denied" in refusal(closed_folder / "other.duckdb")
        assert "Permission denied" in refusal(closed_folder / "sandbox" / "warehouse.duckdb")


def test_a_second_process_waits_for_a_bounded_time_and_names_the_holder(
    warehouse, tmp_path, processes
):
    warehouse.sessions(TABLE)
    held = tmp_path / "held"
    holder = processes.Process(target=children.hold, args=(warehouse.path, held))
    holder.start()
    while not held.exists():
        time.sleep(0.02)
    began = time.monotonic()
    with pytest.raises(WarehouseBusy, match=f"held by process {holder.pid}; waited 0.3 s"):
        Warehouse(warehouse.path, mode="sandbox", patience=0.3).sessions(TABLE)
    assert 0.3 <= time.monotonic() - began < 5
    holder.kill()
    holder.join()
    assert warehouse.sessions(TABLE) == []


def test_two_writers_at_once_lose_nothing(warehouse, processes):
    tables = ["casablanca.one", "casablanca.two"]
    writers = [
        processes.Process(target=children.write_ten_sessions, args=(warehouse.path, table))
        for table in tables
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    for table in tables:
        assert len(warehouse.sessions(table)) == 10
        assert warehouse.read(table).height == 200


def test_a_full_disk_is_reported_and_costs_nothing_that_was_committed(small_disk):
    warehouse = Warehouse(small_disk / "warehouse.duckdb", mode="sandbox", patience=1)
    committed: list[int] = []

    def fill() -> None:
        for day in range(1, 29):
            session = date(2026, 2, day)
            frame = pl.select(
                session=session,
                generation=pl.lit(day, pl.Int64),
                close=pl.int_range(LINES).hash(seed=day).cast(pl.Float64),
            )
            warehouse.replace_sessions(TABLE, frame, first=session, last=session)
            committed.append(day)

    with pytest.raises(WarehouseFailed, match=r"(?s)warehouse\.duckdb: .*free disk space") as full:
        fill()
    assert "No space left on device" in str(full.value)
    stored = warehouse.read(TABLE, columns=["generation"])
    whole = stored.group_by("generation").len().sort("generation")
    assert whole["len"].unique().to_list() == [LINES]
    assert whole["generation"].to_list()[: len(committed)] == committed
    assert len(committed) > 3

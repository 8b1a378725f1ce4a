"""What a publication holds, keeps and refuses."""

import re
import shutil
import subprocess
from collections.abc import Generator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.warehouse.failures import PublicationFailed, WarehouseBusy
from market_assets.warehouse.files import held
from market_assets.warehouse.publish import View, publish
from market_assets.warehouse.reader import Published
from market_assets_tests.warehouse.children import SESSIONS, publish_with_room, rows_of

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
QUOTES = pl.DataFrame(
    {
        "session": [MONDAY, MONDAY, TUESDAY],
        "ticker": ["IAM", "ATW", "ATW"],
        "close": [1.0, 2.0, 3.0],
        "sources": [["a"], [], None],
        "known_at": [datetime(2026, 3, 2, 16, tzinfo=UTC)] * 3,
    }
)
LATEST = View(
    name="casablanca.latest",
    sql="SELECT * FROM casablanca.daily_quotes WHERE session = "
    "(SELECT max(session) FROM casablanca.daily_quotes)",
    reads=("casablanca.daily_quotes",),
)
OF_NOTHING = View(
    name="casablanca.nothing", sql="FROM casablanca.absent", reads=("casablanca.absent",)
)


@pytest.fixture
def filled(warehouse):
    warehouse.replace_sessions("casablanca.daily_quotes", QUOTES, first=MONDAY, last=TUESDAY)
    warehouse.replace_sessions("quality.quarantine", QUOTES.clear(), first=MONDAY, last=MONDAY)
    warehouse.replace_sessions("raw.pages", QUOTES, first=MONDAY, last=TUESDAY)
    return warehouse


def published(warehouse, directory: Path, **changes) -> Path:
    arguments = {
        "schemas": ("casablanca", "quality"),
        "carried": (),
        "views": (LATEST, OF_NOTHING),
    }
    return publish(warehouse, directory, **arguments | changes)


def test_the_chosen_schemas_are_published_and_no_other(filled, tmp_path):
    published(filled, tmp_path / "published")
    reader = Published(tmp_path / "published")
    tables = reader.query(
        "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables ORDER BY 1"
    )
    assert tables["name"].to_list() == [
        "casablanca.daily_quotes",
        "casablanca.latest",
        "meta.marks",
        "meta.publication",
        "quality.quarantine",
    ]
    assert_frame_equal(reader.query("FROM casablanca.daily_quotes"), QUOTES)
    assert_frame_equal(reader.query("FROM quality.quarantine"), QUOTES.clear())


def test_a_view_follows_its_file_and_is_left_out_without_its_table(filled, tmp_path):
    file = published(filled, tmp_path / "published")
    moved = tmp_path / "moved" / file.name
    moved.parent.mkdir()
    shutil.copy(file, moved)
    moved.with_name("current.duckdb").symlink_to(moved.name)
    for directory in (file.parent, moved.parent):
        latest = Published(directory).query("FROM casablanca.latest")
        assert_frame_equal(latest, QUOTES.tail(1))


def test_a_publication_says_what_it_is(filled, tmp_path):
    file = published(filled, tmp_path)
    [row] = (
        Published(tmp_path)
        .query(
            "SELECT version, mode, date_diff('second', published_at, now()) FROM meta.publication"
        )
        .rows()
    )
    assert file.name == f"market-{row[0]}.duckdb"
    assert row[1] == "sandbox"
    assert 0 <= row[2] < 60


def test_the_last_three_versions_stay_and_sort_by_age(filled, tmp_path):
    made = [published(filled, tmp_path) for _ in range(5)]
    assert made == sorted(made)
    assert sorted(tmp_path.glob("market-*")) == made[2:]
    assert (tmp_path / "current.duckdb").resolve() == made[-1]


def test_the_current_version_stays_though_the_clock_was_set_back(filled, tmp_path):
    for number in range(3):
        (tmp_path / f"market-2999010{number}T000000000000Z-0000.duckdb").touch()
    file = published(filled, tmp_path)
    assert (tmp_path / "current.duckdb").resolve() == file
    assert len(list(tmp_path.glob("market-*"))) == 4


def test_a_published_file_cannot_be_written_by_its_mode(filled, tmp_path):
    assert published(filled, tmp_path).stat().st_mode & 0o222 == 0


def test_leftovers_of_the_dead_are_swept(filled, tmp_path):
    for name in ("market-x.duckdb.building", "market-x.duckdb.building.wal"):
        (tmp_path / name).write_bytes(b"torn")
    (tmp_path / "current.duckdb.building").symlink_to("market-x.duckdb")
    published(filled, tmp_path)
    assert [each for each in tmp_path.iterdir() if "building" in each.name] == []


def test_only_one_process_publishes_at_a_time(filled, tmp_path):
    filled.patience = 0
    directory = tmp_path / "published"
    with held(directory, patience=0), pytest.raises(WarehouseBusy, match="held by another process"):
        published(filled, directory)
    assert published(filled, directory).exists()


def test_a_place_that_cannot_be_written_is_said(filled, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(PublicationFailed, match=r"could not be published: .*File exists"):
        published(filled, tmp_path / "file")


def test_nothing_is_published_before_there_is_a_table(warehouse, tmp_path):
    with pytest.raises(PublicationFailed, match="casablanca, quality has a table yet"):
        published(warehouse, tmp_path / "published")
    assert list((tmp_path / "published").iterdir()) == []


def test_a_wrong_view_fails_the_publication_and_the_version_before_stays(filled, tmp_path):
    before = published(filled, tmp_path)
    wrong = View(
        name="casablanca.wrong", sql="SELECT nothere FROM casablanca.daily_quotes", reads=()
    )
    with pytest.raises(
        PublicationFailed, match=r"(?s)nothere.* the version before stays published"
    ):
        published(filled, tmp_path, views=(wrong,))
    assert {each.name for each in tmp_path.glob("*.duckdb*")} == {"current.duckdb", before.name}
    assert Published(tmp_path).current() == before
    assert published(filled, tmp_path) != before


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    """A disk of 4 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here: it takes the rights of root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_disk_without_room_is_refused_before_anything_is_built(filled, small_disk):
    with pytest.raises(PublicationFailed, match="has 4 MiB free and a new version may need 9"):
        published(filled, small_disk)
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("part", [0.5, 0.999])
def test_a_disk_that_fills_on_the_way_leaves_the_version_before_and_nothing_half(
    warehouse, tmp_path, processes, part
):
    close = pl.struct("session", "ticker").hash().cast(pl.Float64)  # does not compress away
    rows = rows_of(SESSIONS, 1, lines=20_000).with_columns(close=close)
    table, directory = "casablanca.daily_quotes", tmp_path / "published"
    warehouse.replace_sessions(table, rows, first=SESSIONS[0], last=SESSIONS[-1])
    before = published(warehouse, directory)
    room, said = int(before.stat().st_size * part), tmp_path / "said"
    child = processes.Process(
        target=publish_with_room, args=(warehouse.path, directory, room, said)
    )
    child.start()
    child.join()
    assert child.exitcode == 1
    assert re.search("File too large.* the version before stays published", said.read_text())
    assert {each.name for each in directory.iterdir()} == {"current.duckdb", before.name}
    assert Published(directory).current() == before
    after = published(warehouse, directory)
    assert Published(directory).current() == after
    assert Published(directory).query(f"FROM {table}").height == rows.height


@pytest.mark.parametrize(("lines", "room"), [(20_000, 1.1), (80_000, 1.5)])
def test_a_disk_that_fills_after_the_copy_leaves_the_version_before_and_nothing_half(
    warehouse, tmp_path, processes, lines, room
):
    """The changed rows find room in the log but not in the file, or not even in the log."""
    table, directory = "casablanca.daily_quotes", tmp_path / "published"
    for generation, count in ((1, 20_000), (2, lines)):
        close = pl.struct("session", "ticker").hash(seed=generation).cast(pl.Float64)
        rows = rows_of(SESSIONS, generation, lines=count).with_columns(close=close)
        warehouse.replace_sessions(table, rows, first=SESSIONS[0], last=SESSIONS[-1])
        if generation == 1:
            before = published(warehouse, directory)
    limit, said = int(before.stat().st_size * room), tmp_path / "said"
    child = processes.Process(
        target=publish_with_room, args=(warehouse.path, directory, limit, said)
    )
    child.start()
    child.join()
    assert child.exitcode == 1
    assert re.search("could not be built: .* the version before stays published", said.read_text())
    assert {each.name for each in directory.iterdir()} == {"current.duckdb", before.name}
    reader = Published(directory)
    assert reader.query(f"SELECT DISTINCT generation FROM {table}").rows() == [(1,)]
    published(warehouse, directory)
    assert reader.query(f"SELECT generation, count(*) FROM {table} GROUP BY 1").rows() == [
        (2, len(SESSIONS) * lines)
    ]


def test_what_is_carried_stays_as_it_was_published_whatever_the_warehouse_holds_now(
    filled, tmp_path
):
    published(filled, tmp_path / "published")
    filled.replace_sessions("casablanca.daily_quotes", QUOTES.clear(), first=MONDAY, last=TUESDAY)
    published(filled, tmp_path / "published", schemas=("quality",), carried=("casablanca",))
    reader = Published(tmp_path / "published")
    kept = reader.query("SELECT session, ticker, close FROM casablanca.daily_quotes", {})
    assert_frame_equal(kept, QUOTES.select("session", "ticker", "close"))
    latest = reader.query("SELECT ticker FROM casablanca.latest", {})
    assert latest["ticker"].to_list() == ["ATW"]


def test_the_first_publication_has_nothing_to_carry(filled, tmp_path):
    path = published(filled, tmp_path / "published", schemas=("quality",), carried=("casablanca",))
    with duckdb.connect(path, read_only=True) as connection:
        schemas = connection.sql("SELECT DISTINCT schema_name FROM duckdb_tables()").fetchall()
    assert sorted(schemas) == [("meta",), ("quality",)]

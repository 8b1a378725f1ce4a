"""Reading what is published: always whole, always the newest, never more than reading."""

import threading
import time
from datetime import date

import polars as pl
import pytest

from market_assets.warehouse.failures import (
    NothingPublished,
    QueryRefused,
    QueryTooLong,
    WarehouseRefused,
)
from market_assets.warehouse.publish import publish
from market_assets.warehouse.reader import Published
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.warehouse.children import (
    GENERATION,
    LINES,
    QUOTES,
    SESSIONS,
    replace_and_publish,
    rows_of,
)


def publish_generation(warehouse, directory, generation: int):
    frame = rows_of(SESSIONS, generation)
    warehouse.replace_sessions(QUOTES, frame, first=SESSIONS[0], last=SESSIONS[-1])
    return publish(
        warehouse,
        directory,
        schemas=("casablanca",),
        carried=(),
        views=[GENERATION],
    )


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Published:
    """Reads one version, of generation 1, that no test changes."""
    directory = tmp_path_factory.mktemp("reader")
    warehouse = Warehouse(directory / "warehouse.duckdb", mode="sandbox", patience=10)
    publish_generation(warehouse, directory / "published", 1)
    return Published(directory / "published")


def test_before_the_first_publication_the_reader_is_told_what_to_run(tmp_path):
    for directory in (tmp_path, tmp_path / "nothere"):
        with pytest.raises(NothingPublished, match="run `market-assets run` first"):
            Published(directory).query("SELECT 1")


def test_parameters_are_bound_by_place_and_by_name(reader):
    quotes = "SELECT count(*) AS n FROM casablanca.daily_quotes WHERE "
    assert reader.query(quotes + "session = ?", [SESSIONS[0]]).rows() == [(LINES,)]
    assert reader.query(quotes + "ticker = $t", {"t": "T00001"}).rows() == [(len(SESSIONS),)]
    assert reader.query(quotes + "ticker = ?", ["' OR true --"]).rows() == [(0,)]


def test_the_next_call_sees_the_new_version_and_an_open_one_goes_on(warehouse, tmp_path):
    publish_generation(warehouse, tmp_path, 1)
    reader = Published(tmp_path)
    assert reader.query("FROM casablanca.generation").rows() == [(1, 1)]
    with reader.reading() as slow:
        for generation in range(2, 7):
            file = publish_generation(warehouse, tmp_path, generation)
            assert reader.query("FROM casablanca.generation").rows() == [(generation, generation)]
            assert reader.current() == file
        assert slow.query("FROM casablanca.generation", (), seconds=5).rows() == [(1, 1)]


def test_a_query_is_given_up_when_its_time_is_over_and_the_next_one_is_answered(
    warehouse, tmp_path
):
    publish_generation(warehouse, tmp_path, 1)
    endless = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7"
    with Published(tmp_path).reading() as version:
        with pytest.raises(QueryTooLong, match=r"given up after 0\.1 s"):
            version.query(endless, (), seconds=0.1)
        assert version.query("SELECT 1", (), seconds=5).item() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO casablanca.daily_quotes SELECT * FROM casablanca.daily_quotes",
        "DELETE FROM casablanca.daily_quotes",
        "CREATE TABLE stolen AS SELECT 1",
        "CREATE TEMP TABLE heavy AS FROM range(10)",
        "DROP VIEW casablanca.generation",
        "COPY casablanca.daily_quotes TO '/tmp/out.csv'",
        "COPY (SELECT 1) TO '/dev/stdout'",
        "EXPORT DATABASE '/tmp/out'",
        "ATTACH '/tmp/other.duckdb' AS other",
        "ATTACH ':memory:' AS other",
        "INSTALL httpfs",
        "LOAD icu",
        "SET threads = 1",
        "SET lock_configuration = false",
        "PRAGMA enable_profiling",
        "CHECKPOINT",
        "FROM read_csv('/etc/passwd')",
        "FROM '/etc/passwd'",
        "FROM read_text('/etc/passwd')",
        "FROM glob('/etc/*')",
        "FROM visible_only_to_python",
        "FROM nothere",
        "SELECT nothere FROM casablanca.daily_quotes",
        "SELECT 1; SELECT 2",
        "SELEC 1",
        "",
    ],
)
def test_nothing_but_reading_what_is_published_is_allowed(reader, statement):
    visible_only_to_python = pl.DataFrame({"secret": [1]})
    with pytest.raises(QueryRefused):
        reader.query(statement)
    assert reader.query("FROM casablanca.generation").rows() == [(1, 1)]
    assert visible_only_to_python.height == 1


def test_what_is_wrong_with_a_query_reaches_the_reader(reader):
    with pytest.raises(QueryRefused, match=r"did you mean casablanca\.daily_quotes"):
        reader.query("FROM casablanca.daily_quote")
    with pytest.raises(QueryRefused, match="excess parameters: 2"):
        reader.query("SELECT ?", [1, 2])
    with pytest.raises(QueryRefused, match="column appears more than once"):
        reader.query("SELECT 1 AS a, 2 AS a")


@pytest.mark.parametrize(
    "statement",
    [
        "DESCRIBE casablanca.daily_quotes",
        "SHOW TABLES",
        "SUMMARIZE casablanca.daily_quotes",
        "EXPLAIN SELECT 1",
        "WITH one AS (SELECT 1) FROM one",
        "PIVOT casablanca.daily_quotes ON session IN ('2026-03-02') USING count(*)",
    ],
)
def test_every_kind_of_reading_is_allowed(reader, statement):
    assert reader.query(statement).width > 0


def test_instants_are_in_utc_and_dates_are_dates(reader):
    found = reader.query(
        "SELECT published_at, min(session) AS first FROM meta.publication, "
        "casablanca.daily_quotes GROUP BY ALL"
    )
    assert found.schema == {"published_at": pl.Datetime("us", "UTC"), "first": pl.Date}
    assert found["first"].to_list() == [date(2026, 3, 2)]


def test_a_damaged_version_is_said_to_be_damaged(tmp_path):
    (tmp_path / "market-x.duckdb").write_bytes(b"nothing of the kind")
    (tmp_path / "current.duckdb").symlink_to("market-x.duckdb")
    with pytest.raises(WarehouseRefused, match=r"market-x\.duckdb cannot be read"):
        Published(tmp_path).query("SELECT 1")


def test_readers_never_fail_while_another_process_publishes(warehouse, tmp_path, processes):
    directory = tmp_path / "published"
    publish_generation(warehouse, directory, 0)
    publisher = processes.Process(
        target=replace_and_publish,
        args=(warehouse.path, directory, tmp_path / "acknowledged", range(1, 11)),
    )
    reader, seen, errors, done = Published(directory), [[], []], [], threading.Event()

    def read(answers: list[int]) -> None:
        while not (done.is_set() and answers):
            try:
                [(first, last)] = reader.query("FROM casablanca.generation").rows()
            except Exception as error:
                errors.append(error)
                raise
            assert first == last
            answers.append(last)
            time.sleep(0.01)

    publisher.start()
    threads = [threading.Thread(target=read, args=(answers,)) for answers in seen]
    for thread in threads:
        thread.start()
    publisher.join()  # asked by this thread alone: its exit status can be read only once
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert publisher.exitcode == 0
    for answers in seen:
        assert answers == sorted(answers)
        assert len(set(answers)) > 3
    assert reader.query("FROM casablanca.generation").rows() == [(10, 10)]


def test_two_readers_of_one_version_live_side_by_side(warehouse, tmp_path):
    directory = tmp_path / "published"
    publish_generation(warehouse, directory, 1)
    first, second = Published(directory), Published(directory)
    query = "FROM casablanca.generation"
    assert first.query(query).rows() == second.query(query).rows() == [(1, 1)]

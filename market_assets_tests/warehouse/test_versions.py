"""A version made from the one before is what a version made whole would be."""

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.warehouse.changes import KEPT_CHANGES, Days, merged
from market_assets.warehouse.publish import View, publish
from market_assets.warehouse.reader import Published
from market_assets.warehouse.tables import Replacement, Warehouse
from market_assets.warehouse.versions import SPARE_BYTES, Version
from market_assets_tests.warehouse.children import GENERATION, QUOTES, SESSIONS, rows_of

MONDAY = date(2026, 3, 2)
MARKETS = ("casablanca", "hkex")
TABLES = ("casablanca.daily_quotes", "hkex.holdings", "quality.quarantine")
LAST = View(
    name="hkex.last", sql="SELECT max(session) AS last FROM hkex.holdings", reads=("hkex.holdings",)
)


@dataclass(frozen=True)
class Replace:
    """Rows for some days of a table, of all its writers or of one, with a new column or not."""

    table: str
    first: int
    days: int
    lines: int
    asset: str | None
    wider: bool

    def apply(self, warehouse: Warehouse, stamp: int) -> None:
        first = MONDAY + timedelta(days=self.first)
        last = first + timedelta(days=self.days)
        rows = [
            (first + timedelta(days=day), f"T{line}", self.asset or "a", stamp)
            for line in reversed(range(self.lines))
            for day in range(self.days + 1)
        ]
        schema = {"session": pl.Date, "ticker": pl.String, "asset": pl.String, "stamp": pl.Int64}
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        if self.wider:
            frame = frame.with_columns(note=pl.lit(f"of {stamp}"))
        owner = ("asset", self.asset) if self.asset else None
        warehouse.replace_many(
            [Replacement(table=self.table, frame=frame, first=first, last=last, owner=owner)]
        )


@dataclass(frozen=True)
class Whole:
    """A whole table, its columns included."""

    table: str
    wider: bool

    def apply(self, warehouse: Warehouse, stamp: int) -> None:
        frame = pl.DataFrame(
            {"session": [MONDAY], "ticker": ["W"], "asset": ["a"], "stamp": [stamp]}
        )
        changes = {"note": pl.lit("whole")} if self.wider else {}
        warehouse.replace_table(self.table, frame.with_columns(**changes))


@dataclass(frozen=True)
class Publish:
    """A publication of one market; the other is carried."""

    market: str


REPLACE = st.builds(
    Replace,
    table=st.sampled_from(TABLES),
    first=st.integers(0, 9),
    days=st.integers(0, 3),
    lines=st.integers(0, 3),
    asset=st.sampled_from([None, "a", "b"]),
    wider=st.sampled_from([False, False, False, True]),
)
WHOLE = st.builds(Whole, table=st.sampled_from(TABLES), wider=st.booleans())
PUBLISH = st.builds(Publish, market=st.sampled_from(MARKETS))
ROUND = st.tuples(st.lists(st.one_of(REPLACE, REPLACE, WHOLE), min_size=1, max_size=3), PUBLISH)


def publish_market(warehouse: Warehouse, directory: Path, market: str) -> Path:
    carried = [other for other in MARKETS if other != market]
    schemas = (market, "quality")
    return publish(warehouse, directory, schemas=schemas, carried=carried, views=[LAST])


def tables_of(directory: Path) -> dict[str, pl.DataFrame]:
    """Every published table by session, in a session in the file's order."""
    reader = Published(directory)
    names = reader.query(
        "SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() "
        "WHERE schema_name <> 'meta' ORDER BY 1"
    )
    return {
        name: reader.query(f"SELECT * FROM {name} ORDER BY session, rowid")
        for name in names["name"]
    }


def made_whole(directory: Path) -> bool:
    """Whether the newest version was made whole."""
    rows = Published(directory).query("SELECT whole_bytes IS NULL FROM meta.publication").rows()
    return rows[0][0]


@settings(deadline=None, max_examples=5, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(rounds=st.lists(ROUND, min_size=2, max_size=4))
def test_after_any_replacements_a_version_is_what_one_made_whole_would_be(rounds):
    with TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / "warehouse.duckdb", mode="sandbox", patience=10)
        for table in TABLES:
            Replace(table, 0, 3, 2, None, wider=False).apply(warehouse, 0)
        expected: dict[str, pl.DataFrame] = {}
        for number, (replacements, publication) in enumerate(rounds, 1):
            for each in replacements:
                each.apply(warehouse, number)
            publish_market(warehouse, Path(folder) / "published", publication.market)
            apart = Path(folder) / f"whole-{number}"
            publish_market(warehouse, apart, publication.market)
            assert made_whole(apart)
            expected |= tables_of(apart)
            found = tables_of(Path(folder) / "published")
            assert found.keys() == expected.keys()
            for table, frame in found.items():
                assert_frame_equal(frame, expected[table])
        published_markets = {publication.market for _, publication in rounds}
        assert ("hkex" in published_markets) == (
            Published(Path(folder) / "published")
            .query("SELECT 1 FROM duckdb_views() WHERE view_name = 'last'")
            .height
            == 1
        )


@pytest.fixture
def filled(warehouse):
    for table in TABLES:
        Replace(table, 0, 3, 2, None, wider=False).apply(warehouse, 0)
    return warehouse


def assert_whole_and_right(warehouse, directory: Path, *, whole: bool) -> None:
    publish_market(warehouse, directory, "casablanca")
    assert made_whole(directory) == whole
    for table in ("casablanca.daily_quotes", "quality.quarantine"):
        assert_frame_equal(tables_of(directory)[table], warehouse.read(table))


def test_a_version_follows_the_one_before_and_one_of_another_warehouse_is_not_followed(
    filled, tmp_path
):
    directory = tmp_path / "published"
    for whole in (True, False, False):
        Replace("casablanca.daily_quotes", 3, 1, 3, None, wider=False).apply(filled, 1)
        assert_whole_and_right(filled, directory, whole=whole)
    other = Warehouse(tmp_path / "other" / "warehouse.duckdb", mode="sandbox", patience=10)
    for stamp in range(10):
        for table in TABLES:
            Replace(table, 7, 1, 1, None, wider=False).apply(other, stamp)
    assert_whole_and_right(other, directory, whole=True)
    assert_whole_and_right(other, directory, whole=False)


def test_a_warehouse_that_was_put_back_is_published_whole(filled, tmp_path):
    directory, copy = tmp_path / "published", tmp_path / "copy.duckdb"
    shutil.copy(filled.path, copy)
    Replace("casablanca.daily_quotes", 1, 1, 3, None, wider=False).apply(filled, 1)
    assert_whole_and_right(filled, directory, whole=True)
    shutil.copy(copy, filled.path)
    for stamp in (2, 3):
        Replace("casablanca.daily_quotes", 2, 1, 3, None, wider=False).apply(filled, stamp)
    assert_whole_and_right(filled, directory, whole=True)


@pytest.mark.parametrize(("others", "whole"), [(KEPT_CHANGES - 2, False), (KEPT_CHANGES, True)])
def test_a_version_older_than_the_log_is_not_followed(filled, tmp_path, others, whole):
    assert_whole_and_right(filled, tmp_path / "published", whole=True)
    with filled.connected() as connection:
        connection.execute(
            "INSERT INTO meta.changes SELECT number + n, noted_at, 'casablanca.daily_quotes', "
            "'session', DATE '2026-03-02', DATE '2026-03-02' FROM range(1, ? + 1) r(n), "
            "(FROM meta.changes ORDER BY number DESC LIMIT 1)",
            [others],
        )
    Replace("casablanca.daily_quotes", 2, 1, 3, None, wider=False).apply(filled, 1)
    assert_whole_and_right(filled, tmp_path / "published", whole=whole)


def test_the_log_keeps_the_newest_changes_only(filled):
    with filled.connected() as connection:
        connection.execute("INSERT INTO meta.changes (number) FROM range(4, 30000)")
    Replace("hkex.holdings", 0, 0, 1, None, wider=False).apply(filled, 1)
    with filled.connected() as connection:
        kept = connection.execute("SELECT count(*), max(number) FROM meta.changes").fetchall()
    assert kept == [(KEPT_CHANGES, 30_000)]


def test_what_is_replaced_past_the_log_is_found_where_the_rows_are_not_as_many(filled, tmp_path):
    assert_whole_and_right(filled, tmp_path / "published", whole=True)
    with filled.connected() as connection:
        connection.execute("DELETE FROM casablanca.daily_quotes WHERE ticker = 'T1'")
    assert_whole_and_right(filled, tmp_path / "published", whole=False)


def test_a_table_that_is_gone_from_the_warehouse_is_gone_from_the_next_version(filled, tmp_path):
    Replace("casablanca.other", 0, 0, 1, None, wider=False).apply(filled, 1)
    assert_whole_and_right(filled, tmp_path / "published", whole=True)
    with filled.connected() as connection:
        connection.execute("DROP TABLE casablanca.other")
    assert_whole_and_right(filled, tmp_path / "published", whole=False)
    assert "casablanca.other" not in tables_of(tmp_path / "published")


@pytest.mark.parametrize("kind", ["damaged", "of another make"])
def test_a_file_that_cannot_be_followed_is_replaced_by_a_whole_one(filled, tmp_path, kind):
    directory = tmp_path / "published"
    directory.mkdir()
    file = directory / "market-x.duckdb"
    if kind == "damaged":
        file.write_bytes(b"nothing of the kind")
    else:
        with duckdb.connect(file) as connection:
            connection.execute("CREATE SCHEMA meta")
            connection.execute("CREATE TABLE meta.publication (version VARCHAR)")
    (directory / "current.duckdb").symlink_to(file.name)
    assert_whole_and_right(filled, directory, whole=True)


def test_a_version_that_has_doubled_is_made_whole_again(warehouse, tmp_path):
    few, many = rows_of(SESSIONS[:1], 0, lines=10), rows_of(SESSIONS, 1, lines=2_000)
    noise = [token_hex(1_500) for _ in range(many.height)]  # 30 MB, of which half is left packed
    many = many.with_columns(ticker=pl.Series(noise))
    sizes = []
    for frame, whole in ((few, True), (many, False), (few, True), (few, False)):
        warehouse.replace_sessions(QUOTES, frame, first=SESSIONS[0], last=SESSIONS[-1])
        path = publish(
            warehouse,
            tmp_path / "published",
            schemas=("casablanca",),
            carried=(),
            views=[GENERATION],
        )
        assert made_whole(tmp_path / "published") == whole
        sizes.append(path.stat().st_size)
    assert sizes[1] > 2 * sizes[0] + SPARE_BYTES > 2 * sizes[2]


@pytest.mark.parametrize(("size", "overgrown"), [(30 * 2**20, False), (30 * 2**20 + 1, True)])
def test_a_version_may_grow_to_twice_what_it_was_and_8_mib(size, overgrown):
    version = Version(path=Path("x"), size=size, whole_bytes=11 * 2**20, marks={})
    assert version.overgrown() == overgrown


def test_spans_that_overlap_or_touch_become_one_and_columns_stay_apart():
    def days(first: int, last: int, column: str = "session") -> Days:
        return Days(column=column, first=date(2026, 3, first), last=date(2026, 3, last))

    spans = [days(9, 10), days(1, 2), days(3, 3), days(2, 2, "week"), days(5, 8), days(6, 7)]
    assert merged(spans) == (days(1, 3), days(5, 10), days(2, 2, "week"))
    assert merged([]) == ()

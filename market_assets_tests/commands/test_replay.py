"""A replay finds the same tables in the captures, or says in which rows they differ."""

import re
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.warehouse.comparison import compared
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.built import FIRST, LAST, invoked, tampered

CLOSE = "UPDATE casablanca.daily_quotes SET close = 1 WHERE ticker = 'ATW' AND session = '{}'"


@pytest.fixture
def two(tmp_path: Path) -> tuple[Warehouse, Warehouse]:
    return tuple(Warehouse(tmp_path / f"{name}.duckdb", mode="sandbox") for name in "ab")


def quotes(*closes: float) -> pl.DataFrame:
    days = [FIRST + timedelta(days=place) for place in range(len(closes))]
    return pl.DataFrame({"session": days, "close": closes})


def test_two_builds_of_the_same_are_equal_in_whatever_order_their_rows_lie(two):
    here, there = two
    here.replace_table("made.quotes", quotes(1.0, 2.0))
    there.replace_table("made.quotes", quotes(1.0, 2.0).reverse())
    assert [each.equal for each in compared(here, there.path, without=())] == [True]


def test_what_differs_is_counted_on_each_side_and_shown(two):
    here, there = two
    here.replace_table("made.quotes", pl.concat([quotes(1.0, 2.0), quotes(1.0)]))
    there.replace_table("made.quotes", quotes(1.0, 2.5))
    [table] = compared(here, there.path, without=())
    assert (table.equal, table.only_here, table.only_there) == (False, 2, 1)
    assert_frame_equal(table.first_here, quotes(1.0, 2.0))  # the same row twice counts twice
    assert_frame_equal(table.first_there, quotes(1.0, 2.5).tail(1))


def test_the_last_bit_of_a_number_counts_and_a_column_left_aside_does_not(two):
    here, there = two
    here.replace_table("made.quotes", quotes(0.1 + 0.2))
    there.replace_table("made.quotes", quotes(0.3))
    assert not compared(here, there.path, without=())[0].equal
    assert compared(here, there.path, without=("close",))[0].equal


def test_a_table_or_column_that_one_side_lacks_is_named(two):
    here, there = two
    here.replace_table("made.quotes", quotes(1.0))
    here.replace_table("made.alone", quotes(1.0))
    there.replace_table("made.quotes", quotes(1.0).with_columns(volume=pl.lit(1, pl.Int64)))
    told = {each.table: each.shape for each in compared(here, there.path, without=())}
    assert told == {
        "made.alone": "only here",
        "made.quotes": "columns: volume absent here, BIGINT there",
    }


def test_a_replay_finds_the_same_tables_and_then_the_row_that_was_changed(tmp_path: Path):
    data = tmp_path / "data"
    about = ("--market", "casablanca", "--days", 2, "--until", LAST)
    assert invoked("run", *about, "--data-dir", data).status == 0
    before = sorted(path.name for path in (data / "sandbox").iterdir())
    same = invoked("replay", "--data-dir", data)
    assert same.status == 0, same.out
    assert re.fullmatch(r"(\d+) of \1 tables are equal", same.out.splitlines()[-1])

    tampered(data, CLOSE.format(LAST))
    other = invoked("replay", "--data-dir", data)
    assert other.status == 1
    assert "casablanca.daily_quotes: 1 rows only now, 1 only when replayed" in other.out
    assert re.fullmatch(r"\d+ of \d+ tables are equal, 1 differ", other.out.splitlines()[-1])
    assert sorted(path.name for path in (data / "sandbox").iterdir()) == before


def test_a_replay_of_nothing_is_refused(tmp_path: Path):
    refused = invoked("replay", "--data-dir", tmp_path / "data")
    assert refused.status == 2
    assert refused.err.startswith("error: nothing is built in ")

"""Every column that is published says what it means, where the UI shows it."""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from market_assets.defs.columns import MEANINGS, OF_TABLE, table_schema
from market_assets.defs.instance import open_instance
from market_assets.settings import Settings
from market_assets_tests.built import Built, copied, published
from market_assets_tests.built_africa import built_africa_once

TABLES = """
SELECT schema_name || '.' || table_name AS name, list(column_name) AS columns
FROM duckdb_columns() JOIN duckdb_tables() USING (schema_name, table_name)
WHERE schema_name NOT IN ('main', 'meta') GROUP BY name ORDER BY name
"""


@pytest.fixture(scope="module")
def tables(
    built: Built, hkex_built: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, set[str]]:
    """The columns of each published table of every market."""
    african = built_africa_once(tmp_path_factory)
    found = pl.concat(published(data, TABLES) for data in (built.first, hkex_built, african))
    return {name: set(columns) for name, columns in found.iter_rows()}


def test_every_published_column_is_described(tables):
    assert {"casablanca.daily_quotes", "hkex.holding_deltas", "quality.quarantine"} <= set(tables)
    described = {
        name: {
            column.name
            for column in table_schema(name, pl.Schema(dict.fromkeys(columns, pl.Null()))).columns
            if column.description
        }
        for name, columns in tables.items()
    }
    assert described == tables


def test_every_meaning_is_of_a_published_column(tables):
    assert set().union(*tables.values()) >= MEANINGS.keys()
    assert {name: meanings.keys() - tables[name] for name, meanings in OF_TABLE.items()} == {
        name: set() for name in OF_TABLE
    }


def test_a_table_may_mean_something_else_by_a_name():
    schema = pl.Schema({"status": pl.String})
    (quoted,) = table_schema("casablanca.daily_quotes", schema).columns
    (changed,) = table_schema("hkex.holding_deltas", schema).columns
    assert (quoted.type, quoted.description) == ("String", MEANINGS["status"])
    assert changed.description == OF_TABLE["hkex.holding_deltas"]["status"]


def test_the_ui_has_the_meanings_of_a_run(hkex_built, tmp_path):
    data = copied(hkex_built, tmp_path / "data")
    with open_instance(Settings(data_dir=data)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["hkex", "new_holdings"]))
    assert event is not None
    assert event.asset_materialization is not None
    shown = event.asset_materialization.metadata["dagster/column_schema"].value
    assert all(column.description for column in shown.columns)

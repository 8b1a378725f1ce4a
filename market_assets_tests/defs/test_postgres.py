"""Dagster's runs and events in Postgres: a real server, a real run, nothing in SQLite files."""

import os
import re
import subprocess
from contextlib import closing
from pathlib import Path

import dagster as dg
import psycopg2

from market_assets.defs.instance import CONFIG, POSTGRES_URL, instance_home, open_instance
from market_assets.settings import Settings
from market_assets_tests.defs.postgres import PASSWORD, binaries
from market_assets_tests.defs.runs import CAPTURED, asked


def test_a_run_is_on_record_in_postgres_and_the_password_in_no_file(postgres: str, tmp_path: Path):
    settings = Settings(data_dir=tmp_path, dagster={"postgres_url": postgres})
    with open_instance(settings) as instance:
        run_id = asked(settings, instance)
    with open_instance(settings) as instance:
        [record] = instance.get_run_records()
        told = instance.get_latest_materialization_event(CAPTURED)
    assert record.dagster_run.status is dg.DagsterRunStatus.SUCCESS
    assert told is not None
    assert told.run_id == record.dagster_run.run_id == run_id
    with closing(psycopg2.connect(postgres)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM event_logs WHERE run_id = %s", [run_id])
        [(events,)] = cursor.fetchall()
    assert events > 10
    assert not list((tmp_path / "dagster").rglob("*.db"))
    assert f"env: {POSTGRES_URL}" in (instance_home(settings) / CONFIG).read_text("utf-8")
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert not [each for each in files if PASSWORD.encode() in each.read_bytes()]


def test_what_the_documented_commands_dump_they_put_back(
    postgres: str, other_postgres: str, tmp_path: Path
):
    def noted(url: str) -> list[float]:
        """When each event was, once there is one more."""
        with open_instance(Settings(data_dir=tmp_path, dagster={"postgres_url": url})) as instance:
            instance.report_runless_asset_event(dg.AssetMaterialization(CAPTURED))
            return [each.timestamp for each in instance.fetch_materializations(CAPTURED, 9).records]

    text = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
    dump, put_back = re.findall(r"^pg_(?:dump|restore) .*$", text, re.MULTILINE)
    before = noted(postgres)
    for command in (dump, put_back):
        addresses = {POSTGRES_URL: postgres, "EMPTY_DATABASE": other_postgres}
        words = ["sh", "-c", f"{binaries()}/{command}"]
        subprocess.run(words, check=True, cwd=tmp_path, env=os.environ | addresses)
    assert noted(other_postgres)[1:] == before


def test_without_an_address_it_is_sqlite(tmp_path: Path):
    with open_instance(Settings(data_dir=tmp_path)) as instance:
        assert instance.get_run_records() == []
    assert (tmp_path / "dagster/history/runs.db").exists()

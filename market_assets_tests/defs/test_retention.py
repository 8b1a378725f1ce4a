"""What is let go of and what stays, on real instances: SQLite's, and a Postgres server's."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster_graphql.test.utils import execute_dagster_graphql

from market_assets.defs.captures import ANSWERED
from market_assets.defs.instance import open_instance
from market_assets.defs.location import code_location
from market_assets.defs.platform import Platform
from market_assets.defs.retention import forget_runs
from market_assets.serving.api.access.audit import FILE, Audit, Entry
from market_assets.serving.api.access.database import FOLDER
from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.outbox import Message
from market_assets.serving.delivery.state import State
from market_assets.settings import Settings
from market_assets_tests.defs.runs import CAPTURED, asked, workspace
from market_assets_tests.serving.api.tables import MARTS, made, published
from market_assets_tests.web.children import add

OCTOBER, NOVEMBER = date(2026, 10, 9), date(2026, 11, 13)
STANDING = """
query Standing($key: AssetKeyInput!) {
  assetNodeOrError(assetKey: $key) {
    ... on AssetNode {
      assetMaterializations(limit: 1) { runId }
      partitionStats { numMaterialized numFailed }
      assetChecksOrError {
        ... on AssetChecks {
          checks { name executionForLatestMaterialization { status runId } }
        }
      }
    }
  }
}
"""


def standing(instance: dg.DagsterInstance) -> dict[str, Any]:
    """What the UI shows of the captures, by its own queries."""
    with workspace(instance) as context:
        told = execute_dagster_graphql(context, STANDING, {"key": {"path": CAPTURED.path}})
    assert not told.errors
    return told.data["assetNodeOrError"]


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path)
    url = request.getfixturevalue("postgres")
    return Settings(data_dir=tmp_path, dagster={"postgres_url": url})


def test_old_runs_go_and_what_tells_how_an_asset_stands_is_kept(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MARKET_ASSETS_DATA_DIR", str(tmp_path))
    with open_instance(settings) as instance:
        older = asked(settings, instance, day=OCTOBER)
        replaced = asked(settings, instance, day=NOVEMBER)
        border = datetime.now(UTC)
        newest = asked(settings, instance, day=NOVEMBER)
        before = standing(instance)
        events = instance.get_records_for_run(older).records

        assert forget_runs(instance, border - timedelta(minutes=10)) == 0
        assert forget_runs(instance, border) == 1
        assert forget_runs(instance, border) == 0

        kept = {record.dagster_run.run_id for record in instance.get_run_records()}
        assert kept == {older, newest}
        assert instance.get_records_for_run(older).records == events != []
        assert standing(instance) == before
        assert before["assetMaterializations"] == [{"runId": newest}]
        assert before["partitionStats"] == {"numMaterialized": 2, "numFailed": 0}
        [check] = before["assetChecksOrError"]["checks"]
        latest = {"status": "SUCCEEDED", "runId": newest}
        assert check == {"name": ANSWERED, "executionForLatestMaterialization": latest}
    assert {each.name for each in (tmp_path / "dagster/logs").iterdir()} == {older, newest}
    assert not list((tmp_path / "dagster").rglob(f"*{replaced}*"))
    shards = {each.stem for each in (tmp_path / "dagster/history/runs").glob("*-*.db")}
    assert shards == (set() if settings.dagster.postgres_url else {older, newest})


def test_a_run_that_still_runs_is_never_let_go(tmp_path: Path):
    with open_instance(Settings(data_dir=tmp_path)) as instance:
        running = dg.DagsterRun(job_name="casablanca", status=dg.DagsterRunStatus.STARTED)
        instance.add_run(running)
        assert forget_runs(instance, datetime.now(UTC) + timedelta(days=1)) == 0
        assert instance.get_run_by_id(running.run_id) is not None


def test_the_job_lets_go_of_what_the_settings_do_not_keep(tmp_path: Path):
    kept = {"versions": 1}
    settings = Settings(data_dir=tmp_path, api={"audit_days": 2}, retention=kept)
    warehouse = made(tmp_path, MARTS)
    newest = published(tmp_path, warehouse)
    audit = Audit(settings.mode_dir / FOLDER, days=90)
    for days in (1, 3):
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        audit.note(Entry(at, "key", "me", "GET", f"/{days}", 200, 1, 1.0))
    audit.close()
    with Platform(settings).archive.writing("cdg_capital", OCTOBER, OCTOBER) as writing:
        add(writing, 0, b"page 0")
    state = State(settings.mode_dir)
    with state.writing() as connection:
        for days in (89, 91):
            put_in = datetime.now(UTC) - timedelta(days=days)
            told = Message(kind="late", about=str(days), recipient="ops", title="", body="")
            outbox.put(connection, told, put_in)
            outbox.sent(connection, told, put_in)

    assert let_go(settings) == {"runs": 0, "versions": 1, "reads": 1, "messages": 1}
    assert list((settings.mode_dir / "published").glob("market-*.duckdb")) == [newest]
    with closing(sqlite3.connect(settings.mode_dir / FOLDER / FILE)) as connection:
        assert connection.execute("SELECT target FROM audit").fetchall() == [("/1",)]
    with state.reading() as connection:
        assert [row["about"] for row in outbox.listed(connection)] == ["89"]
    assert list((settings.mode_dir / "captures").rglob("*.warc.gz"))

    short = Settings(data_dir=tmp_path, retention=kept | {"capture_days": 1})
    nothing = dict.fromkeys(("runs", "versions", "reads", "messages"), 0)
    assert let_go(short) == nothing | {"captures": 1}
    assert not list((settings.mode_dir / "captures").rglob("*.warc.gz"))


def let_go(settings: Settings) -> dict[str, object]:
    """What the job says that it let go of."""
    job = code_location(settings, loggers=None).resolve_job_def("retention")
    with open_instance(settings) as instance:
        result = job.execute_in_process(instance=instance)
    [output] = [event for event in result.all_events if event.is_successful_output]
    return {name: told.value for name, told in output.step_output_data.metadata.items()}

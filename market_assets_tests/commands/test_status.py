"""``market-assets status``: what is due and missing, how runs and sources fare, and the status."""

import json
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from market_assets.calendars.sessions import newest_closed_session
from market_assets.defs.instance import open_instance
from market_assets.defs.platform import Platform
from market_assets.settings import Settings
from market_assets_tests.built import Ran, invoked
from market_assets_tests.defs.runs import LOCATION, workspace
from market_assets_tests.serving.api.tables import made
from market_assets_tests.web.children import add

QUOTES = """
CREATE SCHEMA casablanca; CREATE SCHEMA quality;
CREATE TABLE casablanca.daily_quotes AS SELECT 'ATW' AS ticker, DATE '{day}' AS session,
    'cdg_capital' AS source, 'cdg_capital' AS sources;
CREATE TABLE casablanca.volume_data_quality AS
    SELECT * FROM (VALUES ('cdg_capital', DATE '{day}', 0.75), ('medias24', DATE '{day}', 0.25),
    ('cdg_capital', DATE '2020-01-02', 0.0)) t(source, session, score);
CREATE TABLE quality.quarantine AS SELECT DATE '{day}' AS session;
"""
LONG_AGO = date(2026, 10, 9)


@pytest.fixture
def due() -> date:
    return newest_closed_session("XCAS", datetime.now(UTC))


def told(data: Path) -> tuple[int, dict]:
    run = invoked("status", "--json", "--data-dir", data)
    return run.status, json.loads(run.out)


def table_in(status: dict, name: str) -> dict:
    return next(row for row in status["tables"] if row["table"] == name)


def test_all_is_well_where_every_table_ends_with_the_day_that_is_due(tmp_path: Path, due: date):
    made(tmp_path, QUOTES.format(day=due))
    with Platform(Settings(data_dir=tmp_path)).archive.writing("cdg_capital", due, due) as writing:
        add(writing, 0, b"page 0")
        add(writing, 1, b"page 1")
    code, status = told(tmp_path)
    assert (code, status["well"], status["faults"]) == (0, True, [])
    quotes = table_in(status, "casablanca.daily_quotes")
    assert quotes["newest"] == quotes["due"] == due.isoformat()
    assert quotes["status"] == "fresh"
    assert quotes["age_days"] == (datetime.now(UTC).date() - due).days
    assert quotes["quality"] == status["markets"]["casablanca"]["quality"] == 0.5
    assert (quotes["last_run"], quotes["next_run"]) == (None, None)
    assert (status["mode"], status["versions"]) == ("sandbox", 1)
    [file] = (tmp_path / "sandbox/published").glob("market-*.duckdb")
    assert status["disk_bytes"]["published"] == file.stat().st_size
    assert file.stem == f"market-{status['version']}"
    sources = {source["source"]: source for source in status["sources"]}
    assert sources["cdg_capital"]["status"] == 200
    assert sources["cdg_capital"]["url"].endswith("/1")
    assert sources["medias24"] == {"source": "medias24", "at": None}


def test_a_table_that_is_behind_is_named_and_makes_the_exit_status_1(tmp_path: Path, due: date):
    made(tmp_path, QUOTES.format(day=LONG_AGO))
    code, status = told(tmp_path)
    assert (code, status["well"]) == (1, False)
    fault = f"casablanca.daily_quotes ends on {LONG_AGO}, {due} is due"
    assert fault in status["faults"]
    shown = invoked("status", "--data-dir", tmp_path)
    assert shown.status == 1
    assert f"unwell: {fault}" in shown.out
    metrics = invoked("status", "--prometheus", "--data-dir", tmp_path).out
    assert 'market_assets_table_stale{table="casablanca.daily_quotes"} 1.0' in metrics


def test_why_that_day_is_due_is_told_by_the_rhythm_of_the_table(tmp_path: Path, due: date):
    rates = "SELECT DATE '2020-03-31' AS reference_date"
    of_a_quarter = f"CREATE SCHEMA central_bank; CREATE TABLE central_bank.lending_rates AS {rates}"
    made(tmp_path, QUOTES.format(day=due) + of_a_quarter)
    shown = invoked("status", "--data-dir", tmp_path).out
    told = {words[0]: words[1:4] for words in map(str.split, shown.splitlines()) if words[3:]}
    assert told["casablanca.daily_quotes"] == [f"{due}", f"{due}", "session"]
    newest, rates_due, rhythm = told["central_bank.lending_rates"]
    assert (newest, rhythm) == ("2020-03-31", "quarter")
    assert newest < rates_due < f"{due}"


def test_the_last_run_counts_whoever_started_it_and_a_failed_one_is_a_fault(
    tmp_path: Path, due: date
):
    made(tmp_path, QUOTES.format(day=due))
    failed = noted_run(tmp_path, "casablanca", dg.DagsterRunStatus.FAILURE)
    code, status = told(tmp_path)
    assert code == 1
    assert status["faults"] == [f"the last run of casablanca failed: {failed}"]
    assert table_in(status, "casablanca.daily_quotes")["last_run_status"] == "FAILURE"
    noted_run(tmp_path, "casablanca_from_captures", dg.DagsterRunStatus.SUCCESS)
    code, status = told(tmp_path)
    assert (code, status["markets"]["casablanca"]["status"]) == (0, "SUCCESS")
    assert status["markets"]["hkex"]["status"] is None


def noted_run(data: Path, job: str, status: dg.DagsterRunStatus) -> str:
    run = dg.DagsterRun(job_name=job, run_id=str(uuid.uuid4()), status=status)
    with open_instance(Settings(data_dir=data)) as instance:
        instance.add_run(run)
    return run.run_id


def test_the_next_run_is_that_of_the_first_schedule_that_is_switched_on(
    tmp_path: Path, due: date, monkeypatch: pytest.MonkeyPatch
):
    made(tmp_path, QUOTES.format(day=due))
    monkeypatch.setenv("MARKET_ASSETS_DATA_DIR", str(tmp_path))
    with open_instance(Settings(data_dir=tmp_path)) as instance, workspace(instance) as context:
        [repository] = context.get_code_location(LOCATION).get_repositories().values()
        for name in ("casablanca_evening", "casablanca_weekly_trends"):
            instance.start_schedule(repository.get_schedule(name))
    _, status = told(tmp_path)
    coming = datetime.fromisoformat(status["markets"]["casablanca"]["next_at"])
    there = coming.astimezone(ZoneInfo("Africa/Casablanca"))
    assert coming > datetime.now(UTC)
    assert there.hour in {9, 18}
    assert there.weekday() < 5
    assert status["markets"]["hkex"]["next_at"] is None


def test_before_anything_is_published_it_says_so(tmp_path: Path):
    run: Ran = invoked("status", "--data-dir", tmp_path)
    assert (run.status, run.out) == (2, "")
    assert "nothing is published" in run.err
    assert list(tmp_path.iterdir()) == []

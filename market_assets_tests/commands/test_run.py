"""``market-assets run`` end to end: the numbers are the truth, however many runs they took."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from market_assets.commands import choosing
from market_assets.commands.replay import OF_THE_RUN
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.settings import read_settings
from market_assets.warehouse.comparison import compared
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.built import (
    FIRST,
    LAST,
    NEXT,
    Built,
    copied,
    everything,
    invoked,
    published,
    quotes,
    tampered,
    truth,
)

TABLES = (
    "daily_quotes",
    "volume_analysis",
    "volume_alerts",
    "volume_trends",
    "sector_volume_analysis",
    "market_volume_summary",
    "volume_data_quality",
)
VIEWS = {
    "latest_volume_analysis": 78,
    "high_volume_alerts": None,
    "active_volume_alerts": None,
    "volume_trends_summary": 78,
    "market_volume_dashboard": 1,
}


def columns(data, table: str) -> list[str]:
    return everything(data, table).columns


def test_every_number_is_the_truth_of_the_invented_market(built: Built):
    assert_frame_equal(quotes(built.first), truth(FIRST, LAST), check_exact=True)
    assert_frame_equal(quotes(built.whole), truth(FIRST, NEXT), check_exact=True)


def test_a_session_at_a_time_gives_all_tables_of_one_whole_run_from_the_captures(
    built: Built, tmp_path: Path
):
    grown = Warehouse(tmp_path / "grown.duckdb", mode="sandbox")
    whole = tmp_path / "whole.duckdb"
    shutil.copy(built.grown / "sandbox/warehouse.duckdb", grown.path)
    shutil.copy(built.whole / "sandbox/warehouse.duckdb", whole)
    tables = compared(grown, whole, without=OF_THE_RUN)
    assert all(everything(built.grown, name).height for name in TABLES)
    assert [each for each in tables if not each.equal] == []


def test_only_the_alerts_of_the_newest_session_are_active(built: Built):
    active = "SELECT DISTINCT session FROM casablanca.volume_alerts WHERE is_active"
    for data, newest in ((built.first, LAST), (built.grown, NEXT), (built.whole, NEXT)):
        assert published(data, active)["session"].to_list() == [newest]
        of_newest = published(data, "FROM casablanca.volume_alerts WHERE session = ?", newest)
        assert of_newest["is_active"].all()


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (
            "daily_quotes",
            "mic ticker isin session close volume turnover confidence capture_id",
        ),
        (
            "volume_analysis",
            "ticker session volume average_volume volume_ratio volume_ma_5 volume_ma_20",
        ),
        ("volume_alerts", "ticker alert_type session ratio threshold message is_active"),
    ],
)
def test_the_names_that_others_call_are_there(built: Built, table, names):
    assert set(names.split()) <= set(columns(built.first, table))


def test_alerts_are_of_the_four_kinds_and_passed_their_thresholds(built: Built):
    rows = published(
        built.first,
        "SELECT alert_type, min(threshold) AS threshold, min(ratio) AS low, max(ratio) AS high "
        "FROM casablanca.volume_alerts GROUP BY alert_type ORDER BY alert_type",
    )
    kinds = {kind: (threshold, low, high) for kind, threshold, low, high in rows.iter_rows()}
    assert kinds.keys() == {"high_volume", "low_volume", "volume_drop", "volume_spike"}
    assert {kind: values[0] for kind, values in kinds.items()} == {
        "high_volume": 2.0,
        "low_volume": 0.5,
        "volume_drop": 0.3,
        "volume_spike": 3.0,
    }
    assert kinds["high_volume"][1] > 2.0
    assert kinds["volume_spike"][1] > 3.0
    assert kinds["low_volume"][2] < 0.5
    assert kinds["volume_drop"][2] < 0.3


@pytest.mark.parametrize(("view", "rows"), VIEWS.items())
def test_the_views_answer(built: Built, view, rows):
    answer = everything(built.first, view)
    assert answer.height == (rows or answer.height) > 0


def test_the_closing_table_says_what_there_is_and_what_to_try(built: Built):
    said = dict(
        line.split(maxsplit=1) for line in built.said("first").splitlines() if " " in line.strip()
    )
    path = (built.first / "sandbox/published/current.duckdb").resolve()
    alerts = published(built.first, "SELECT count(*) FROM casablanca.volume_alerts").item()
    assert said["sessions"].strip() == f"25 of 25, {FIRST} to {LAST}"
    assert said["lines"].strip() == "81"
    assert said["rows"].strip() == "2,025"
    assert said["alerts"].strip() == f"{alerts}"
    assert said["published"].strip() == str(path)
    assert said["sources"].startswith("8 answered (sessions): ")
    for answered in ("casablanca_bourse 25/25", "cdg_capital 24/25", "african_markets 22/25"):
        assert answered in said["sources"]
    assert re.fullmatch(r"\d+ passed, 0 failed, 7 warnings", said["checks"].strip())
    assert said["time"].strip().endswith(" s")
    assert f"market-assets sql --data-dir {built.first}" in said["Try:"]


def test_each_warning_has_a_line_with_its_count_and_what_it_means(built: Built):
    lines = [line for line in built.said("first").splitlines() if line.startswith("warning: ")]
    warnings = {line.split()[2]: line for line in lines}
    assert warnings.keys() == {
        "source_answered",
        "layout_drift",
        "ghost_session",
        "lagging_source",
        "doubled_rows",
        "unlisted_lines",
        "low_score",
    }
    ghosts = published(
        built.first,
        "SELECT count(*) FROM casablanca.volume_data_quality WHERE issues LIKE '%ghost session%'",
    ).item()
    assert warnings["ghost_session"].startswith(
        f"warning: casablanca/volume_data_quality: ghost_session ({ghosts}): "
        "Sources that replayed the session before. Such as: 2026-"
    )
    assert warnings["source_answered"] == (
        "warning: raw/bmce_capital: source_answered (1): "
        "Every question was answered by a page, not by a failure."
    )


def test_no_answer_of_a_publisher_is_printed_raw(built: Built):
    (line,) = [line for line in built.said("first").splitlines() if line.startswith("yahoo: ")]
    assert line == "yahoo: NotThisPage: Yahoo does not list ADH.CS: it answered 404 Not Found"


def test_the_line_to_try_works_as_it_is_printed(built: Built):
    line = built.said("first").splitlines()[-1]
    query = line.split('"')[1]
    answer = invoked("sql", "--format", "csv", "--data-dir", built.first, query)
    assert answer.status == 0
    assert answer.out.splitlines()[0] == "ticker,session,volume,volume_ratio"
    assert len(answer.out.splitlines()) == 11


def test_a_run_with_nothing_new_says_so_and_publishes_nothing(built: Built, tmp_path):
    data = copied(built.first, tmp_path / "data")
    directory = data / "sandbox/published"
    before = {path: path.lstat().st_mtime_ns for path in directory.iterdir()}
    again = invoked(
        "run", "--market", "casablanca", "--days", 25, "--until", LAST, "--data-dir", data
    )
    assert again.status == 0
    assert "Nothing new: every session that was asked for is published." in again.out
    assert "changed setting takes effect with `market-assets run --from-captures`" in again.out
    assert f"25 of 25, {FIRST} to {LAST}" in again.out
    assert {path: path.lstat().st_mtime_ns for path in directory.iterdir()} == before


def test_when_sessions_are_due_again_is_said(built: Built, tmp_path):
    data = copied(built.first, tmp_path / "data")
    due = "UPDATE runs.casablanca_sessions SET due_again = '2999-01-01 09:00:00+00'"
    tampered(data, f"{due} WHERE session = '{LAST}'")
    line = ("run", "--market", "casablanca", "--days", 25, "--until", LAST, "--data-dir", data)
    assert " The next is due again at 2999-01-01 09:00 UTC. " in invoked(*line).out


@pytest.fixture
def missing(built: Built, tmp_path_factory):
    """``missing(days, until, ...)``: first and last session of what a run would ask for."""

    def window(days: int, until: date, *statements: str) -> tuple[date, date] | None:
        data = copied(built.first, tmp_path_factory.mktemp("missing") / "data")
        tampered(data, *statements)
        platform = Platform(read_settings({"data_dir": data}))
        found = choosing.missing_sessions(
            platform,
            CASABLANCA,
            choosing.last_sessions(platform.settings, CASABLANCA, days, until=until),
        )
        return (found.first, found.last) if found else None

    return window


@pytest.mark.parametrize(
    ("days", "until", "expected"),
    [
        (25, LAST, None),
        (5, LAST, None),
        (26, NEXT, (NEXT, NEXT)),
        (1, date(2026, 11, 14), None),
        (30, date(2026, 3, 31), (date(2026, 2, 16), date(2026, 3, 31))),
    ],
)
def test_only_what_is_missing_is_asked_for(missing, days, until, expected):
    assert missing(days, until) == expected


def test_a_session_of_a_run_that_never_published_is_missing(missing):
    killed = "DELETE FROM runs.casablanca_sessions WHERE session = '2026-11-05'"
    assert missing(25, LAST, killed) == (date(2026, 11, 5), date(2026, 11, 5))
    assert missing(1, LAST, killed) is None


def test_sessions_that_a_lost_warehouse_had_are_missing(missing):
    assert missing(25, LAST, "DROP TABLE runs.casablanca_sessions") == (FIRST, LAST)


def test_a_market_that_the_published_file_lacks_is_published_again(
    built: Built, hkex_built, tmp_path
):
    other = hkex_built / "sandbox/published"
    data = copied(built.first, tmp_path / "data")
    published, line = data / "sandbox/published", ("run", "--market", "casablanca", "--days", 25)
    shutil.rmtree(published)
    shutil.copytree(other, published, symlinks=True)
    again = invoked(*line, "--until", LAST, "--data-dir", data)
    assert again.status == 0
    assert f"25 of 25, {FIRST} to {LAST}" in again.out
    both = "SELECT count(*) > 0 FROM casablanca.daily_quotes, hkex.southbound_holdings"
    answer = invoked("sql", "--format", "csv", "--data-dir", data, both)
    assert answer.out.splitlines()[1] == "true"

"""Files and folders that cannot be used: exit status 2, their name in one line, and untouched."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from market_assets.commands import choosing
from market_assets.commands.closings import CLOSINGS
from market_assets.defs.markets import CASABLANCA, HKEX, MARKETS
from market_assets.settings import read_settings
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.built import invoked, ran

ARGUMENTS = ("run", "--market", "casablanca", "--days", "2", "--until", "2026-11-13")


def foreign(path: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 42 AS answer")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (foreign, "is a DuckDB file but not a warehouse of this platform; move it away"),
        (lambda path: path.write_text("my notes\n" * 999), "it is something else: move it away"),
        (lambda path: path.write_bytes(b"\0" * 4096), "cannot be opened and was left as it is"),
    ],
    ids=["foreign", "text", "zeros"],
)
@pytest.mark.parametrize("option", [(), ("--again",)], ids=["missing", "again"])
def test_a_file_that_is_no_warehouse_stops_the_run_before_anybody_is_asked(
    tmp_path, make, reason, option
):
    file = tmp_path / "sandbox" / "warehouse.duckdb"
    file.parent.mkdir()
    make(file)
    before = file.read_bytes()
    refused = invoked(*ARGUMENTS, *option, "--data-dir", tmp_path)
    assert refused.status == 2
    assert refused.err.startswith(f"error: {file} ")
    assert reason in refused.err
    assert file.read_bytes() == before
    assert not (tmp_path / "sandbox/captures").exists()


def test_a_disk_too_full_for_the_records_of_a_run_is_said_in_one_line(small_disk):
    (small_disk / "others").write_bytes(bytes(19 << 20))
    refused = ran(*ARGUMENTS, "--data-dir", small_disk)
    assert refused.status == 2
    assert re.fullmatch(r"error: Dagster's records cannot be written: .*disk.*\n", refused.err)


def test_a_warehouse_of_the_other_mode_is_refused(tmp_path):
    (tmp_path / "live").mkdir()
    with Warehouse(tmp_path / "live/warehouse.duckdb", mode="sandbox").connected():
        pass
    contact = {"WEB": "live", "CONTACT": "desk@example.org"}
    refused = invoked(*ARGUMENTS, "--data-dir", tmp_path, **contact)
    assert refused.status == 2
    assert refused.err.startswith(
        f"error: {tmp_path}/live/warehouse.duckdb holds sandbox data and must not be opened as live"
    )
    assert not (tmp_path / "live/captures").exists()


@pytest.mark.parametrize("option", [(), ("--from-captures",), ("--again",)])
def test_a_day_that_has_not_come_is_refused_before_anything_is_made(tmp_path, option):
    today = datetime.now(UTC).date()
    for ahead in (today + timedelta(days=1), date(2040, 1, 1)):
        refused = invoked(
            "run",
            "--market",
            "casablanca",
            *option,
            "--until",
            ahead,
            "--data-dir",
            tmp_path / "data",
        )
        assert (refused.status, refused.out) == (2, "")
        assert refused.err == f"error: --until {ahead}: that day has not come yet\n"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("options", "there", "last", "wanted"),
    [
        (("--until", "2023-01-20"), 14, "2023-01-20", 60),
        (("--until", "2023-01-20", "--days", "15"), 14, "2023-01-20", 15),
        (("--until", "2022-12-30", "--days", "1"), 0, "2022-12-30", 1),
        (("--until", "2005-01-03"), 0, "2005-01-03", 60),
    ],
)
def test_days_before_the_sandbox_begins_are_refused_before_anything_is_made(
    tmp_path, options, there, last, wanted
):
    refused = invoked("run", "--market", "casablanca", *options, "--data-dir", tmp_path / "data")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == (
        "error: the sandbox's casablanca begins on 2023-01-01 and has "
        f"{there} sessions up to {last}, not {wanted}: choose other --days or a later --until\n"
    )
    assert not (tmp_path / "data").exists()


def test_days_before_the_calendar_begins_are_refused_before_anybody_is_asked(tmp_path):
    live = {"WEB": "live", "CONTACT": "desk@example.org"}
    options = ("--until", "2010-01-06", "--days", "4", "--data-dir", tmp_path / "data")
    refused = invoked("run", "--market", "casablanca", *options, **live)
    assert (refused.status, refused.out) == (2, "")
    assert "the calendar of casablanca begins on 2010-01-01 and has 3 sessions up to" in refused.err
    assert not (tmp_path / "data").exists()


def test_the_first_sessions_of_the_sandbox_and_the_day_of_today_are_not_refused():
    sandbox = read_settings({"web": "sandbox"})
    first = choosing.last_sessions(sandbox, CASABLANCA, 14, until=date(2023, 1, 20))
    assert first.first == date(2023, 1, 2)
    newest = choosing.last_sessions(sandbox, CASABLANCA, 3, until=None)
    assert choosing.last_sessions(sandbox, CASABLANCA, 3, until=datetime.now(UTC).date()) == newest


@pytest.fixture
def unwritable() -> Iterator[Path]:
    """A directory that everyone may enter and nobody may write."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o555)
    yield directory
    directory.rmdir()


def test_a_data_directory_that_may_not_be_written_is_named(unwritable: Path):
    code = (
        "import _strptime, os\n"  # later, the interpreter's own files may be out of reach
        "from market_assets.cli.app import app\n"
        "from market_assets.commands import run\n"
        "os.geteuid() or os.setuid(65534)\n"  # root may write everywhere
        "app()"
    )
    refused = subprocess.run(
        [sys.executable, "-c", code, *ARGUMENTS, "--data-dir", unwritable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    last = refused.stderr.splitlines()[-1]  # the imports before may warn
    assert last == (
        f"error: the data directory needs the folder {unwritable / 'sandbox'}, which cannot be "
        "made: Permission denied; choose another --data-dir"
    )


def test_a_data_directory_under_a_file_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("mine")
    refused = invoked(*ARGUMENTS, "--data-dir", tmp_path / "file/data")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == (
        f"error: the data directory needs the folder {tmp_path}/file/data/sandbox, which cannot "
        "be made: Not a directory; choose another --data-dir\n"
    )


@pytest.mark.parametrize("name", ["run", "ui", "sql", "explain", "inbox add"])
def test_the_help_of_each_command_describes_every_word_and_leaves_no_rest(name):
    told = invoked(*name.split(), "--help").out
    assert "<%Y" not in told
    assert " ." not in told
    described = re.findall(
        r"^│[ *]+\S+ +(?:<.+?>|[A-Z][A-Z-]+(?: \[.+?\])?) +(\S.*)$", told, re.MULTILINE
    )
    assert len(described) >= 2
    assert not [text for text in described if text.startswith(("[required]", "│"))]


def test_the_help_of_sql_has_an_example_and_says_how_tables_are_listed():
    told = invoked("sql", "--help").out
    assert "SELECT count(*) FROM casablanca.daily_quotes" in told
    assert "SELECT schema, name FROM (SHOW ALL TABLES)" in told


def test_to_ask_again_and_to_ask_nobody_are_refused_together(tmp_path):
    refused = invoked("run", "--again", "--from-captures", "--data-dir", tmp_path / "data")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == (
        "error: --again asks once more, --from-captures asks nobody: choose one\n"
    )
    assert not (tmp_path / "data").exists()


def test_a_market_that_does_not_exist_is_refused_with_those_that_do():
    refused = invoked("run", "--market", "nowhere")
    assert refused.status == 2
    names = ", ".join(market.name for market in MARKETS)
    assert f"no market is called 'nowhere'; there are {names}" in refused.err


def test_every_market_has_its_closing_table():
    assert CLOSINGS.keys() == {market.name for market in MARKETS}


def test_a_day_has_come_where_the_market_is():
    evening = datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert CASABLANCA.today(evening) == date(2026, 11, 20)
    assert HKEX.today(evening) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (("sql", "--format", "xml", "SELECT 1"), "'xml' is none of table, csv, json"),
        (("keys", "create", "me", "--scope", "all"), "'all' is none of read, export, operate"),
    ],
)
def test_a_word_that_an_option_does_not_know_is_told_with_those_it_knows(tmp_path, words, allowed):
    refused = invoked(*words, "--data-dir", tmp_path)
    assert (refused.status, refused.out) == (2, "")
    assert allowed in " ".join(refused.err.replace("│", "").split())

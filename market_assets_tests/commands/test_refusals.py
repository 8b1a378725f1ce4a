"""Files and folders that cannot be used: exit status 2, their name in one line, and untouched."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from market_assets.warehouse.tables import Warehouse
from market_assets_tests.built import invoked

ARGUMENTS = ("run", "--days", "2", "--until", "2026-11-13")


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
        "from market_assets.cli import app\n"
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
    assert last == f"error: [Errno 13] Permission denied: '{unwritable / 'sandbox'}'"

"""A backup put back is what was there; what is not whole, or would mix, is refused."""

import fcntl
import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from market_assets.defs.platform import Platform
from market_assets.serving.api.access.keys import Keys
from market_assets.settings import Settings
from market_assets.warehouse.comparison import compared
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.built import Built, ended, invoked, published, started

COUNTED = "SELECT count(DISTINCT session), count(*) FROM casablanca.daily_quotes"


@pytest.fixture(scope="module")
def kept(built: Built, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data directory with a key to its API, and its backup."""
    data = tmp_path_factory.mktemp("kept") / "data"
    shutil.copytree(built.first, data, symlinks=True)
    with closing(Keys(data / "sandbox/serving")) as keys:
        keys.create("Nadia", scopes=["read"], rate=None, lifetime=timedelta(days=1))
    file = data.parent / "monday.tar.gz"
    made = invoked("backup", file, "--data-dir", data)
    assert made.status == 0, made.err
    assert made.out.startswith(f"{file}: sandbox, ")
    return data, file


@pytest.fixture
def restored(kept: tuple[Path, Path], tmp_path: Path) -> Path:
    data = tmp_path / "new"
    back = invoked("restore", kept[1], "--data-dir", data)
    assert back.status == 0, back.err
    assert back.out.startswith(f"{data}: sandbox as of 20")
    return data


def test_what_is_restored_is_what_was_there(kept: tuple[Path, Path], restored: Path):
    data, _ = kept
    assert files(restored, "captures/**/*.warc.gz") == files(data, "captures/**/*.warc.gz")
    assert files(restored, "published/*") == files(data, "published/*")
    assert files(restored, "reports/*") == files(data, "reports/*")
    before = Warehouse(data / "sandbox/warehouse.duckdb", mode="sandbox")
    tables = compared(before, restored / "sandbox/warehouse.duckdb", without=())
    assert len(tables) > 20
    assert [table.table for table in tables if not table.equal] == []
    assert published(restored, COUNTED).rows() == [(25, 25 * 81)]
    with closing(Keys(restored / "sandbox/serving")) as keys:
        assert [key.owner for key in keys.listed()] == ["Nadia"]
    assert (restored / "sandbox/serving/keys.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_restored_folder_goes_on_where_it_was(restored: Path):
    asked = ("run", "--market", "casablanca", "--days", 3, "--until", "2026-11-13")
    again = invoked(*asked, "--data-dir", restored)
    assert again.status == 0, again.out + again.err
    assert "Nothing new: every session that was asked for is published." in again.out
    assert sorted(path.name for path in restored.iterdir()) == ["dagster", "last_mode", "sandbox"]


def test_it_is_for_its_user_alone_and_never_written_over(kept: tuple[Path, Path]):
    data, file = kept
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir() if path.name != "data"] == [file.name]
    refused = invoked("backup", file, "--data-dir", data)
    assert refused.status == 2
    assert refused.err == f"error: {file} exists: a backup is never written over\n"
    inside = invoked("backup", data / "b.tar.gz", "--data-dir", data)
    assert inside.err.endswith("is in the folder that it is to be a backup of\n")


def test_that_runs_in_postgres_are_not_in_it_is_said(tmp_path: Path):
    data = tmp_path / "data"
    with Platform(Settings(data_dir=data)).warehouse.connected():
        pass
    asked = ("--data-dir", data)
    plain = invoked("backup", tmp_path / "plain.tar.gz", *asked)
    assert len(plain.out.splitlines()) == 1
    url = "postgresql://dagster@/dagster"
    other = invoked("backup", tmp_path / "other.tar.gz", *asked, DAGSTER__POSTGRES_URL=url)
    assert other.out.splitlines()[1].startswith("Dagster's runs are in Postgres and not in it: ")


@pytest.mark.parametrize("part", [0.0, 0.001, 0.5, 0.999])
def test_a_cut_backup_is_refused_and_leaves_nothing(kept: tuple[Path, Path], tmp_path, part):
    whole = kept[1].read_bytes()
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole[: int(len(whole) * part)])
    refused = invoked("restore", cut, "--data-dir", tmp_path / "new")
    assert refused.status == 2
    assert refused.err.startswith(f"error: {cut} is ")
    assert not (tmp_path / "new").exists() or not list((tmp_path / "new").iterdir())


def test_a_backup_with_one_wrong_byte_is_refused(kept: tuple[Path, Path], tmp_path):
    damaged = bytearray(kept[1].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file = tmp_path / "damaged.tar.gz"
    file.write_bytes(damaged)
    refused = invoked("restore", file, "--data-dir", tmp_path / "new")
    assert refused.status == 2
    assert refused.err.startswith(f"error: {file} is ")
    assert not list((tmp_path / "new").iterdir())


def test_nothing_is_mixed(kept: tuple[Path, Path], tmp_path):
    data, file = kept
    full = invoked("restore", file, "--data-dir", data)
    assert full.status == 2
    assert "is not empty, there is dagster, last_mode, sandbox" in full.err
    other = invoked("restore", file, "--data-dir", tmp_path / "new", WEB="live")
    assert other.err == f"error: {file} is of sandbox and live is set: they never mix\n"
    foreign = tmp_path / "foreign.tar.gz"
    shutil.make_archive(str(foreign).removesuffix(".tar.gz"), "gztar", data / "sandbox/reports")
    assert invoked("restore", foreign, "--data-dir", tmp_path / "new").err == (
        f"error: {foreign} is no backup of this platform\n"
    )


def test_it_waits_for_the_run_that_is_at_work(kept: tuple[Path, Path], tmp_path, monkeypatch):
    data, _ = kept
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    with (data / "sandbox/run.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = started("backup", tmp_path / "b.tar.gz", "--data-dir", data)
        assert waiting.stdout is not None
        assert waiting.stdout.readline().endswith("is at work; waiting.\n")
        assert not (tmp_path / "b.tar.gz").exists()
    done = ended(waiting)
    assert done.status == 0, done.err
    assert done.out.startswith(f"{tmp_path / 'b.tar.gz'}: sandbox, ")


def files(data: Path, pattern: str) -> dict[str, bytes]:
    """The files of the sandbox by name, with what is in them."""
    found = {
        str(path.relative_to(data)): path.read_bytes() for path in (data / "sandbox").glob(pattern)
    }
    assert found
    return found

"""Dagster's runs and events in Postgres: a real server, a real run, nothing in SQLite files."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import psycopg2
import pytest

from market_assets.defs.instance import CONFIG, POSTGRES_URL, instance_home, open_instance
from market_assets.settings import Settings
from market_assets_tests.defs.runs import CAPTURED, asked

PASSWORD = "not in any file"


def binaries() -> Path | None:
    """Where Debian, or the PATH, has Postgres."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((each for each in places if (each / "postgres").exists()), None)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server of its own, on a socket in a folder of its own."""
    programs = binaries()
    if programs is None:
        pytest.skip("no Postgres on this machine: apt-get install postgresql")
    root = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())  # a short path
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(root, user.pw_uid, user.pw_gid)
    secret = root / "secret"
    secret.write_text(PASSWORD)
    own = {"user": user.pw_uid, "group": user.pw_gid} if os.geteuid() == 0 else {}

    def called(program: str, *arguments: object) -> None:
        words = [programs / program, *map(str, arguments)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=root, **own)

    called("initdb", "-D", root / "data", "-U", "dagster", "-A", "scram-sha-256", "-N",
           f"--pwfile={secret}", "--locale=C", "-E", "UTF8")  # fmt: skip
    options = f"-c listen_addresses='' -c unix_socket_directories={root} -c fsync=off"
    called("pg_ctl", "-D", root / "data", "-w", "-l", root / "log", "-o", options, "start")
    try:
        yield f"postgresql://dagster:{PASSWORD.replace(' ', '%20')}@/postgres?host={root}"
    finally:
        called("pg_ctl", "-D", root / "data", "-m", "immediate", "stop")
        shutil.rmtree(root)


@pytest.fixture
def settings(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(POSTGRES_URL, "")  # restored after: opening an instance sets it
    return Settings(data_dir=tmp_path, dagster={"postgres_url": server})


def test_a_run_is_on_record_in_postgres_and_the_password_in_no_file(
    server: str, settings: Settings, tmp_path: Path
):
    with open_instance(settings) as instance:
        run_id = asked(settings, instance)
    with open_instance(settings) as instance:
        [record] = instance.get_run_records()
        told = instance.get_latest_materialization_event(CAPTURED)
    assert record.dagster_run.status is dg.DagsterRunStatus.SUCCESS
    assert told is not None
    assert told.run_id == record.dagster_run.run_id == run_id
    with psycopg2.connect(server) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM event_logs WHERE run_id = %s", [run_id])
        [(events,)] = cursor.fetchall()
    assert events > 10
    assert not list((tmp_path / "dagster").rglob("*.db"))
    assert f"env: {POSTGRES_URL}" in (instance_home(settings) / CONFIG).read_text("utf-8")
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert not [
        each for each in files if PASSWORD.replace(" ", "%20").encode() in each.read_bytes()
    ]


def test_without_an_address_it_is_sqlite(tmp_path: Path):
    with open_instance(Settings(data_dir=tmp_path)) as instance:
        assert instance.get_run_records() == []
    assert (tmp_path / "dagster/history/runs.db").exists()

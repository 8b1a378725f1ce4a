"""Data directories made once by the real command line, read by many tests."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from market_assets.defs.instance import POSTGRES_URL
from market_assets_tests.built import Built, built_once, tampered
from market_assets_tests.built_africa import built_africa_once
from market_assets_tests.built_central_bank import built_central_bank_once
from market_assets_tests.built_hkex import built_hkex_once
from market_assets_tests.defs.postgres import binaries, server


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built_once(tmp_path_factory)


@pytest.fixture(scope="session")
def hkex_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_hkex_once(tmp_path_factory)


@pytest.fixture(scope="session")
def bank_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_central_bank_once(tmp_path_factory)


@pytest.fixture(scope="session")
def africa_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_africa_once(tmp_path_factory)


@pytest.fixture
def changed(warehouse: Path) -> Iterator[Callable[..., None]]:
    """Changes the module's own ``warehouse`` by statements until the test is over."""
    file = warehouse / "sandbox/warehouse.duckdb"
    before = file.read_bytes()
    yield lambda *statements: tampered(warehouse, *statements)
    file.write_bytes(before)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    programs = binaries()
    if programs is None:
        pytest.skip("no Postgres on this machine: apt-get install postgresql")
    with server(programs) as address:
        yield address


@pytest.fixture
def postgres(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database."""
    monkeypatch.setenv(POSTGRES_URL, "")  # put back after: opening an instance sets it
    return new_database(postgres_server)


@pytest.fixture
def other_postgres(postgres_server: str) -> str:
    """The address of another one."""
    return new_database(postgres_server)


def new_database(postgres_server: str) -> str:
    name = f"dagster_{uuid.uuid4().hex}"
    with closing(psycopg2.connect(postgres_server.format(database="postgres"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    return postgres_server.format(database=name)

"""One warehouse on a scratch disk, and processes that start quickly enough to be killed often."""

import multiprocessing
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from market_assets.warehouse.tables import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "sandbox" / "warehouse.duckdb", mode="sandbox", patience=10)


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """Starts children from a server that has imported everything but opened nothing."""
    context = multiprocessing.get_context("forkserver")
    preload = ["market_assets_tests.warehouse.children", "pyarrow.dataset", "pandas", "pytest"]
    context.set_forkserver_preload(preload)
    return context

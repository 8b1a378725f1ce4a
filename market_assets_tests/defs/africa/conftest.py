"""The data directory that many tests read, made once by the real command line."""

from pathlib import Path

import pytest

from market_assets_tests.built_africa import built_africa_once


@pytest.fixture(scope="session")
def africa_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_africa_once(tmp_path_factory)

"""The data directory that many tests read, made once by the real command line."""

from pathlib import Path

import pytest

from market_assets_tests.built_hkex import built_hkex_once


@pytest.fixture(scope="session")
def hkex_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_hkex_once(tmp_path_factory)

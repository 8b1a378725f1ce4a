"""The data directory that many tests read, made once by the real command line."""

from pathlib import Path

import pytest

from market_assets_tests.built_central_bank import built_central_bank_once


@pytest.fixture(scope="session")
def bank_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_central_bank_once(tmp_path_factory)

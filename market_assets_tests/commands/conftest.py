"""Data directories made once by the real command line, read by many tests."""

from pathlib import Path

import pytest

from market_assets_tests.built import Built, built_once
from market_assets_tests.built_africa import built_africa_once
from market_assets_tests.built_central_bank import built_central_bank_once
from market_assets_tests.built_hkex import built_hkex_once


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

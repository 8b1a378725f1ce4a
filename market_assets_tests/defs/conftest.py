"""Data directories made once by the real command line, read by many tests."""

import pytest

from market_assets_tests.built import Built, built_once


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built_once(tmp_path_factory)

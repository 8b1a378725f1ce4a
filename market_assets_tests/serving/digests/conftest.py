"""A small published file with what digests read, and the digests made of it."""

from datetime import date

import pytest

from market_assets.serving.digests.making import made
from market_assets.serving.digests.message import Rendered
from market_assets.settings import Settings, read_settings
from market_assets_tests.serving.api.tables import made as published
from market_assets_tests.serving.digests.tables import DIGESTED

FRIDAY, NEXT_MONDAY = date(2026, 11, 20), date(2026, 11, 23)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a data directory in which everything up to Friday is published."""
    directory = tmp_path_factory.mktemp("digested")
    published(directory, DIGESTED)
    return read_settings({"data_dir": directory, "web": "sandbox"})


@pytest.fixture(scope="session")
def digests(settings: Settings) -> dict[str, Rendered]:
    """Each digest by its name."""
    days = {"hkex": FRIDAY, "casablanca": FRIDAY, "weekly": NEXT_MONDAY}
    return {name: made(settings, name, until=day) for name, day in days.items()}

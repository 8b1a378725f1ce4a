"""One digest of what is published small, as files and as a message."""

from datetime import date

import pytest

from market_assets.serving.digests.making import made
from market_assets.serving.digests.message import Rendered
from market_assets.settings import read_settings
from market_assets_tests.serving.api.tables import made as published
from market_assets_tests.serving.digests.tables import DIGESTED


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    directory = tmp_path_factory.mktemp("digested")
    published(directory, DIGESTED)
    settings = read_settings({"data_dir": directory, "web": "sandbox"})
    return made(settings, "hkex", until=date(2026, 11, 20))

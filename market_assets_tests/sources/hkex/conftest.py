"""Pages of HKEXnews written by hand, and the captures of them."""

from collections.abc import Callable
from datetime import date

import pytest

from market_assets.web.messages import Capture
from market_assets_tests.sources.conftest import capture
from market_assets_tests.sources.hkex.pages import SESSION


@pytest.fixture(scope="session")
def saved() -> Callable[..., Capture]:
    """The capture of a body under the name of a saved file, whatever day it was filed under."""

    def built(source, body: bytes | str, *, key: str = "saved.html", session: date = SESSION):
        return capture(source, body, key=key, session=session)

    return built

"""Pages written by hand, a publisher on loopback, and conversations held with it politely."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from market_assets.sources.source import Ask, Source
from market_assets.web.archive import Archive
from market_assets.web.collect import Collected
from market_assets.web.limits import Limits
from market_assets.web.messages import Capture, Conversation
from market_assets_tests import conversations
from market_assets_tests.sources.conftest import capture
from market_assets_tests.sources.hkex.pages import SESSION
from market_assets_tests.web.publishers import Publisher


@pytest.fixture
def publisher(httpserver: HTTPServer) -> Publisher:
    """A publisher without a robots.txt."""
    publisher = Publisher(httpserver)
    publisher.answers("/robots.txt", Response("none", status=404))
    return publisher


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path / "captures")
    yield archive
    archive.close()


Held = Callable[[Source, Callable[[Ask], Conversation], Sequence[date]], Collected]


@pytest.fixture
def held(publisher: Publisher, archive: Archive) -> Held:
    """Holds a conversation of a source about some sessions with the publisher."""

    def collected(source, conversation, sessions):
        return conversations.held(
            archive,
            source,
            conversation,
            sessions,
            now=datetime(2026, 8, 7, 1, tzinfo=UTC),
            limits=Limits(retries=0),
            at=publisher.url,
        )

    return collected


@pytest.fixture(scope="session")
def saved() -> Callable[..., Capture]:
    """The capture of a body under the name of a saved file, whatever day it was filed under."""

    def built(source, body: bytes | str, *, key: str = "saved.html", session: date = SESSION):
        return capture(source, body, key=key, session=session)

    return built


def a_hundred(channel: str, session: date) -> pl.DataFrame:
    """What a hundred rows of a mainland exchange say: a thousand shares of the first code, ..."""
    numbers = range(1, 101)
    return pl.DataFrame(
        {
            "code": [f"{number:05}" for number in numbers],
            "session": [session] * 100,
            "channel": [channel] * 100,
            "name": [f"股票{number}" for number in numbers],
            "shares": [1000 * number for number in numbers],
            "percent": pl.Series([None] * 100, dtype=pl.Float64),
        }
    )

"""Pages written by hand, a publisher on loopback, and conversations held with it politely."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from market_assets.sources.source import Ask, Source
from market_assets.web.archive import Archive
from market_assets.web.clock import SetClock
from market_assets.web.collect import Collected, collect
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets.web.messages import Capture, Conversation
from market_assets.web.session import PoliteSession
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
        session = PoliteSession(
            source.name,
            publisher.url,
            contact="desk@example.org",
            min_interval=2.5,
            daily_requests=1000,
            clock=SetClock(datetime(2026, 8, 7, 1, tzinfo=UTC)),
            ca_bundle=None,
            transport=None,
            state=Hosts(None, limits=Limits(retries=0)),
        )
        with session, archive.writing(source.name, sessions[0], sessions[-1]) as writing:
            talk = conversation(Ask(sessions=tuple(sessions)))
            return collect(talk, read=source.parse, session=session, writing=writing)

    return collected


@pytest.fixture(scope="session")
def saved() -> Callable[..., Capture]:
    """The capture of a body under the name of a saved file, whatever day it was filed under."""

    def built(source, body: bytes | str, *, key: str = "saved.html", session: date = SESSION):
        return capture(source, body, key=key, session=session)

    return built

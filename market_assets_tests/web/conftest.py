"""A publisher on loopback, an archive, a clock that never waits, and conversations over them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from market_assets.web.archive import Archive
from market_assets.web.clock import SetClock
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets.web.messages import Capture, Request
from market_assets.web.session import PoliteSession
from market_assets_tests.web.publishers import Publisher
from market_assets_tests.web.scene import NOON, SESSION, SOURCE


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path / "captures")
    yield archive
    archive.close()


@pytest.fixture
def publisher(httpserver: HTTPServer) -> Publisher:
    """A publisher without a page yet."""
    return Publisher(httpserver)


@pytest.fixture
def open_publisher(publisher: Publisher) -> Publisher:
    """A publisher without a robots.txt."""
    publisher.answers("/robots.txt", Response("none", status=404))
    return publisher


Converse = Callable[..., Callable[..., Capture]]


@pytest.fixture
def converse(archive: Archive, clock: SetClock) -> Iterator[Converse]:
    """``converse(base_url)`` begins a conversation: a function from a question to its capture."""
    with ExitStack() as stack:

        def begun(
            base_url: str, *, source: str = SOURCE, limits: Limits | None = None, **manners
        ) -> Callable:
            manners = {
                "contact": "desk@example.org",
                "min_interval": 2.5,
                "daily_requests": 1000,
                "clock": clock,
                "ca_bundle": None,
                "transport": None,
                "state": Hosts(None, limits=limits or Limits()),
            } | manners
            session = stack.enter_context(PoliteSession(source, base_url, **manners))
            return partial(asked, session, source)

        def asked(session: PoliteSession, source: str, path: str, **facts) -> Capture:
            with archive.writing(source, SESSION, SESSION) as writing:
                request = Request(key=facts.pop("key", path), path=path, **facts)
                return session.exchange(request, writing=writing)

        yield begun

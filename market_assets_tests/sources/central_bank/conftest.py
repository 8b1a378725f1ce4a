"""Conversations held politely with the invented bank, through the sandbox's wire."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from market_assets.sandbox.central_bank.figures import Figures
from market_assets.sandbox.central_bank.mischief import CYCLE, FAULTS
from market_assets.sandbox.central_bank.world import CentralBankWorld
from market_assets.sandbox.transport import SandboxAdapter
from market_assets.sources.source import Ask
from market_assets.web.archive import Archive
from market_assets.web.clock import SetClock
from market_assets.web.collect import Collected, collect
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets.web.session import PoliteSession

QUIET_FRIDAY = date(2026, 7, 10)


@pytest.fixture(scope="session")
def figures() -> Figures:
    return Figures(seed=2026)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path / "captures")
    yield archive
    archive.close()


@pytest.fixture
def held(archive: Archive) -> Callable[..., Collected]:
    """Holds a conversation of a source about some days, at an instant."""

    def collected(source, conversation, sessions, now):
        clock = SetClock(now)
        adapter = SandboxAdapter(source, world=CentralBankWorld(seed=2026), clock=clock)
        session = PoliteSession(
            source.name,
            source.base_url,
            contact="desk@example.org",
            min_interval=2.5,
            daily_requests=1000,
            clock=clock,
            ca_bundle=None,
            transport=adapter,
            state=Hosts(None, limits=Limits()),
        )
        with session, archive.writing(source.name, sessions[0], sessions[-1]) as writing:
            talk = conversation(Ask(sessions=tuple(sessions)))
            return collect(talk, read=source.parse, session=session, writing=writing)

    return collected


@pytest.fixture(scope="session")
def day_with(figures) -> Callable[..., date]:
    """The first business day of 2026 on which a source has a fault."""

    def day(source, name):
        (at,) = (fault.at for fault in FAULTS if (fault.source, fault.name) == (source, name))
        return next(
            day for day in figures.days if day.year == 2026 and figures.ordinal(day) % CYCLE == at
        )

    return day


@pytest.fixture(scope="session")
def quiet_day(figures) -> date:
    """A Monday after a business Friday on which nothing goes wrong."""
    faults = {fault.at for fault in FAULTS}
    return next(
        day
        for day in figures.days
        if day.year == 2026 and day.weekday() == 0 and figures.ordinal(day) % CYCLE not in faults
    )


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)

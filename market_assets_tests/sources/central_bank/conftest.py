"""Conversations held politely with the invented bank, through the sandbox's wire."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from market_assets.sandbox.central_bank.figures import Figures
from market_assets.sandbox.central_bank.mischief import CYCLE, FAULTS
from market_assets.sandbox.central_bank.world import CentralBankWorld
from market_assets.web.archive import Archive
from market_assets.web.collect import Collected
from market_assets.web.limits import Limits
from market_assets_tests import conversations

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
        world = CentralBankWorld(seed=2026)
        return conversations.held(
            archive, source, conversation, sessions, now=now, limits=Limits(), at=world
        )

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

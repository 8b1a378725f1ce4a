"""The invented neighbours, asked by the real client."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from market_assets.sandbox.africa.world import AfricaWorld
from market_assets.sandbox.transport import SandboxAdapter
from market_assets.sources.source import Ask, Source
from market_assets.web.archive import Archive
from market_assets.web.clock import SetClock
from market_assets.web.collect import Collected, collect
from market_assets.web.failures import SourceFailure
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets.web.session import PoliteSession


class Held(NamedTuple):
    """A snapshot's pages and what each says, or why it says nothing."""

    collected: Collected
    parsed: list
    failures: list[SourceFailure]

    @property
    def quotes(self) -> pl.DataFrame:
        return pl.concat(parsed.tables["african_quotes"] for parsed in self.parsed)


@pytest.fixture
def snapshot(tmp_path: Path) -> Callable[[Source, date, datetime], Held]:
    """Asks a source's snapshot of a new world, politely, and reads every page."""

    def held(source, day, now):
        clock = SetClock(now)
        archive = Archive(tmp_path / f"captures-{source.name}-{day}")
        session = PoliteSession(
            source.name,
            source.base_url,
            contact="desk@example.org",
            min_interval=2.5,
            daily_requests=1000,
            clock=clock,
            ca_bundle=None,
            transport=SandboxAdapter(source, world=AfricaWorld(seed=7), clock=clock),
            state=Hosts(None, limits=Limits(retries=2)),
        )
        parsed, failures = [], []
        with session, archive.writing(source.name, day, day) as writing:
            talk = source.snapshot(Ask(sessions=(day,)))
            collected = collect(talk, read=source.parse, session=session, writing=writing)
        for capture in collected.captures:
            try:
                parsed.append(source.parse(capture))
            except SourceFailure as failure:
                failures.append(failure)
        archive.close()
        return Held(collected, parsed, failures)

    return held

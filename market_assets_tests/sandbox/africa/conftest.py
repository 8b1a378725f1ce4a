"""The invented neighbours, asked by the real client."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from market_assets.sandbox.africa.world import AfricaWorld
from market_assets.sources.source import Source
from market_assets.web.archive import Archive
from market_assets.web.collect import Collected
from market_assets.web.failures import SourceFailure
from market_assets.web.limits import Limits
from market_assets_tests import conversations


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
        archive = Archive(tmp_path / f"captures-{source.name}-{day}")
        collected = conversations.held(
            archive,
            source,
            source.snapshot,
            [day],
            now=now,
            limits=Limits(retries=2),
            at=AfricaWorld(seed=7),
        )
        parsed, failures = [], []
        for capture in collected.captures:
            try:
                parsed.append(source.parse(capture))
            except SourceFailure as failure:
                failures.append(failure)
        archive.close()
        return Held(collected, parsed, failures)

    return held

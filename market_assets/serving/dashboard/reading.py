"""The published tables as a page reads them: one version for the whole page, never written."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from market_assets.provenance.explanation import Explanation, explanation
from market_assets.serving.api.facts import Facts, FactsOfVersions
from market_assets.settings import Settings
from market_assets.warehouse.reader import Published, Version
from market_assets.web.archive import Archive


class Unpublished(Exception):
    """A page needs tables that no published version has yet; ``market`` is the one to run."""

    def __init__(self, table: str, market: str) -> None:
        super().__init__(f"{table} is not published yet")
        self.market = market


@dataclass(frozen=True, kw_only=True)
class Data:
    """One published version, for one page."""

    settings: Settings
    version: Version
    facts: Facts

    def rows(self, sql: str, *values: object) -> pl.DataFrame:
        """The rows of a query, its values bound to "?"; ``QueryTooLong`` past the time limit."""
        return self.version.query(sql, values, seconds=self.settings.api.query_seconds)

    def bound(self, sql: str, values: Mapping[str, object]) -> pl.DataFrame:
        """The same with values bound to "$name"."""
        return self.version.query(sql, values, seconds=self.settings.api.query_seconds)

    def has(self, table: str) -> bool:
        """Whether ``table`` is published and has rows."""
        # Only names that are in the file are asked for.
        return self.publishes(table) and self.rows(f"SELECT 1 FROM {table} LIMIT 1").height > 0

    def publishes(self, table: str) -> bool:
        """Whether ``table`` is published, be it without rows."""
        return table in self.facts.columns

    def require(self, table: str, *, market: str) -> None:
        """Refuse to go on without rows in ``table``; raises ``Unpublished``."""
        if not self.has(table):
            raise Unpublished(table, market)

    def sources(self, table: str) -> tuple[str, ...]:
        """The sources behind the tables of the same schema."""
        return self.facts.sources.get(table.partition(".")[0], ())

    def explained(self, table: str, line: str, session: date | None) -> Explanation:
        """What stands behind a row, as ``market-assets explain`` has it."""
        archive = Archive(self.settings.mode_dir / "captures")
        return explanation(
            lambda sql, values: self.rows(sql, *values),
            archive,
            table=table,
            line=line,
            session=session,
        )


class Reader:
    """What is published under the settings, for all pages of all people who look; thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._published = Published(settings.mode_dir / "published")
        self._facts = FactsOfVersions(seconds=settings.api.query_seconds)

    @property
    def folder(self) -> Path:
        """Where the data are kept."""
        return self.settings.data_dir

    def name(self) -> str:
        """The name of the newest version, empty before the first."""
        return self._published.name()

    @contextmanager
    def reading(self) -> Generator[Data]:
        """The newest version; raises ``NothingPublished``."""
        with self._published.reading() as version:
            facts = self._facts.of(version)
            yield Data(settings=self.settings, version=version, facts=facts)

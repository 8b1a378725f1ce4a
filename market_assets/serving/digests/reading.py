"""The rows of a digest as one published version holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from market_assets.warehouse.names import table_identifier
from market_assets.warehouse.reader import Version

Frames = Mapping[str, pl.DataFrame]
"""What a digest is made of, by name; each is a sheet of its workbook."""
SECONDS = 30.0
"""Longer than any query of a digest takes."""


class NothingToTell(Exception):
    """The tables of a digest are not published, or have no row of the day."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Of which mode a version is, and since when."""

    mode: str
    published_at: datetime


class Tables:
    """The published tables of one version, by name; which there are differs with what was run."""

    def __init__(self, version: Version) -> None:
        self._version = version
        listing = "SELECT schema || '.' || name AS name FROM (SHOW ALL TABLES)"
        self._names = set(self.rows(listing)["name"])

    def __contains__(self, table: str) -> bool:
        return table in self._names

    def rows(self, query: str, *values: object) -> pl.DataFrame:
        """The rows of a query of ours."""
        return self._version.query(query, values, seconds=SECONDS)

    def of(self, table: str, days: Sequence[date], *, column: str = "session") -> pl.DataFrame:
        """The rows of ``table`` from the first to the last of ``days``, as they are stored.

        Raises ``NothingToTell`` where it is not published.
        """
        if table not in self:
            raise NothingToTell(f"{table} is not published: `market-assets run` first")
        query = f"FROM {table_identifier(table)} WHERE {column} BETWEEN ? AND ?"
        return self.rows(query, days[0], days[-1])

    def sessions(self, table: str, *, until: date, count: int) -> list[date]:
        """The newest ``count`` sessions of ``table`` on or before ``until``, ascending.

        Raises ``NothingToTell`` where there is none.
        """
        if table not in self:
            raise NothingToTell(f"{table} is not published: `market-assets run` first")
        query = (
            f"SELECT DISTINCT session FROM {table_identifier(table)} "
            "WHERE session <= ? ORDER BY session DESC LIMIT ?"
        )
        found = self.rows(query, until, count)["session"].to_list()[::-1]
        if not found:
            raise NothingToTell(f"{table} has nothing on or before {until}")
        return found

    def publication(self) -> Publication:
        """What the version says of itself."""
        [(mode, at)] = self.rows("SELECT mode, published_at FROM meta.publication").rows()
        return Publication(mode=mode, published_at=at)

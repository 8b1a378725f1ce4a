"""What is known of a published version before it is asked anything: tables, sources, days."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from market_assets.serving.api.redistribution import names_in
from market_assets.warehouse.names import identifier, table_identifier
from market_assets.warehouse.reader import Version

COLUMNS = """
SELECT schema_name || '.' || table_name AS name, column_name, data_type FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal ORDER BY name, column_index
"""
TABLES = (
    "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
)
PUBLICATION = "SELECT version, published_at, mode FROM meta.publication"
DAYS = ("as_of", "session", "reference_date", "period_start", "effective")
"""Columns that say what day a row is of, the best first."""
QUOTED = ("casablanca.daily_quotes", "sources")
MADE_OF: Mapping[str, tuple[tuple[str, str], ...]] = {
    "casablanca": (QUOTED,),
    "hkex": (
        ("hkex.southbound_holdings", "sources"),
        ("hkex.eligible_lists", "source"),
        ("hkex.participant_holdings", "source"),
    ),
    "central_bank": (
        ("central_bank.exchange_rates", "sources"),
        ("central_bank.treasury_curve", "sources"),
        ("central_bank.indicators", "sources"),
    ),
    "africa": (
        QUOTED,
        ("africa.daily_quotes", "sources"),
        ("africa.quoted_rates", "source"),
    ),
    "companies": (
        QUOTED,
        ("companies.listings", "source"),
        ("companies.fundamentals", "market_cap_source"),
    ),
}
"""By schema, the tables that its computed ones rest on, each with the column of their sources."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Of one version.

    ``columns`` of each table with their types; which ``sources`` stand behind the computed tables
    of a schema; the ``newest`` day of each table that has days, None where it has no rows.
    """

    name: str
    mode: str
    published_at: datetime
    columns: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, tuple[str, ...]]
    newest: Mapping[str, date | None]


class FactsOfVersions:
    """The facts of the version that was asked last, read once; safe for many threads."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._reading = threading.Lock()
        self._newest: Facts | None = None

    def of(self, version: Version) -> Facts:
        """The facts of ``version``."""
        newest = self._newest
        if newest is not None and newest.name == version.path.stem:
            return newest
        with self._reading:
            if self._newest is None or self._newest.name != version.path.stem:
                self._newest = self._read(version)
            return self._newest

    def _read(self, version: Version) -> Facts:
        columns: dict[str, dict[str, str]] = {}
        for table, column, kind in self._rows(version, COLUMNS):
            columns.setdefault(table, {})[column] = kind
        [(_, published_at, mode)] = self._rows(version, PUBLICATION)
        return Facts(
            name=version.path.stem,
            mode=mode,
            published_at=published_at,
            columns=columns,
            sources={schema: self._sources(version, columns, schema) for schema in MADE_OF},
            newest=self._newest_days(version, columns),
        )

    def _sources(
        self, version: Version, columns: Mapping[str, Mapping[str, str]], schema: str
    ) -> tuple[str, ...]:
        found: set[str] = set()
        for table, column in MADE_OF[schema]:
            if table not in columns:
                continue
            query = (
                f"SELECT DISTINCT {identifier(column)} FROM {table_identifier(table)} "
                f"WHERE {identifier(column)} IS NOT NULL"
            )
            for (text,) in self._rows(version, query):
                found.update(names_in(text))
        return tuple(sorted(found))

    def _newest_days(
        self, version: Version, columns: Mapping[str, Mapping[str, str]]
    ) -> dict[str, date | None]:
        days = {
            table: next(name for name in DAYS if name in columns[table])
            for (table,) in self._rows(version, TABLES)
            if not columns[table].keys().isdisjoint(DAYS)
        }
        if not days:
            return {}
        each = (
            f"SELECT ?, max({identifier(day)}) FROM {table_identifier(table)}"
            for table, day in days.items()
        )
        return dict(self._rows(version, " UNION ALL ".join(each), tuple(days)))

    def _rows(
        self, version: Version, sql: str, bound: tuple[object, ...] = ()
    ) -> list[tuple[Any, ...]]:
        return version.query(sql, bound, seconds=self._seconds).rows()

"""What is known of a published version before it is asked anything: tables, sources, its day."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from market_assets.warehouse.names import identifier, table_identifier
from market_assets.warehouse.reader import Version

COLUMNS = """
SELECT schema_name || '.' || table_name AS name, column_name, data_type FROM duckdb_columns()
WHERE NOT internal ORDER BY name, column_index
"""
PUBLICATION = "SELECT version, published_at, mode FROM meta.publication"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Of one version.

    ``columns`` of each table with their types; which ``sources`` stand behind those of a schema.
    """

    name: str
    mode: str
    published_at: datetime
    columns: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, tuple[str, ...]]


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
        for table, column, kind in version.query(COLUMNS, (), seconds=self._seconds).iter_rows():
            columns.setdefault(table, {})[column] = kind
        (told,) = version.query(PUBLICATION, (), seconds=self._seconds).rows(named=True)
        return Facts(
            name=version.path.stem,
            mode=told["mode"],
            published_at=told["published_at"],
            columns=columns,
            sources=self._sources(version, columns),
        )

    def _sources(
        self, version: Version, columns: Mapping[str, Mapping[str, str]]
    ) -> dict[str, tuple[str, ...]]:
        """By schema; of tables that several sources agreed on, or else of any that names one."""
        agreed = {table: "sources" for table, names in columns.items() if "sources" in names}
        named = {table: "source" for table, names in columns.items() if "source" in names}
        schemas = {table.partition(".")[0] for table in agreed}
        rest = {t: column for t, column in named.items() if t.partition(".")[0] not in schemas}
        found: dict[str, set[str]] = {}
        for table, column in (agreed | rest).items():
            query = (
                f"SELECT DISTINCT {identifier(column)} FROM {table_identifier(table)} "  # noqa: S608 -- quoted
                f"WHERE {identifier(column)} IS NOT NULL"
            )
            for (text,) in version.query(query, (), seconds=self._seconds).iter_rows():
                found.setdefault(table.partition(".")[0], set()).update(text.split("+"))
        return {schema: tuple(sorted(names)) for schema, names in found.items()}

"""How things stand: each table, its market's quality, what came last from each source, the disk.

Read from the published version, the index of the captures and the folders; not from Dagster.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from market_assets.serving.api.facts import Facts
from market_assets.serving.api.freshness import Freshness, freshness
from market_assets.warehouse.names import table_identifier
from market_assets.warehouse.reader import Version
from market_assets.web.archive import Archive
from market_assets.web.index import IndexRow

QUALITY = "_quality"
"""How the tables end that have a score for each source and session, one in each market."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Of one mode, at one instant.

    ``tables`` as ``freshness`` judges them; ``quality`` by market is the mean score (0 to 1) of
    its sources in the newest session that has any; ``sources`` is what came last from each;
    ``disk`` is in bytes, by part of the data directory.
    """

    published_at: datetime
    tables: list[Freshness]
    quality: Mapping[str, float]
    sources: Mapping[str, IndexRow]
    versions: int
    disk: Mapping[str, int]


def standing(
    version: Version, facts: Facts, archive: Archive, folder: Path, now: datetime, *, seconds: float
) -> Standing:
    """How the mode in ``folder`` stands at ``now``."""
    dagster = folder.parent / "dagster"
    return Standing(
        published_at=facts.published_at,
        tables=freshness(facts, now),
        quality=_quality(version, facts, seconds=seconds),
        sources=archive.last_answers(),
        versions=len(list((folder / "published").glob("market-*.duckdb"))),
        disk={
            each.stem: _bytes(each)
            for each in (*sorted(folder.iterdir()), dagster)
            if each.is_dir() or each.suffix == ".duckdb"
        },
    )


def _quality(version: Version, facts: Facts, *, seconds: float) -> dict[str, float]:
    scores: dict[str, float] = {}
    for table, columns in facts.columns.items():
        if table.endswith(QUALITY) and {"score", "session"} <= columns.keys():
            name = table_identifier(table)
            query = (
                f"SELECT avg(score) FROM {name} WHERE session = (SELECT max(session) FROM {name})"
            )
            score = version.query(query, (), seconds=seconds).item()
            if score is not None:
                scores[table.partition(".")[0]] = score
    return scores


def _bytes(path: Path) -> int:
    """What a file or folder takes; what goes meanwhile is not counted."""
    total = 0
    for file in path.rglob("*") if path.is_dir() else [path]:
        with suppress(FileNotFoundError):
            total += 0 if file.is_dir() or file.is_symlink() else file.stat().st_size
    return total

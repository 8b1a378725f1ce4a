"""What of an answer may leave as a file: the terms of the sources decide, row by row."""

from collections.abc import Sequence

import polars as pl

from market_assets.serving.api.problems import Problem
from market_assets.settings import Settings


def redistributable(
    settings: Settings, rows: pl.DataFrame, *, behind: Sequence[str]
) -> tuple[pl.DataFrame, list[str]]:
    """The rows that may leave as a file, and a warning of those that may not.

    A row that names its sources leaves where all of them allow it; a table without them is
    computed from all sources ``behind`` it.
    """
    column = named_by(rows)
    if column is None:
        stuck = [name for name in behind if not settings.redistributes(name)]
        if stuck:
            raise _withheld(stuck)
        return rows, []
    texts = rows[column].unique().to_list()
    free = [text for text in texts if text and all(map(settings.redistributes, text.split("+")))]
    named = pl.col(column)
    kept = rows.filter(named.is_null() | named.is_in(free))
    if kept.height == rows.height:
        return rows, []
    if kept.is_empty():
        names = sorted({name for text in texts if text for name in text.split("+")})
        raise _withheld([name for name in names if not settings.redistributes(name)])
    withheld = rows.height - kept.height
    return kept, [f"{withheld} rows withheld: their sources may not be redistributed"]


def _withheld(sources: Sequence[str]) -> Problem:
    settings = ", ".join(f"MARKET_ASSETS_SOURCES__{n.upper()}__REDISTRIBUTE" for n in sources)
    return Problem(
        kind="not-redistributable",
        status=403,
        detail=f"{', '.join(sources)} may not leave as a file; who runs this service may set "
        f"{settings} after reading the terms",
    )


def named_by(rows: pl.DataFrame) -> str | None:
    """The column in which rows name their sources, None where they name none."""
    return next((name for name in ("sources", "source") if name in rows.columns), None)

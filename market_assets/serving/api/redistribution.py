"""What of an answer may leave: the terms of the sources decide, row by row, in every format."""

import re
from collections.abc import Callable, Sequence

import polars as pl

from market_assets.serving.api.problems import Problem

JOINED = re.compile("[+>]")
"""Between the names of sources that agreed, and of those whose rates were crossed in this order."""


def redistributable(
    rows: pl.DataFrame, allowed: Callable[[str], bool], *, behind: Sequence[str]
) -> tuple[pl.DataFrame, list[str]]:
    """The rows that may leave, and a warning of those that may not.

    All that stand ``behind`` every row must be ``allowed``, or a problem is raised; of rows that
    name their sources besides, those leave whose sources all are.
    """
    if stuck := [name for name in behind if not allowed(name)]:
        raise Problem(
            kind="not-redistributable",
            status=403,
            detail=f"this is computed from {_named(stuck)}, which may not leave; who runs this "
            f"service may set {_settings(stuck)} after reading the terms",
        )
    column = named_by(rows)
    if column is None:
        return rows, []
    texts = rows[column].drop_nulls().unique().to_list()
    held = {text: [name for name in names_in(text) if not allowed(name)] for text in texts}
    kept = rows.filter(
        pl.col(column).is_in([t for t in texts if held[t]]).not_().fill_null(value=True)
    )
    if kept.height == rows.height:
        return rows, []
    names = sorted({name for stuck in held.values() for name in stuck})
    withheld = rows.height - kept.height
    return kept, [
        f"{withheld} rows withheld: {_named(names)} may not leave; see {_settings(names)}"
    ]


def named_by(rows: pl.DataFrame) -> str | None:
    """The column in which rows name their sources, None where they name none."""
    return next((name for name in ("sources", "source") if name in rows.columns), None)


def names_in(text: str) -> list[str]:
    """The sources that ``text`` of such a column names."""
    return JOINED.split(text)


def _named(sources: Sequence[str]) -> str:
    return ", ".join(sources)


def _settings(sources: Sequence[str]) -> str:
    return ", ".join(f"MARKET_ASSETS_SOURCES__{name.upper()}__REDISTRIBUTE" for name in sources)

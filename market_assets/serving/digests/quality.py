"""What a digest says of how well its sources served. Frames in."""

import polars as pl

from market_assets.serving.digests import figures
from market_assets.serving.digests.content import Cell, Section, Table

SOUND = 0.9
"""A score below which a source stands out."""


def quality_section(
    rows: pl.DataFrame, *, disagreements: int, refused: int, note: str = ""
) -> Section:
    """Each source's newest judgement in ``rows`` (source, session, stated, score, issues).

    ``disagreements`` and ``refused`` count statements: who said otherwise, what was put aside.
    """
    newest = rows.sort("session").group_by("source").last().sort("score", "source")
    counted = f"{_counted(disagreements, 'value')} of a source differed from what was chosen; "
    counted += f"{_counted(refused, 'row')} could not be used and stayed out."
    return Section(
        heading="Data quality",
        note=" ".join(filter(None, [counted, note])),
        tables=(
            Table(
                headings=("Source", "Newest", "Rows", "Score"),
                words=2,
                rows=tuple(
                    (
                        Cell(text=row["source"], note=_short(row["issues"] or "")),
                        Cell(text=figures.day(row["session"])),
                        Cell(text=figures.whole(row["stated"])),
                        Cell(
                            text=figures.percent(100 * row["score"], places=0),
                            tone="" if row["score"] >= SOUND else "warn",
                        ),
                    )
                    for row in newest.iter_rows(named=True)
                ),
                empty="No source was judged.",
            ),
        ),
    )


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{f'{count:,}' if count else 'No'} {thing}s"


def _short(text: str) -> str:
    limit = 90
    return text if len(text) <= limit else f"{text[:limit].rstrip()}…"

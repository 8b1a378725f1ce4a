"""What a digest says of how well its sources served. Frames in."""

from datetime import date

import polars as pl

from market_assets.serving.digests import figures
from market_assets.serving.digests.content import Cell, Section, Table
from market_assets.serving.digests.reading import Frames, Tables

SOUND = 0.9
"""A score below which a source stands out."""


def quality_frames(
    tables: Tables, days: list[date], *, judged: str, disagreements: str, judged_from: date
) -> Frames:
    """What there is to say of ``days``; a judgement in the table ``judged`` may be older."""
    market = judged.partition(".")[0]
    return {
        "quality": tables.of(judged, [judged_from, days[-1]]),
        "disagreements": tables.of(disagreements, days),
        "put_aside": tables.of("quality.quarantine", days).filter(
            pl.col("asset").str.starts_with(f"{market}/")
        ),
    }


def quality_section(frames: Frames, *, note: str) -> Section:
    """Each source's newest judgement, and how many statements differed or were put aside.

    ``frames`` are those of ``quality_frames``, others beside them.
    """
    newest = frames["quality"].sort("session").group_by("source").last().sort("score", "source")
    disagreements, refused = frames["disagreements"].height, frames["put_aside"].height
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

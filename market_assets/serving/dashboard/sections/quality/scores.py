"""How good each source was on each session, and where one failed."""

from datetime import date

import polars as pl

from market_assets.serving.dashboard import charts, fields
from market_assets.serving.dashboard.cards import Card, cards
from market_assets.serving.dashboard.frame import nothing
from market_assets.serving.dashboard.numbers import plain
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, table

TABLES = {
    "casablanca": "casablanca.volume_data_quality",
    "hkex": "hkex.holdings_data_quality",
    "central_bank": "central_bank.data_quality",
    "africa": "africa.data_quality",
}
COLUMNS = {
    "source": Column("Source"),
    "session": Column("Session", "day"),
    "score": Column("Score", "rate"),
    "stated": Column("Rows", "whole"),
    "expected": Column("Expected", "whole"),
    "put_aside": Column("Put aside", "whole"),
    "completeness": Column("Completeness", "rate"),
    "agreement": Column("Agreement", "rate"),
    "mean_confidence": Column("Mean confidence", "rate"),
    "validity": Column("Validity", "rate"),
    "freshness_hours": Column("Known after, hours", "price"),
    "issues": Column("Issues"),
}
"""Those of all markets; each has some of them."""
LABELS = 4
"""Days that are named along the fields, so many as a phone has room for."""


def numbers(seen: pl.DataFrame, failed: pl.DataFrame) -> None:
    """Of all scores in ``seen``, and of those of its newest session."""
    newest = seen.filter(pl.col("session") == pl.col("session").max())
    spoke = newest.filter(pl.col("stated") > 0).height
    worst = newest.sort("score", nulls_last=False).row(0, named=True)
    mean: float | None = seen["score"].mean()  # pyright: ignore[reportAssignmentType] -- of floats
    cards(
        [
            Card(
                label="Mean score",
                value=plain(mean, digits=3),
                unit="of 1",
                note=f"{seen.height:,} sessions of sources",
            ),
            Card(
                label="Sources",
                value=plain(seen["source"].n_unique(), digits=0),
                unit="",
                note=f"{spoke} spoke of {newest['session'][0]}",
            ),
            Card(
                label="Failures",
                value=plain(failed.height, digits=0),
                unit="sessions",
                note="a source stated nothing",
            ),
            Card(
                label="Weakest of the newest session",
                value=plain(worst["score"], digits=3),
                unit="of 1",
                note=worst["source"],
            ),
        ]
    )


def grid(data: Data, seen: pl.DataFrame) -> None:
    """A field for each source and session."""
    wide = seen.pivot("session", index="source", values="score").sort("source")
    days = sorted(name for name in wide.columns if name != "source")
    none = seen.filter(pl.col("stated").fill_null(0) == 0).select("source", "session").rows()
    silent = {(name, f"{session}") for name, session in none}
    values = [list(row) for row in wide.select(days).iter_rows()]
    names = wide["source"].to_list()
    texts = [["×" if (name, each) in silent else "" for each in days] for name in names]
    figure = fields.grid(days, names, values, span=(0, 1), texts=texts, scale=True)
    told = days[:: max(1, len(days) // LABELS)]
    labels = [f"{date.fromisoformat(each):%d %b<br>%Y}" for each in told]
    figure.update_xaxes(type="category", tickvals=told, ticktext=labels, tickangle=0)
    charts.shown(
        data,
        figure,
        title="Score of each source and session",
        name="scores",
        unit="Darker is better, 0 to 1; × marks a source that stated nothing; empty: not asked",
        height=max(180, 28 * len(names) + 110),
    )


def failures(data: Data, failed: pl.DataFrame, market: str) -> None:
    """The sessions of which a source stated nothing."""
    if failed.is_empty():
        nothing("No source failed", "Every source that was asked stated something.")
        return
    table(
        data,
        failed.sort("session", "source", descending=[True, False]),
        title=f"Sources that failed: {failed.height}",
        name=f"failed-{market}",
        of=TABLES[market],
        columns={
            "session": Column("Session", "day"),
            "source": Column("Source"),
            "issues": Column("What happened"),
        },
    )


def every(data: Data, told: pl.DataFrame, market: str) -> None:
    """Each score with what it is made of."""
    table(
        data,
        told.sort("session", "source", descending=[True, False]),
        title="Scores",
        name=f"scores-{market}",
        of=TABLES[market],
        columns={name: column for name, column in COLUMNS.items() if name in told.columns},
    )

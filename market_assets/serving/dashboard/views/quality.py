"""Data quality: how good each source was, how fresh the tables, what disagrees or was put aside."""

from datetime import UTC, datetime

import polars as pl

from market_assets.serving.api.freshness import freshness
from market_assets.serving.dashboard import charts, fields, periods
from market_assets.serving.dashboard.cards import Card, cards
from market_assets.serving.dashboard.frame import headed, nothing, shown
from market_assets.serving.dashboard.numbers import plain
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice, switch
from market_assets.serving.dashboard.tables import Column, table

SCORES = {
    "casablanca": "casablanca.volume_data_quality",
    "hkex": "hkex.holdings_data_quality",
    "central_bank": "central_bank.data_quality",
    "africa": "africa.data_quality",
}
TOLD = {
    "casablanca": "Casablanca",
    "hkex": "Hong Kong",
    "central_bank": "Central bank",
    "africa": "Neighbours",
}
DISAGREEMENTS = {
    "casablanca": ("quality.disagreements", "ticker"),
    "hkex": ("quality.holding_disagreements", "code"),
    "central_bank": ("quality.observations_disagreements", "indicator_id"),
    "africa": ("quality.african_disagreements", "ticker"),
}
ASIDE = """
SELECT source, kind, regexp_replace(reason, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}', '…', 'g') AS reason,
    count(*) AS rows, min(session) AS first_session, max(session) AS last_session,
    any_value(text) AS example
FROM quality.quarantine WHERE source IN ({marks}) AND (? = '' OR source = ?)
GROUP BY ALL ORDER BY rows DESC, source, kind, reason
"""


def quality(data: Data) -> None:
    """Scores by source and session, freshness, failures, disagreements, quarantine."""
    there = [market for market, name in SCORES.items() if data.has(name)]
    if not there:
        data.require(SCORES["casablanca"], market="casablanca")
    market = choice("Market", there, name="market", default=there[0], told=TOLD.__getitem__)
    scores = data.rows(f"FROM {SCORES[market]} ORDER BY session, source")
    sources = scores["source"].unique().sort().to_list()
    source = choice(
        "Source",
        ["", *sources],
        name="source",
        default="",
        told=lambda each: each or "every source",
    )
    period = periods.chosen()
    which = switch(
        "Sessions",
        ["all", "failed"],
        name="which",
        default="all",
        told={"all": "all", "failed": "failed only"}.__getitem__,
    )
    headed(
        "Data quality",
        f"How far the numbers of {TOLD[market]} can be trusted, and why not further.",
    )
    if source:
        scores = scores.filter(pl.col("source") == source)
    days = scores["session"].unique().sort().to_list()
    seen = scores.filter(pl.col("session").is_in(days[-period:] if period else days))
    failed = seen.filter(pl.col("stated").fill_null(0) == 0)
    _cards(seen, failed)
    _grid(data, seen)
    _failed(data, failed, market)
    _freshness(data)
    told = failed if which == "failed" else seen
    wanted = [
        "source",
        "session",
        "score",
        "stated",
        "expected",
        "put_aside",
        "completeness",
        "agreement",
        "mean_confidence",
        "validity",
        "freshness_hours",
        "issues",
    ]
    kinds = {
        "session": Column("Session", "day"),
        "stated": Column("Rows", "whole"),
        "expected": Column("Expected", "whole"),
        "put_aside": Column("Put aside", "whole"),
        "freshness_hours": Column("Known after, hours", "price"),
    }
    table(
        data,
        told.sort("session", "source", descending=[True, False]),
        title="Scores",
        name=f"scores-{market}",
        of=SCORES[market],
        columns={
            each: kinds.get(each)
            or Column(
                each.replace("_", " ").capitalize(),
                "text" if each in ("source", "issues") else "rate",
            )
            for each in wanted
            if each in told.columns
        },
    )
    _disagreements(data, market, source)
    _aside(data, market, sources, source)


def _cards(seen: pl.DataFrame, failed: pl.DataFrame) -> None:
    newest = seen.filter(pl.col("session") == pl.col("session").max())
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
                note=f"{newest.height} spoke of {newest['session'][0]}",
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


def _grid(data: Data, seen: pl.DataFrame) -> None:
    wide = seen.pivot("session", index="source", values="score").sort("source")
    days = sorted(name for name in wide.columns if name != "source")
    none = seen.filter(pl.col("stated").fill_null(0) == 0).select("source", "session").rows()
    silent = {(name, f"{session}") for name, session in none}
    values = [list(row) for row in wide.select(days).iter_rows()]
    names = wide["source"].to_list()
    texts = [["×" if (name, each) in silent else "" for each in days] for name in names]
    figure = fields.grid(days, names, values, span=(0, 1), texts=texts)
    figure.update_xaxes(type="category", nticks=8)
    charts.shown(
        data,
        figure,
        title="Score of each source and session",
        name="scores",
        unit="Darker is better, 0 to 1; × marks a source that stated nothing; empty: not asked",
        height=max(180, 28 * len(names) + 110),
    )


def _failed(data: Data, failed: pl.DataFrame, market: str) -> None:
    if failed.is_empty():
        nothing("No source failed", "Every source that was asked stated something.")
        return
    table(
        data,
        failed.sort("session", "source", descending=[True, False]),
        title=f"Sources that failed: {failed.height}",
        name=f"failed-{market}",
        of=SCORES[market],
        columns={
            "session": Column("Session", "day"),
            "source": Column("Source"),
            "issues": Column("What happened"),
        },
    )


def _freshness(data: Data) -> None:
    now = datetime.now(UTC)
    rows = pl.DataFrame(freshness(data.facts, now), infer_schema_length=None)
    marks = {"fresh": "● fresh", "stale": "▼ stale", "empty": "○ empty", "not due": "· not due"}
    table(
        data,
        rows.with_columns(pl.col("status").replace(marks)),
        title="Freshness",
        name="freshness",
        of="meta.publication",
        columns={
            "table": Column("Table"),
            "status": Column("Status"),
            "newest": Column("Newest", "day"),
            "due": Column("Due now", "day", f"By its calendar, at {now:%Y-%m-%d %H:%M} UTC"),
            "sessions_behind": Column("Sessions behind", "whole"),
            "calendar": Column("Calendar"),
        },
    )


def _disagreements(data: Data, market: str, source: str) -> None:
    name, line = DISAGREEMENTS[market]
    if name not in data.facts.columns:
        return
    rows = data.rows(
        f"FROM {name} WHERE ? = '' OR source = ? ORDER BY difference DESC", source, source
    )
    day = "session" if "session" in rows.columns else "reference_date"
    table(
        data,
        rows,
        title=f"Disagreements: {rows.height:,}",
        name=f"disagreements-{market}",
        of=name,
        columns={
            line: Column("Line"),
            day: Column("Day", "day"),
            "field": Column("Field"),
            "source": Column("Source"),
            "value": Column("It says", "price"),
            "chosen": Column("Chosen", "price"),
            "difference": Column("Difference", "price", "As a fraction of what was chosen"),
        },
    )


def _aside(data: Data, market: str, sources: list[str], source: str) -> None:
    if "quality.quarantine" not in data.facts.columns or not sources:
        return
    rows = data.rows(ASIDE.format(marks=", ".join("?" * len(sources))), *sources, source, source)
    table(
        data,
        rows,
        title=f"Put aside: {rows['rows'].sum():,} rows",
        name=f"quarantine-{market}",
        of="quality.quarantine",
        columns={
            "source": Column("Source"),
            "kind": Column("Kind"),
            "reason": Column("Reason"),
            "rows": Column("Rows", "whole"),
            "first_session": Column("First", "day"),
            "last_session": Column("Last", "day"),
            "example": Column("Such as"),
        },
    )


if __name__ == "__main__":
    shown(quality)

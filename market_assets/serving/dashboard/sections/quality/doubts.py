"""What is stale, what sources disagree on, what was put aside."""

from datetime import UTC, datetime

import polars as pl

from market_assets.serving.api.freshness import freshness
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, table

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


def freshness_of_tables(data: Data) -> None:
    """Each table's newest day beside the one that is due now."""
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


def disagreements(data: Data, market: str, source: str) -> None:
    """What a source says otherwise than what was chosen; of every source where it is empty."""
    name, line = DISAGREEMENTS[market]
    if not data.publishes(name):
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


def put_aside(data: Data, market: str, sources: list[str], source: str) -> None:
    """What could not be used, counted by its reason."""
    if not data.publishes("quality.quarantine") or not sources:
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

"""One row per stock and session from all the sources that answered, with a confidence.

The total is stated by HKEX, and as the sum of Shanghai's and Shenzhen's holding by the sources of
``channels``. Value and confidence are chosen as ``domain.support`` says: a value's support is
``1 - product(1 - weight)`` over the groups that state it, and another independent source that
agrees never lowers it.
"""

from dataclasses import dataclass

import polars as pl

from market_assets.domain.holdings.channels import sums
from market_assets.domain.holdings.rows import SOUTHBOUND
from market_assets.domain.support import agrees_with, best_supported, weighed

ROW = ["code", "session"]
EXACT = 0.0
"""Holdings are whole shares: statements agree to the last one."""

FIELDS = ("shares", "shanghai_shares", "shenzhen_shares")
STATED = (*ROW, "source", "group", "weight", "rank", "name", "percent", "capture_id", "known_at")
"""What a statement comes with."""

DATES = pl.Schema({"session": pl.Date, "settlement_date": pl.Date, "implied_trade_date": pl.Date})
"""When what a page of ``session`` shows was settled, and when that was traded (T+2)."""

SOUTHBOUND_HOLDINGS = pl.Schema(
    {
        "code": pl.String,
        "name": pl.String,
        "session": pl.Date,
        "shares": pl.Int64,
        "percent": pl.Float64,
        "shanghai_shares": pl.Int64,
        "shenzhen_shares": pl.Int64,
        "settlement_date": pl.Date,
        "implied_trade_date": pl.Date,
        "source": pl.String,
        "sources": pl.String,
        "confidence": pl.Float64,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""``shares`` is null, with confidence 0, where nobody states the total. ``percent`` is HKEX's own,
null where it has none or states another holding. Channels are null where unknown or where they do
not make up the total. ``source``, ``capture_id`` and ``known_at`` are those of the best-ranked
statement of the total; those of a sum name both its parts, joined by ``+``, as ``sources`` does
for all that state it."""

DISAGREEMENTS = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "field": pl.String,
        "source": pl.String,
        "value": pl.Float64,
        "chosen": pl.Float64,
        "difference": pl.Float64,
        "capture_id": pl.String,
    }
)
"""A statement that is not the chosen value; ``difference`` is relative to that, null where 0."""


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """``holdings`` with the schema SOUTHBOUND_HOLDINGS, ``disagreements`` with DISAGREEMENTS."""

    holdings: pl.DataFrame
    disagreements: pl.DataFrame


def agreed(statements: pl.DataFrame, *, sources: pl.DataFrame, dates: pl.DataFrame) -> Agreed:
    """The one row per code and session of ``statements`` (screened HOLDINGS).

    ``statements`` hold at most one row for a code, session, channel and source. ``sources`` has
    source, group, weight and rank as for quotes; sources of channels that belong together share
    a group. ``dates`` has the schema DATES.
    """
    ranked = statements.join(sources, on="source").sort(*ROW, "rank", "source")
    said = pl.concat(part.select(*STATED, *FIELDS) for part in (_totals(ranked), sums(ranked)))
    said = said.sort(*ROW, "rank", "source")
    chosen = said.select(ROW).unique(maintain_order=True)
    for field in FIELDS:
        best = best_supported(weighed(said, field, row=ROW, tolerance=EXACT), field, row=ROW)
        chosen = chosen.join(best, on=ROW, how="left", maintain_order="left")
    rows = said.join(chosen, on=ROW, maintain_order="left")
    states_it = agrees_with("shares", "chosen_shares", tolerance=EXACT)
    value = {field: pl.col(f"chosen_{field}").first().cast(pl.Int64) for field in FIELDS}
    broken = value["shanghai_shares"] + value["shenzhen_shares"] != value["shares"]
    channels = [
        pl.when(broken.fill_null(value=False)).then(None).otherwise(value[c]).alias(c)
        for c in FIELDS[1:]
    ]
    holdings = (
        rows.group_by(ROW, maintain_order=True)
        .agg(
            *(
                pl.coalesce(pl.col(c).filter(states_it).first(), pl.col(c).first())
                for c in ("source", "capture_id", "known_at")
            ),
            *channels,
            pl.col("name").drop_nulls().first(),
            pl.col("percent").filter(states_it).drop_nulls().first(),
            value["shares"].alias("shares"),
            sources=pl.col("source").filter(states_it).str.join("+"),
            confidence=pl.col("shares_confidence").first().fill_null(0.0),
        )
        .join(dates, on="session", how="left")
        .select(SOUTHBOUND_HOLDINGS.names())
        .sort("session", "code")
    )
    disagreements = pl.concat(_dissent(rows, field) for field in FIELDS)
    return Agreed(
        holdings=holdings,
        disagreements=disagreements.sort("session", "code", "field", "source"),
    )


def _totals(ranked: pl.DataFrame) -> pl.DataFrame:
    """The statements of the total as such, which state no channel."""
    unknown = pl.lit(None, dtype=pl.Int64)
    return ranked.filter(pl.col("channel") == SOUTHBOUND).with_columns(
        shanghai_shares=unknown, shenzhen_shares=unknown
    )


def _dissent(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """The statements of ``field`` that are not what was chosen."""
    chosen = pl.col(f"chosen_{field}")
    value = pl.col(field).cast(pl.Float64)
    return rows.filter(pl.col(field).is_not_null() & (value != chosen)).select(
        *ROW,
        pl.lit(field).alias("field"),
        "source",
        value.alias("value"),
        chosen.alias("chosen"),
        pl.when(chosen != 0).then(value / chosen - 1).alias("difference"),
        "capture_id",
    )

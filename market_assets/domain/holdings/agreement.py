"""One row per stock and session from all the sources that answered, with a confidence.

The total is stated by HKEX, and by sources of channels: the sum of Shanghai's and Shenzhen's
holding where one group of sources shows both. A stock that one of two shown channel pages does
not list is held for 0 there; where a channel has no page at all its group states no total, for a
part is no sum. Value and confidence are chosen as ``domain.support`` says: a value's support is
``1 - product(1 - weight)`` over the groups that state it, and another independent source that
agrees never lowers it.
"""

from dataclasses import dataclass

import polars as pl

from market_assets.domain.holdings.rows import HOLDINGS, SHANGHAI, SHENZHEN, SOUTHBOUND
from market_assets.domain.support import agrees_with, best_supported, weighed

ROW = ["code", "session"]
EXACT = 0.0
"""Holdings are whole shares: statements agree to the last one."""

FIELDS = ("shares", "shanghai_shares", "shenzhen_shares")
CLEARING = {"A00003": SHANGHAI, "A00004": SHENZHEN}
"""ChinaClear's two accounts at CCASS, whose sum is what the Southbound page shows."""

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


def channel_statements(participants: pl.DataFrame) -> pl.DataFrame:
    """What ChinaClear holds of each stock by channel, from PARTICIPANTS, in the schema HOLDINGS.

    Only the latest page of a source for a stock and session counts. Pages are whole, so an
    account that is not on one holds 0.
    """
    latest = pl.col("known_at").max().over("source", "code", "session")
    rows = participants.filter(pl.col("known_at") == latest)
    page = ["code", "session", "source", "capture_id", "known_at"]
    channels = pl.DataFrame({"participant_id": list(CLEARING), "channel": list(CLEARING.values())})
    return (
        rows.select(page)
        .unique(maintain_order=True)
        .join(channels, how="cross")
        .join(
            rows.select(*page, "participant_id", "shares"),
            on=[*page, "participant_id"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.col("shares").fill_null(0),
            name=pl.lit(None, dtype=pl.String),
            percent=pl.lit(None, dtype=pl.Float64),
        )
        .select(HOLDINGS.names())
    )


def agreed(statements: pl.DataFrame, *, sources: pl.DataFrame, dates: pl.DataFrame) -> Agreed:
    """The one row per code and session of ``statements`` (screened HOLDINGS).

    ``statements`` hold at most one row for a code, session, channel and source. ``sources`` has
    source, group, weight and rank as for quotes; sources of channels that belong together share
    a group. ``dates`` has the schema DATES.
    """
    ranked = statements.join(sources, on="source").sort(*ROW, "rank", "source")
    said = pl.concat([_totals(ranked), _sums(ranked)]).sort(*ROW, "rank", "source")
    chosen = said.select(ROW).unique(maintain_order=True)
    for field in FIELDS:
        best = best_supported(weighed(said, field, row=ROW, tolerance=EXACT), field, row=ROW)
        chosen = chosen.join(best, on=ROW, how="left", maintain_order="left")
    parts = pl.col("chosen_shanghai_shares") + pl.col("chosen_shenzhen_shares")
    broken = (parts != pl.col("chosen_shares")).fill_null(value=False)
    rows = said.join(chosen, on=ROW, maintain_order="left")
    states_it = agrees_with("shares", "chosen_shares", tolerance=EXACT)
    lead = (
        pl.coalesce(pl.col(c).filter(states_it).first(), pl.col(c).first())
        for c in ("source", "capture_id", "known_at")
    )
    holdings = (
        rows.group_by(ROW, maintain_order=True)
        .agg(
            *lead,
            pl.col("name").drop_nulls().first(),
            pl.col("percent").filter(states_it).drop_nulls().first(),
            sources=pl.coalesce(
                pl.col("source").filter(states_it & pl.col("shares").is_not_null()).str.join("+"),
                pl.lit(""),
            ),
        )
        .join(
            chosen.with_columns(
                pl.when(~broken).then(c).alias(c)
                for c in ("chosen_shanghai_shares", "chosen_shenzhen_shares")
            ),
            on=ROW,
            maintain_order="left",
        )
        .join(dates, on="session", how="left", maintain_order="left")
        .with_columns(
            *(pl.col(f"chosen_{field}").cast(pl.Int64).alias(field) for field in FIELDS),
            confidence=pl.col("shares_confidence").fill_null(0.0),
        )
        .select(SOUTHBOUND_HOLDINGS.names())
        .sort("session", "code")
    )
    disagreements = pl.concat(_dissent(rows, field) for field in FIELDS)
    return Agreed(
        holdings=holdings,
        disagreements=disagreements.sort("session", "code", "field", "source"),
    )


STATED = (*ROW, "source", "group", "weight", "rank", "name", "percent", "capture_id", "known_at")


def _totals(ranked: pl.DataFrame) -> pl.DataFrame:
    """The statements of the total as such, which state no channel."""
    unknown = pl.lit(None, dtype=pl.Int64)
    return ranked.filter(pl.col("channel") == SOUTHBOUND).select(
        *STATED, "shares", shanghai_shares=unknown, shenzhen_shares=unknown
    )


def _sums(ranked: pl.DataFrame) -> pl.DataFrame:
    """What each group of sources of channels states: the channels it shows, and their sum."""
    rows = ranked.filter(pl.col("channel").is_in([SHANGHAI, SHENZHEN]))
    shown = rows.group_by("group", "session").agg(
        shows_shanghai=(pl.col("channel") == SHANGHAI).any(),
        shows_shenzhen=(pl.col("channel") == SHENZHEN).any(),
    )
    joined = pl.col("source").unique(maintain_order=True).str.join("+")
    of = {
        channel: pl.col("shares").filter(pl.col("channel") == channel).first()
        for channel in (SHANGHAI, SHENZHEN)
    }
    listed = {channel: (pl.col("channel") == channel).any() for channel in (SHANGHAI, SHENZHEN)}
    return (
        rows.group_by(*ROW, "group", maintain_order=True)
        .agg(
            joined.alias("source"),
            pl.col("weight").min(),
            pl.col("rank").max(),
            pl.col("name").drop_nulls().first(),
            pl.lit(None, dtype=pl.Float64).alias("percent"),
            pl.col("capture_id").unique(maintain_order=True).str.join("+"),
            pl.col("known_at").max(),
            shanghai_shares=of[SHANGHAI],
            shenzhen_shares=of[SHENZHEN],
            lists_shanghai=listed[SHANGHAI],
            lists_shenzhen=listed[SHENZHEN],
        )
        .join(shown, on=["group", "session"], maintain_order="left")
        .with_columns(
            pl.when(pl.col(f"shows_{channel}") & ~pl.col(f"lists_{channel}"))
            .then(0)
            .otherwise(f"{channel}_shares")
            .alias(f"{channel}_shares")
            for channel in (SHANGHAI, SHENZHEN)
        )
        .with_columns(shares=pl.col("shanghai_shares") + pl.col("shenzhen_shares"))
        .select(*STATED, *FIELDS)
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

"""One row per stock and session from all who state the holding, with a confidence.

The total is stated by HKEXnews' table, and by the mainland's exchanges together: each publishes
what is held through its own channel, so only where both have a page of the session is their sum a
statement, with the weight of the weaker of them. A stock that one of the two does not list is held
through the other alone. A page of participants states it too, as the holdings of the two clearing
accounts A00003 and A00004; it is HKEXnews' own and no independent voice. Values are weighed as in
``domain.support``: a stock's confidence is the support of the total that was chosen, lessened by
contradiction; another independent source that agrees never lowers it.

The percent is the one HKEXnews publishes with the chosen total, never one computed here.
"""

from dataclasses import dataclass

import polars as pl

from market_assets.domain.holdings.rows import HOLDINGS, SHANGHAI, SHENZHEN, SOUTHBOUND
from market_assets.domain.support import best_supported, weighed

ROW = ["code", "session"]
CLEARING = ("A00003", "A00004")
"""ChinaClear's accounts in CCASS, for Shanghai and for Shenzhen."""

SOUTHBOUND_HOLDINGS = pl.Schema(
    {
        "mic": pl.String,
        "code": pl.String,
        "name": pl.String,
        "session": pl.Date,
        "shares": pl.Int64,
        "percent": pl.Float64,
        "shanghai_shares": pl.Int64,
        "shenzhen_shares": pl.Int64,
        "settlement_date": pl.Date,
        "implied_trade_date": pl.Date,
        "confidence": pl.Float64,
        "source": pl.String,
        "sources": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""``session`` is the shareholding date. ``percent`` is in percent of the issued shares, as
published. The channels' holdings are null where their exchange has no page of the session."""

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


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """``holdings`` has the schema SOUTHBOUND_HOLDINGS, ``disagreements`` DISAGREEMENTS."""

    holdings: pl.DataFrame
    disagreements: pl.DataFrame


def agreed(kept: pl.DataFrame, *, sources: pl.DataFrame, dates: pl.DataFrame, mic: str) -> Agreed:
    """One row per code and session of ``kept`` (screened HOLDINGS).

    ``sources`` has source, group, weight and rank; ``dates`` session, settlement_date and
    implied_trade_date.
    """
    pages = kept.join(sources, on="source")
    said = pl.concat(
        [pages.filter(pl.col("channel") == SOUTHBOUND), _sums(pages)], how="diagonal"
    ).sort(*ROW, "rank", "source")
    chosen = best_supported(weighed(said, "shares", row=ROW, tolerance=0.0), "shares", row=ROW)
    said = said.join(chosen, on=ROW, maintain_order="left").with_columns(
        states_it=pl.col("shares") == pl.col("chosen_shares")
    )
    holdings = (
        said.filter("states_it")
        .group_by(ROW, maintain_order=True)
        .agg(
            pl.col("name").first(),
            pl.col("shares").first(),
            pl.col("percent").drop_nulls().first(),
            confidence=pl.col("shares_confidence").first(),
            sources=pl.col("source").str.join("+"),
            **{c: pl.col(c).first() for c in ("source", "capture_id", "known_at")},
        )
        .join(_channels(pages), on=ROW, how="left", maintain_order="left")
        .join(dates, on="session", how="left", maintain_order="left")
        .with_columns(mic=pl.lit(mic))
        .select(SOUTHBOUND_HOLDINGS.names())
        .sort("session", "code")
    )
    dissent = (
        said.filter(~pl.col("states_it"))
        .with_columns(
            field=pl.lit("shares"),
            value=pl.col("shares").cast(pl.Float64),
            chosen=pl.col("chosen_shares").cast(pl.Float64),
        )
        .with_columns(
            difference=pl.when(pl.col("chosen") != 0).then(pl.col("value") / pl.col("chosen") - 1)
        )
        .select(DISAGREEMENTS.names())
        .sort("session", "code", "source")
    )
    return Agreed(holdings=holdings, disagreements=dissent)


def of_clearing(participants: pl.DataFrame) -> pl.DataFrame:
    """What the pages of ``participants`` (PARTICIPANTS) state of Southbound: rows of HOLDINGS.

    A page lists every participant that holds anything, so an account that is not there holds none.
    """
    stock = ["code", "session", "source", "capture_id", "known_at"]
    account = pl.col("participant_id")
    return (
        participants.group_by(stock, maintain_order=True)
        .agg(shares=pl.col("shares").filter(account.is_in(CLEARING)).sum())
        .with_columns(
            channel=pl.lit(SOUTHBOUND),
            name=pl.lit(None, pl.String),
            percent=pl.lit(None, pl.Float64),
        )
        .select(HOLDINGS.names())
    )


def _sums(pages: pl.DataFrame) -> pl.DataFrame:
    """The totals that Shanghai and Shenzhen state together, on the days that both have a page."""
    sides = pages.filter(pl.col("channel").is_in([SHANGHAI, SHENZHEN])).sort(
        *ROW, "channel", "rank"
    )
    one_side = pl.col("channel").n_unique().over("session") == 1
    of_both = sides.filter(~one_side)
    weakest = of_both.group_by("session").agg(
        pl.col("weight").min(), pl.col("source").unique().sort().str.join("+")
    )
    return (
        of_both.group_by(ROW, maintain_order=True)
        .agg(
            pl.col("shares").sum(),
            pl.col("name").drop_nulls().first(),
            pl.col("group").first(),
            pl.col("rank").max(),
            pl.col("capture_id").first(),
            pl.col("known_at").max(),
        )
        .join(weakest, on="session", maintain_order="left")
        .with_columns(group=pl.lit("mainland"), channel=pl.lit(SOUTHBOUND))
    )


def _channels(pages: pl.DataFrame) -> pl.DataFrame:
    """What is held through each exchange: 0 where its page of the session has no such stock."""
    codes = pages.select(ROW).unique()
    for channel, column in ((SHANGHAI, "shanghai_shares"), (SHENZHEN, "shenzhen_shares")):
        said = pages.filter(pl.col("channel") == channel)
        there = said.select("session", lists=pl.lit(value=True)).unique()
        stated = said.group_by(ROW).agg(pl.col("shares").first().alias(column))
        codes = (
            codes.join(stated, on=ROW, how="left")
            .join(there, on="session", how="left")
            .with_columns(pl.when("lists").then(pl.col(column).fill_null(0)).alias(column))
            .drop("lists")
        )
    return codes

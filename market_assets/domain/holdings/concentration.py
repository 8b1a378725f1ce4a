"""How much of a stock its largest participants at CCASS hold; not who stands behind them."""

import polars as pl

FULL_CIRCULATION = "A00005"
"""ChinaClear (Hong Kong): H shares in full circulation, often more than half of an H share."""

CONCENTRATION = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "participants": pl.Int64,
        "total_shares": pl.Int64,
        "top5_share": pl.Float64,
        "top10_share": pl.Float64,
        "full_circulation_share": pl.Float64,
    }
)
"""Shares are parts (0.5 is half) of what all named participants hold. ``full_circulation_share``
is that of A00005, which the top five and ten include: 0 where it is not on the page."""


def concentration(participants: pl.DataFrame) -> pl.DataFrame:
    """Each stock and session of PARTICIPANTS in the schema CONCENTRATION, by session and code.

    Of a stock and session the latest page counts, whole. Null where nothing is held.
    """
    latest = pl.col("known_at").max().over("code", "session")
    shares = pl.col("shares")
    account = shares.filter(pl.col("participant_id") == FULL_CIRCULATION).sum()
    return (
        participants.filter(pl.col("known_at") == latest)
        .group_by("code", "session")
        .agg(
            participants=pl.len().cast(pl.Int64),
            total_shares=shares.sum(),
            top5_share=shares.top_k(5).sum(),
            top10_share=shares.top_k(10).sum(),
            full_circulation_share=account,
        )
        .with_columns(
            pl.when(pl.col("total_shares") > 0).then(pl.col(c) / pl.col("total_shares")).alias(c)
            for c in ("top5_share", "top10_share", "full_circulation_share")
        )
        .select(CONCENTRATION.names())
        .sort("session", "code")
    )

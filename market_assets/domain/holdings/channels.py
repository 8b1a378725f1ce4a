"""What is held through each channel, and their sum; what HKEX states in total is not looked at."""

import polars as pl

from market_assets.domain.holdings.rows import HOLDINGS, SHANGHAI, SHENZHEN

CLEARING = {"A00003": SHANGHAI, "A00004": SHENZHEN}
"""ChinaClear's two accounts at CCASS, whose sum is what the Southbound page shows."""


def channel_statements(participants: pl.DataFrame) -> pl.DataFrame:
    """What ChinaClear holds of each stock by channel, from PARTICIPANTS, in the schema HOLDINGS.

    Only the latest page of a source for a stock and session counts. Pages are whole, so an
    account that is not on one holds 0.
    """
    page = ["code", "session", "source", "capture_id", "known_at"]
    accounts = pl.DataFrame({"participant_id": list(CLEARING), "channel": list(CLEARING.values())})
    latest = pl.col("known_at").max().over("source", "code", "session")
    rows = participants.filter(pl.col("known_at") == latest)
    held = rows.select(*page, "participant_id", "shares")
    return (
        rows.select(page)
        .unique(maintain_order=True)
        .join(accounts, how="cross")
        .join(held, on=[*page, "participant_id"], how="left", maintain_order="left")
        .with_columns(
            pl.col("shares").fill_null(0),
            name=pl.lit(None, dtype=pl.String),
            percent=pl.lit(None, dtype=pl.Float64),
        )
        .select(HOLDINGS.names())
    )


def sums(statements: pl.DataFrame) -> pl.DataFrame:
    """What each group of sources of channels states of a stock, with the sum as its ``shares``.

    ``statements`` are HOLDINGS with the columns of SOURCES, the best rank first; those of the
    total are left out. A stock that one of two shown channel pages does not list is held for 0
    there; where a channel has no page at all there is no sum. A row names all the sources and
    captures it is made of, joined by ``+``, and has the weight and rank of the weakest.
    """
    here = {name: pl.col("channel") == name for name in (SHANGHAI, SHENZHEN)}
    shares = pl.col("shares")
    return (
        statements.filter(pl.col("channel").is_in(list(here)))
        .with_columns(
            is_here.any().over("group", "session").alias(f"shows_{name}")
            for name, is_here in here.items()
        )
        .group_by("code", "session", "group", maintain_order=True)
        .agg(
            *(
                pl.col(c).unique(maintain_order=True).str.join("+")
                for c in ("source", "capture_id")
            ),
            pl.col("weight").min(),
            pl.col("rank", "known_at").max(),
            pl.col("name").drop_nulls().first(),
            pl.lit(None, dtype=pl.Float64).alias("percent"),
            *(
                pl.when(is_here.any() | ~pl.col(f"shows_{name}").first())
                .then(shares.filter(is_here).first())
                .otherwise(0)
                .alias(f"{name}_shares")
                for name, is_here in here.items()
            ),
        )
        .with_columns(shares=pl.col("shanghai_shares") + pl.col("shenzhen_shares"))
    )

"""The stocks whose holding rose and fell most, by session and horizon; compares no two sessions."""

import polars as pl

from market_assets.domain.faults import counted

MOVERS = pl.Schema(
    {
        "session": pl.Date,
        "horizon": pl.Int32,
        "measure": pl.String,
        "side": pl.String,
        "rank": pl.Int32,
        "code": pl.String,
        "name": pl.String,
        "change_shares": pl.Int64,
        "change_pct": pl.Float64,
        "change_points": pl.Float64,
        "base_shares": pl.Int64,
    }
)
MEASURES = {"percent": "change_pct", "shares": "change_shares"}

LIST = ["session", "horizon", "measure", "side"]


def movers(
    deltas: pl.DataFrame, *, names: pl.DataFrame, size: int, least_base_shares: int
) -> pl.DataFrame:
    """The first ``size`` of each list in the schema MOVERS.

    ``deltas`` has the schema HOLDING_DELTAS, of the sessions wanted; ``names`` code, session and
    name. Only ``ok`` changes from a base of at least ``least_base_shares`` take part: a position
    of a hundred shares doubles easily. The top holds only gains, the bottom only losses, so a list
    may be short. Equal changes rank by code.
    """
    candidates = (
        deltas.filter(
            pl.col("status") == "ok",
            pl.col("base_shares") >= least_base_shares,
            pl.col("change_shares") != 0,
        )
        .join(names.select("code", "session", "name"), on=["code", "session"], how="left")
        .with_columns(
            side=pl.when(pl.col("change_shares") > 0)
            .then(pl.lit("top"))
            .otherwise(pl.lit("bottom"))
        )
    )
    ranked = [
        candidates.filter(pl.col(column).is_not_null())
        .with_columns(measure=pl.lit(measure))
        .sort(pl.col(column).abs(), "code", descending=[True, False])
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over(LIST))
        .filter(pl.col("rank") <= size)
        for measure, column in MEASURES.items()
    ]
    return (
        pl.concat(ranked)
        .sort(*LIST, "rank", descending=[False, False, False, True, False])
        .select(MOVERS.names())
    )


def movers_faults(rows: pl.DataFrame) -> dict[str, int]:
    """How many rows break each rule the lists keep."""
    change, top = pl.col("change_shares"), pl.col("side") == "top"
    faults = {
        "duplicate_rank": pl.struct(*LIST, "rank").is_duplicated(),
        "duplicate_code": pl.struct(*LIST, "code").is_duplicated(),
        "change_against_side": (top & (change <= 0)) | (~top & (change >= 0)),
        "rank_below_one": pl.col("rank") < 1,
    }
    return counted(rows, **faults)

"""For how many sessions a holding has risen or fallen, and when it last changed."""

import polars as pl

STREAKS = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "shares": pl.Int64,
        "streak": pl.Int64,
        "last_change": pl.Date,
    }
)
"""``streak`` sessions in a row the shares rose (above 0) or fell (below 0), the present one
included; 0 where they stand, which ends a streak. ``last_change`` is the last session with other
shares than before, null where none was seen."""


def streaks(
    holdings: pl.DataFrame, *, before: pl.DataFrame, suspects: pl.DataFrame
) -> pl.DataFrame:
    """Each row of ``holdings`` (code, session, shares) in the schema STREAKS, by session and code.

    ``before`` are the STREAKS of the last session before, empty where there is none; so a window
    goes on where the history stopped. A session on which nobody's shares changed is a mainland
    holiday, not a stand: it is stepped over. A code that had no row in the session before enters:
    that is a change, but neither a rise nor a fall; so is a split or a change of code, which
    ``suspects`` (code, session) are.
    """
    rows = holdings.filter(pl.col("shares").is_not_null()).select("code", "session", "shares")
    rows = pl.concat([before.select(STREAKS.names()), rows], how="diagonal").sort("code", "session")
    carried = pl.col("streak").is_not_null()
    days = rows["session"].unique().sort()
    order = pl.DataFrame({"session": days, "number": pl.int_range(days.len(), eager=True)})
    rows = rows.join(order, on="session", maintain_order="left")
    neighbour = pl.col("number") - pl.col("number").shift().over("code") == 1
    change = pl.when(neighbour).then(pl.col("shares").diff().over("code"))
    marked = suspects.select("code", "session", suspect=pl.lit(value=True)).unique()
    rows = rows.with_columns(change=change, carried=carried).join(
        marked, on=["code", "session"], how="left", maintain_order="left"
    )
    stands = (pl.col("change").fill_null(0) == 0).all().over("session") & (pl.col("number") > 0)
    stands &= pl.col("change").is_not_null().any().over("session")
    moves = pl.when(carried).then(pl.col("streak").sign()).otherwise(pl.col("change").sign())
    moves = pl.when("suspect").then(0).otherwise(moves)
    entered = pl.col("change").is_null() & ~pl.col("carried") & (pl.col("number") > 0)
    changed = (pl.col("change") != 0).fill_null(value=False) | entered
    rows = rows.with_columns(
        direction=pl.when(~stands | pl.col("change").is_null()).then(moves.fill_null(0)),
        sessions=pl.when(carried).then(pl.col("streak").abs()).when(stands).then(0).otherwise(1),
        last_change=pl.coalesce("last_change", pl.when(changed).then("session")),
    ).with_columns(pl.col("direction", "last_change").forward_fill().over("code"))
    run = pl.struct("code", "direction").rle_id()
    length = pl.col("sessions").cum_sum().over(run)
    return (
        rows.with_columns(streak=(length * pl.col("direction")).cast(pl.Int64))
        .filter(~pl.col("carried"))
        .select(STREAKS.names())
        .sort("session", "code")
    )

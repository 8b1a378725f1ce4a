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
shares than before, null where none was seen. Where only the total is unknown all three are those
of the code's row before, null and 0 where none states any since it entered."""


def streaks(
    holdings: pl.DataFrame, *, before: pl.DataFrame, suspects: pl.DataFrame
) -> pl.DataFrame:
    """Each row of ``holdings`` (code, session, shares) in the schema STREAKS, by session and code.

    ``before`` are the STREAKS of the last session before, empty where there is none; so a window
    goes on where the history stopped. A session that has no total of any code is none. One on which
    nobody's shares changed is a mainland holiday, not a stand: it is stepped over, as a row without
    shares is, so that the next is compared with the last that states them. A code that had no row
    in the session before enters: that is a change, but neither a rise nor a fall; so is a split or
    a change of code, which ``suspects`` (code, session) are.
    """
    rows = pl.concat(
        [before.select(STREAKS.names()), holdings.select("code", "session", "shares")],
        how="diagonal",
    ).sort("code", "session")
    days = rows.filter(pl.col("shares").is_not_null())["session"].unique().sort()
    order = pl.DataFrame({"session": days, "number": pl.int_range(days.len(), eager=True)})
    marked = suspects.select("code", "session", suspect=pl.lit(value=True)).unique()
    since = pl.col("number") - pl.col("number").shift().over("code")
    rows = (
        rows.join(order, on="session", maintain_order="left")
        .join(marked, on=["code", "session"], how="left", maintain_order="left")
        .with_columns(
            carried=pl.col("streak").is_not_null(),
            stated=pl.col("shares").is_not_null(),
            entered=since.ne_missing(1) & (pl.col("number") > 0),
        )
        .with_columns(stay=pl.col("entered").cum_sum().over("code"))
        .with_columns(pl.col("shares").forward_fill().over("code", "stay"))
        .with_columns(change=pl.when("stated").then(pl.col("shares").diff().over("code", "stay")))
    )
    change, entered = pl.col("change"), pl.col("entered")
    nobody_moved = change.abs().max().over("session").eq_missing(0)
    skipped = (change.is_not_null() & nobody_moved) | ~(pl.col("stated") | entered)
    moves = pl.when("carried").then(pl.col("streak").sign()).otherwise(change.sign())
    moves = pl.when("suspect").then(0).otherwise(moves)
    changed = (change != 0).fill_null(value=False) | entered
    rows = rows.with_columns(
        direction=pl.when(~skipped).then(moves.fill_null(0)),
        sessions=pl.when("carried").then(pl.col("streak").abs()).when(skipped).then(0).otherwise(1),
        last_change=pl.coalesce("last_change", pl.when(changed).then("session")),
    ).with_columns(
        pl.col("direction").forward_fill().over("code").fill_null(0),
        pl.col("last_change").forward_fill().over("code"),
    )
    run = pl.struct("code", "direction").rle_id()
    length = pl.col("sessions").cum_sum().over(run)
    return (
        rows.with_columns(streak=(length * pl.col("direction")).cast(pl.Int64))
        .filter(~pl.col("carried"))
        .select(STREAKS.names())
        .sort("session", "code")
    )

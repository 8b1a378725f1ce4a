"""Which market cap stands where a source states one and price x shares gives another.

Neither is averaged. A statement to the unit stands first, by rank: it is of its session, while a
share count is of the day it was stated. Then price x shares. A statement that is rounded, as one
in billions with two decimals is, stands only where the shares are not known.
"""

import polars as pl

COMPUTED = "price x shares"
EXACT = 1.0
"""A statement that may be this far off, in money, is to the unit."""
RELATIVE = 1e-9
"""How far two figures differ through floating point alone."""

DISAGREEMENTS = pl.Schema(
    {
        "ticker": pl.String,
        "session": pl.Date,
        "field": pl.String,
        "source": pl.String,
        "value": pl.Float64,
        "chosen": pl.Float64,
        "difference": pl.Float64,
        "capture_id": pl.String,
    }
)
"""A figure that is not the chosen one, by more than its rounding allows; ``difference`` is relative
to that one, null where it is 0. The source of price x shares is COMPUTED, without a capture."""

OWN_FIELDS = ("market_cap", "ytd", "high_52w", "low_52w")


def with_market_cap(
    rows: pl.DataFrame, *, statements: pl.DataFrame, shares: pl.DataFrame, splits: pl.DataFrame
) -> pl.DataFrame:
    """``rows`` (ticker, session, close) with shares, market_cap and where it is from.

    ``shares`` of a session are the newest stated by that day (SHARES), times the splits between;
    null before the first statement. ``market_cap_computed`` is close x shares,
    ``market_cap_stated`` the best-ranked of STATEMENTS; ``market_cap_source`` names the source that
    stands, or COMPUTED. ``market_cap_capture_id`` is of the statement that stands, null where
    none does; ``shares_capture_id`` null where the count is the register's.
    """
    counted = _with_shares(rows, shares, splits)
    said = best_statements(statements, "market_cap").select(
        "ticker",
        "session",
        market_cap_stated="value",
        stated_by="source",
        stated_in="capture_id",
        exact=pl.col("rounding") <= EXACT,
    )
    computed, exact = pl.col("market_cap_computed"), pl.col("exact").fill_null(value=False)
    stands = exact | computed.is_null()
    source = pl.when(stands).then("stated_by").when(computed.is_not_null()).then(pl.lit(COMPUTED))
    return (
        counted.with_columns(market_cap_computed=(pl.col("close") * pl.col("shares")).round(2))
        .join(said, on=["ticker", "session"], how="left", maintain_order="left")
        .with_columns(
            market_cap=pl.when(stands).then("market_cap_stated").otherwise(computed),
            market_cap_source=source,
            market_cap_capture_id=pl.when(stands).then("stated_in"),
        )
        .drop("stated_by", "stated_in", "exact")
    )


def best_statements(statements: pl.DataFrame, field: str) -> pl.DataFrame:
    """One statement of ``field`` for a line and session: to the unit before rounded, then by rank.

    A market cap of 0 or less states nothing, whoever says it.
    """
    stated = statements.filter(pl.col("field") == field, pl.col("value").is_not_null())
    if field == "market_cap":
        stated = stated.filter(pl.col("value") > 0)
    rounded = pl.col("rounding") > EXACT
    return (
        stated.sort(rounded, "rank", "source")
        .group_by("ticker", "session", maintain_order=True)
        .first()
    )


def disagreements(figures: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Every figure beside the one that stands, in the schema DISAGREEMENTS.

    ``figures`` has the schema FUNDAMENTALS, ``statements`` STATEMENTS. A figure disagrees where it
    is further from what stands than its ``rounding``, price x shares where it is ``EXACT`` away.
    Where nothing stands nobody disagrees.
    """
    stands = figures.unpivot(
        OWN_FIELDS, index=["ticker", "session"], variable_name="field", value_name="chosen"
    )
    said = statements.filter(~((pl.col("field") == "market_cap") & (pl.col("value") <= 0)))
    computed = figures.select(
        "ticker",
        "session",
        field=pl.lit("market_cap"),
        source=pl.lit(COMPUTED),
        value="market_cap_computed",
        rounding=pl.lit(EXACT),
        capture_id=pl.lit(None, dtype=pl.String),
    )
    columns = ("ticker", "session", "field", "source", "value", "rounding", "capture_id")
    value, chosen = pl.col("value"), pl.col("chosen")
    apart = (value - chosen).abs()
    return (
        pl.concat([said.select(columns), computed.select(columns)])
        .join(stands, on=["ticker", "session", "field"])
        .filter(apart > pl.col("rounding") + chosen.abs() * RELATIVE)
        .with_columns(difference=pl.when(chosen != 0).then(value / chosen - 1))
        .select(DISAGREEMENTS.names())
        .sort("session", "ticker", "field", "source")
    )


def _with_shares(rows: pl.DataFrame, shares: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    counted = (
        rows.sort("session")
        .join_asof(
            shares.sort("since").rename({"capture_id": "shares_capture_id"}),
            left_on="session",
            right_on="since",
            by="ticker",
            strategy="backward",
            coalesce=False,
            check_sortedness=False,
        )
        .sort("ticker", "session")
    )
    between = (
        counted.select("ticker", "session", "since")
        .join(splits, on="ticker")
        .filter(pl.col("effective") > pl.col("since"), pl.col("effective") <= pl.col("session"))
        .group_by("ticker", "session")
        .agg(divided=pl.col("factor").product())
    )
    count = pl.col("shares") * pl.col("divided").fill_null(1.0)
    return (
        counted.join(between, on=["ticker", "session"], how="left", maintain_order="left")
        .with_columns(shares=count.round().cast(pl.Int64))
        .drop("since", "divided")
    )

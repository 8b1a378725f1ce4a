"""Who is listed: the register of an exchange, brought up to date by what the exchange states since.

Of each field the newest statement of the exchange stands, and where it never stated one the
register's. What differs is shown by ``listing_disagreements``.
"""

from datetime import date

import polars as pl

from market_assets.domain.companies.rows import SHARES

REGISTER = pl.Schema(
    {
        "ticker": pl.String,
        "isin": pl.String,
        "name": pl.String,
        "sector": pl.String,
        "icb_sector": pl.String,
        "compartment": pl.String,
        "shares": pl.Int64,
        "shares_on": pl.Date,
        "suspended": pl.Boolean,
    }
)
"""What is known of each line beforehand; ``shares`` is the count of the day ``shares_on``."""

SYMBOLS = pl.Schema({"ticker": pl.String, "source": pl.String, "symbol": pl.String})
"""What a source calls a line, where it is not the exchange's ticker."""

LISTINGS = pl.Schema(
    {
        "mic": pl.String,
        "ticker": pl.String,
        "isin": pl.String,
        "name": pl.String,
        "sector": pl.String,
        "icb_sector": pl.String,
        "compartment": pl.String,
        "shares": pl.Int64,
        "shares_on": pl.Date,
        "shares_split_by": pl.Float64,
        "status": pl.String,
        "symbols": pl.String,
        "source": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""``shares`` is the count that was stated on ``shares_on`` times ``shares_split_by``, what splits
since then made of one share (1.0: none). ``status`` is "listed" or "suspended". ``symbols`` is
``source=symbol`` for each of SYMBOLS, joined by a space. ``source``, ``capture_id`` and
``known_at`` are of the newest statement of the exchange, null where it made none."""

DISAGREEMENTS = pl.Schema(
    {
        "ticker": pl.String,
        "field": pl.String,
        "source": pl.String,
        "value": pl.String,
        "chosen": pl.String,
        "capture_id": pl.String,
    }
)
REGISTER_SOURCE = "register"
STATED = ("isin", "name", "sector", "compartment")
COMPARED = ("isin", "sector", "compartment", "shares")
STATUS = {"T": "listed", "NT": "listed", "S": "suspended"}
"""What a line's status in a session says of its listing."""


def listings(
    stated: pl.DataFrame,
    *,
    mic: str,
    register: pl.DataFrame,
    symbols: pl.DataFrame,
    splits: pl.DataFrame,
    as_of: date,
) -> pl.DataFrame:
    """Every line of the register or of the exchange's lists, in the schema LISTINGS, by ticker.

    ``stated`` are rows of the exchange's lists (ticker, isin, name, sector, compartment, shares,
    status, source, capture_id, known_at) known by the end of ``as_of`` in UTC; later ones are not
    looked at. ``register`` has the schema REGISTER, ``symbols`` SYMBOLS, ``splits`` are those of
    ``dated_splits``. ValueError for a line twice in the register, and for a status nobody knows.
    """
    if register["ticker"].is_duplicated().any():
        raise ValueError(f"twice in the register: {_named(register, 'ticker')}")
    known = stated.filter(pl.col("known_at").dt.date() <= as_of)
    odd = set(known["status"].drop_nulls()) - set(STATUS)
    if odd:
        raise ValueError(f"unknown status {sorted(odd)} of a listing")
    newest = (
        known.sort("known_at", "capture_id")
        .group_by("ticker", maintain_order=True)
        .agg(
            *(pl.col(c).drop_nulls().last() for c in (*STATED, "status")),
            *(pl.col(c).last() for c in ("source", "capture_id", "known_at")),
        )
    )
    counts = _newest_counts(shares_known(known, register), splits, as_of)
    both = register.drop("shares", "shares_on").join(
        newest, on="ticker", how="full", coalesce=True, suffix="_stated"
    )
    suspended = pl.when("suspended").then(pl.lit("suspended")).otherwise(pl.lit("listed"))
    return (
        both.join(counts, on="ticker", how="left")
        .join(_joined(symbols), on="ticker", how="left")
        .with_columns(
            *(pl.coalesce(f"{c}_stated", c).alias(c) for c in STATED),
            mic=pl.lit(mic),
            status=pl.coalesce(pl.col("status").replace_strict(STATUS, default=None), suspended),
        )
        .select(LISTINGS.names())
        .sort("ticker")
    )


def shares_known(stated: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Every statement of a share count in the schema SHARES, by line and day, one for a day.

    Of two on one day the exchange's newest stands before the register's.
    """
    said = stated.filter(pl.col("shares").is_not_null()).sort("known_at", "capture_id")
    registered = register.filter(pl.col("shares").is_not_null())
    nowhere = pl.lit(None, dtype=pl.String)
    both = (
        registered.with_columns(since="shares_on", capture_id=nowhere),
        said.with_columns(since=pl.col("known_at").dt.date()),
    )
    return (
        pl.concat(part.select(SHARES.names()) for part in both)
        .group_by("ticker", "since", maintain_order=True)
        .last()
        .select(SHARES.names())
        .sort("ticker", "since")
    )


def listing_disagreements(
    chosen: pl.DataFrame, stated: pl.DataFrame, *, register: pl.DataFrame
) -> pl.DataFrame:
    """What a list or the register says otherwise than ``chosen`` (LISTINGS), as DISAGREEMENTS.

    Of the lists only the newest statement of each source and field is held against it. Names are
    not compared: they are worded differently everywhere.
    """
    told, line = stated.sort("known_at", "capture_id"), ["ticker", "source"]
    by_field = [
        said
        for field in COMPARED
        for said in (
            _said(told.filter(pl.col(field).is_not_null()).unique(line, keep="last"), field),
            _said(register.with_columns(source=pl.lit(REGISTER_SOURCE), capture_id=None), field),
        )
    ]
    text = (pl.col(field).cast(pl.String) for field in COMPARED)
    stands = chosen.select("ticker", *text).unpivot(
        index="ticker", variable_name="field", value_name="chosen"
    )
    return (
        pl.concat(by_field)
        .join(stands, on=["ticker", "field"], how="left")
        .filter(pl.col("value").is_not_null() & pl.col("value").ne_missing(pl.col("chosen")))
        .select(DISAGREEMENTS.names())
        .sort("ticker", "field", "source")
    )


def _said(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    return rows.select(
        "ticker",
        pl.lit(field).alias("field"),
        "source",
        pl.col(field).cast(pl.String).alias("value"),
        pl.col("capture_id").cast(pl.String),
    )


def _newest_counts(shares: pl.DataFrame, splits: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """ticker, shares, shares_on and shares_split_by as of that day."""
    newest = shares.filter(pl.col("since") <= as_of).group_by("ticker").last()
    since = (
        newest.join(splits, on="ticker")
        .filter((pl.col("effective") > pl.col("since")) & (pl.col("effective") <= as_of))
        .group_by("ticker")
        .agg(shares_split_by=pl.col("factor").product())
    )
    count = pl.col("shares") * pl.col("shares_split_by")
    return (
        newest.join(since, on="ticker", how="left")
        .with_columns(pl.col("shares_split_by").fill_null(1.0))
        .select("ticker", "shares_split_by", shares_on="since", shares=count.round().cast(pl.Int64))
    )


def _joined(symbols: pl.DataFrame) -> pl.DataFrame:
    said = symbols.filter(pl.col("symbol").is_not_null()).sort("ticker", "source")
    named = pl.format("{}={}", "source", "symbol")
    return said.group_by("ticker").agg(symbols=named.str.join(" "))


def _named(rows: pl.DataFrame, column: str) -> str:
    return ", ".join(sorted(set(rows.filter(pl.col(column).is_duplicated())[column])))

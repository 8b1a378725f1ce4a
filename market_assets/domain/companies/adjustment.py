"""Series as if the shares of today had always been: beside the raw ones, never instead of them."""

import polars as pl

PRICES = ("open", "high", "low", "close")


def dated_splits(changes: pl.DataFrame) -> pl.DataFrame:
    """ticker, effective and factor of the splits among ``changes`` whose date is known.

    ``changes`` have the schema IDENTITY_CHANGES. ValueError for a split without a factor above 0,
    and for two of one line on one day.
    """
    splits = changes.filter(pl.col("kind") == "split")
    wrong = splits.filter(~(pl.col("factor") > 0).fill_null(value=False))
    if wrong.height:
        raise ValueError(f"splits without a factor above 0: {sorted(wrong['ticker'])}")
    dated = splits.filter(pl.col("effective").is_not_null())
    twice = dated.filter(pl.struct("ticker", "effective").is_duplicated())
    if twice.height:
        raise ValueError(f"two splits on one day: {sorted(set(twice['ticker']))}")
    return dated.select("ticker", "effective", "factor").sort("ticker", "effective")


def with_split_factor(rows: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    """``rows`` (ticker, session, ...) with ``split_factor``, in their order.

    That is how many shares of the newest day one of ``session`` became: the product of the factors
    of the line's ``splits`` (as ``dated_splits`` has them) that were effective after ``session``.
    """
    later = (
        rows.select("ticker", "session")
        .unique()
        .join(splits, on="ticker")
        .filter(pl.col("effective") > pl.col("session"))
        .group_by("ticker", "session")
        .agg(split_factor=pl.col("factor").product())
    )
    return rows.join(
        later, on=["ticker", "session"], how="left", maintain_order="left"
    ).with_columns(pl.col("split_factor").fill_null(1.0))


def adjusted_quotes(quotes: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    """``quotes`` with ``split_factor`` and ``adjusted_open`` .. ``adjusted_close`` and ``_volume``.

    Adjusted prices are divided by the factor, the volume (a Float64 then) is multiplied by it, so
    price x volume stays; the stated columns stay as they are. Dividends are not adjusted for.
    """
    factor = pl.col("split_factor")
    return with_split_factor(quotes, splits).with_columns(
        *((pl.col(price) / factor).alias(f"adjusted_{price}") for price in PRICES),
        adjusted_volume=pl.col("volume") * factor,
    )

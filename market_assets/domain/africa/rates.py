"""Which rate brings a market's money to the one that is asked for, on a day."""

import polars as pl


def with_rate(rows: pl.DataFrame, rates: pl.DataFrame, *, day: str, currency: str) -> pl.DataFrame:
    """``rows`` with rate, rate_age_days and rate_path from their ``currency`` to the asked one.

    The rate is that of the column ``day``; all three are null where there is none. Money that is
    already in ``currency`` has the rate 1 without a path. ValueError where ``rates`` (CROSS_RATES)
    state two for one day and pair, or one that is not above 0.
    """
    wanted = rates.filter(pl.col("quote") == currency, pl.col("base") != currency)
    if wanted.select(pl.struct("as_of", "base").is_duplicated().any()).item():
        raise ValueError(f"two rates to {currency} for one day and currency")
    if not wanted.select((pl.col("rate") > 0).all()).item():
        raise ValueError(f"a rate to {currency} that is not above 0")
    known = wanted.select(
        pl.col("as_of").alias(day),
        currency="base",
        rate="rate",
        rate_age_days="age_days",
        rate_path="path",
    )
    same = pl.col("currency") == currency
    return rows.join(known, on=[day, "currency"], how="left", maintain_order="left").with_columns(
        rate=pl.when(same).then(1.0).otherwise("rate"),
        rate_age_days=pl.when(same).then(0).otherwise("rate_age_days"),
    )

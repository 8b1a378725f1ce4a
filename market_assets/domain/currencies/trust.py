"""Tables of rates that cannot be of their day: their euro in dollars is not that of the others.

Whole tables, not single rates: a bank that repeats old rates under a new date repeats all of them.
"""

import polars as pl

TABLE = ["reference_date", "source"]
FEWEST = 3
"""Tables of a day; of fewer no majority can outvote one, and all stand."""


def trusted_rates(rates: pl.DataFrame, *, tolerance: float) -> pl.DataFrame:
    """``rates`` (of ``fx_rates``) without the tables that ``strayed_tables`` finds."""
    return rates.join(strayed_tables(rates, tolerance=tolerance), on=TABLE, how="anti")


def strayed_tables(rates: pl.DataFrame, *, tolerance: float) -> pl.DataFrame:
    """The tables whose euro in dollars is more than ``tolerance`` (a fraction) from the median.

    Columns reference_date, source, euro_in_dollars, median (of the day's tables, three at least).
    Tables without euro or dollar are not judged.
    """
    return (
        _euro_in_dollars(rates)
        .with_columns(
            median=pl.col("euro_in_dollars").median().over("reference_date"),
            tables=pl.len().over("reference_date"),
        )
        .filter(
            pl.col("tables") >= FEWEST,
            (pl.col("euro_in_dollars") / pl.col("median") - 1).abs() > tolerance,
        )
        .drop("tables")
    )


def parted_days(rates: pl.DataFrame, *, tolerance: float) -> pl.DataFrame:
    """The days whose only two tables have euros in dollars more than ``tolerance`` apart.

    Columns reference_date, lowest, highest. Which of the two is right nobody says, so both stand.
    """
    said = pl.col("euro_in_dollars")
    return (
        _euro_in_dollars(rates)
        .group_by("reference_date", maintain_order=True)
        .agg(tables=pl.len(), lowest=said.min(), highest=said.max())
        .filter(pl.col("tables") < FEWEST, pl.col("highest") / pl.col("lowest") - 1 > tolerance)
        .drop("tables")
    )


def _euro_in_dollars(rates: pl.DataFrame) -> pl.DataFrame:
    """What each table says of it: outright, or else over the first currency it quotes both in."""
    euros = rates.filter(pl.col("base") == "EUR")
    dollars = rates.filter(pl.col("base") == "USD").select(*TABLE, "quote", dollar="rate")
    crossed = euros.join(dollars, on=[*TABLE, "quote"]).with_columns(
        euro_in_dollars=pl.col("rate") / pl.col("dollar")
    )
    outright = euros.filter(pl.col("quote") == "USD").with_columns(euro_in_dollars=pl.col("rate"))
    said = [part.select(*TABLE, "quote", "euro_in_dollars") for part in (outright, crossed)]
    return (
        pl.concat(part.sort(*TABLE, "quote") for part in said)
        .unique(TABLE, keep="first", maintain_order=True)
        .drop("quote")
        .sort(TABLE)
    )

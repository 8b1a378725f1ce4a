"""The one long table of the central bank: every indicator of its catalogue on every date.

How current a value is, ``currentness`` says; this table holds them all, old ones too.
"""

import polars as pl

CATALOGUE = pl.Schema(
    {
        "indicator_id": pl.String,
        "name": pl.String,
        "unit": pl.String,
        "per": pl.Int32,
        "frequency": pl.String,
        "row": pl.String,
    }
)
"""What is known of an indicator. ``per``: the count of currency units a rate of exchange is for;
``row``: of the curve, the days to maturity of a band as "92-182", ends included."""

INDICATORS = pl.Schema(
    {
        "indicator_id": pl.String,
        "name": pl.String,
        "unit": pl.String,
        "frequency": pl.String,
        "reference_date": pl.Date,
        "value": pl.Float64,
        "publication_date": pl.Date,
        "confidence": pl.Float64,
        "source": pl.String,
        "sources": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""One row per indicator and date. ``value`` is as stated, in ``unit``; ``publication_date`` null
where it is not known."""

LONG = ["indicator_id", "reference_date", "value", "publication_date", "confidence"]
WHENCE = ["source", "sources", "capture_id", "known_at"]
SIDES = ("mid", "bid", "ask")


def indicators(
    rates: pl.DataFrame, curve: pl.DataFrame, observed: pl.DataFrame, *, catalogue: pl.DataFrame
) -> pl.DataFrame:
    """Every value of the catalogue's indicators, in the schema INDICATORS, by indicator and date.

    ``rates``, ``curve`` and ``observed`` are the tables of ``statements``. What is in one of them
    and not in the catalogue stays there alone.
    """
    found = [_of_rates(rates, catalogue), _of_curve(curve, catalogue), observed]
    return (
        pl.concat(part.select(*LONG, *WHENCE) for part in found)
        .join(catalogue, on="indicator_id")
        .select(INDICATORS.names())
        .sort("indicator_id", "reference_date")
    )


def _of_rates(rates: pl.DataFrame, catalogue: pl.DataFrame) -> pl.DataFrame:
    """Each side that is stated, for the count of units that the catalogue names."""
    kept = ["kind", "currency", "unit_count", "reference_date", "confidence", *WHENCE]
    per, count = pl.col("per"), pl.col("unit_count")
    return (
        rates.unpivot(SIDES, index=kept, variable_name="side", value_name="stated")
        .filter(pl.col("stated").is_not_null())
        .with_columns(indicator_id=pl.format("fx.{}.{}.{}", "kind", "side", "currency"))
        .join(catalogue.select("indicator_id", "per"), on="indicator_id")
        .with_columns(
            value=pl.when(per == count).then("stated").otherwise(pl.col("stated") * per / count),
            publication_date=pl.lit(None, dtype=pl.Date),
        )
    )


def _of_curve(curve: pl.DataFrame, catalogue: pl.DataFrame) -> pl.DataFrame:
    """The stated rate of the longest point of each band; nothing is interpolated."""
    ends = pl.col("row").str.split("-").list.eval(pl.element().cast(pl.Int64))
    bands = catalogue.filter(pl.col("indicator_id").str.starts_with("curve.")).select(
        "indicator_id", shortest=ends.list.first(), longest=ends.list.last()
    )
    days = (pl.col("maturity_date") - pl.col("reference_date")).dt.total_days()
    return (
        curve.filter(pl.col("rate").is_not_null())
        .with_columns(days=days)
        .join_where(
            bands, pl.col("days") >= pl.col("shortest"), pl.col("days") <= pl.col("longest")
        )
        .sort("indicator_id", "reference_date", "days")
        .unique(["indicator_id", "reference_date"], keep="last", maintain_order=True)
        .with_columns(value=pl.col("rate"), publication_date=pl.lit(None, dtype=pl.Date))
    )

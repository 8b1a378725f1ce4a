"""What central banks quote, side by side: one row for a day, a source and a pair; no averages.

Not crosses: a pair nobody quotes has no row here, and a pair is quoted one way round alone.
"""

import polars as pl

from market_assets.domain.currencies.rows import RATES
from market_assets.domain.news import newest_said

KEY = ("reference_date", "source", "base", "quote")
DIRHAM = "MAD"
REFERENCE = "reference"
MINOR_UNITS = {"ZAc": ("ZAR", 100)}
"""Hundredths in which some publishers quote prices; never currencies of their own."""


def fx_rates(rates: pl.DataFrame, exchange_rates: pl.DataFrame) -> pl.DataFrame:
    """The rates (RATES) and the central bank's reference rates as one table in RATES, by KEY.

    ``exchange_rates`` has the schema EXCHANGE_RATES; rates of banknotes are left out. What a source
    said last of a pair and a day stands, known since it first said so.
    """
    stated = pl.concat([rates.select(RATES.names()), _dirhams(exchange_rates)])
    return newest_said(stated.sort("capture_id"), by=KEY, fields=["rate"])


def _dirhams(exchange_rates: pl.DataFrame) -> pl.DataFrame:
    """Reference rates in RATES: dirhams for one, the mid where bid and ask are stated."""
    mid = pl.coalesce("mid", (pl.col("bid") + pl.col("ask")) / 2)
    return (
        exchange_rates.filter(pl.col("kind") == REFERENCE)
        .with_columns(
            base=pl.col("currency"), quote=pl.lit(DIRHAM), rate=mid / pl.col("unit_count")
        )
        .filter(pl.col("rate").is_not_null())
        .select(RATES.names())
    )

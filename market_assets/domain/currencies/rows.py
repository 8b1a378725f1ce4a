"""The rows every source of exchange rates is brought to, as one page stated them."""

import polars as pl

RATES = pl.Schema(
    {
        "base": pl.String,
        "quote": pl.String,
        "reference_date": pl.Date,
        "rate": pl.Float64,
        "source": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""``rate`` units of ``quote`` for one of ``base`` (ISO 4217), the mid where buying and selling are
stated. Units of 100 and inverse quotations are undone by the parser."""

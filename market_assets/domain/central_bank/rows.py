"""The rows every source about the central bank is brought to, as one page stated them.

Dates are those the page states, never the day it was fetched. Null means not stated, never 0.
"""

import polars as pl

STAMPS = {
    "source": pl.String,
    "capture_id": pl.String,
    "known_at": pl.Datetime("us", "UTC"),
}

EXCHANGE_RATES = pl.Schema(
    {
        "currency": pl.String,
        "reference_date": pl.Date,
        "kind": pl.String,
        "unit_count": pl.Int32,
        "mid": pl.Float64,
        "bid": pl.Float64,
        "ask": pl.Float64,
        **STAMPS,
    }
)
"""Dirhams for ``unit_count`` of ``currency`` (ISO 4217), as stated.

``kind`` is reference (a mid, or on some days bid and ask) or banknote (the bank buys its
customers' notes at bid and sells at ask).
"""

TREASURY_CURVE = pl.Schema(
    {
        "maturity_date": pl.Date,
        "reference_date": pl.Date,
        "rate": pl.Float64,
        "volume": pl.Float64,
        **STAMPS,
    }
)
"""A point of the secondary market's reference curve; ``rate`` in percent, ``volume`` in MAD."""

OBSERVATIONS = pl.Schema(
    {
        "indicator_id": pl.String,
        "reference_date": pl.Date,
        "value": pl.Float64,
        "publication_date": pl.Date,
        **STAMPS,
    }
)
"""A value of an indicator of the catalogue, in its unit. ``reference_date`` is the day or the last
day of the month or quarter it is about; ``publication_date`` null where it is not stated."""

"""What the computations about companies take in; what each returns, it says itself."""

import polars as pl

IDENTITY_CHANGES = pl.Schema(
    {
        "mic": pl.String,
        "ticker": pl.String,
        "kind": pl.String,
        "effective": pl.Date,
        "old": pl.String,
        "new": pl.String,
        "factor": pl.Float64,
        "evidence": pl.String,
    }
)
"""``ticker`` is what the line is called now. ``kind``: "ticker", "isin", "name", "split" or
"delisting". ``effective`` is the first session of the new, null where nobody found it. ``factor``
is of splits: how many shares one became (10.0 for 10:1)."""

SHARES = pl.Schema(
    {"ticker": pl.String, "since": pl.Date, "shares": pl.Int64, "capture_id": pl.String}
)
"""The share count as it was stated on the day ``since``; it holds until the next statement.
``capture_id`` is null for a count of the register."""

STATEMENTS = pl.Schema(
    {
        "ticker": pl.String,
        "session": pl.Date,
        "field": pl.String,
        "source": pl.String,
        "value": pl.Float64,
        "rank": pl.Int32,
        "rounding": pl.Float64,
        "capture_id": pl.String,
    }
)
"""One figure as one source states it. ``field``: "market_cap", "ytd", "high_52w" or "low_52w", a
``ytd`` as a part (0.05 is 5 %). A lower ``rank`` is better; ``rounding`` is how far the source's
last decimal lets the value be from the figure it stands for, in the unit of the value: of African
Markets' market caps 10 million, as it cuts to two decimals of a billion (seen on its list of
2025-08-18: 45 of 50 are price x shares cut so, none is rounded up)."""

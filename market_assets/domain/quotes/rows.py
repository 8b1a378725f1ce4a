"""The rows every source is brought to: one line of one session as one source stated it."""

import polars as pl

QUOTES = pl.Schema(
    {
        "ticker": pl.String,
        "session": pl.Date,
        "status": pl.String,
        "open": pl.Float64,
        "high": pl.Float64,
        "low": pl.Float64,
        "close": pl.Float64,
        "volume": pl.Int64,
        "turnover": pl.Float64,
        "trades": pl.Int64,
        "market_cap": pl.Float64,
        "dated": pl.Boolean,
        "source": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""``volume`` is shares, ``turnover`` and ``market_cap`` are money in the quote currency (MAD).

``status``: T traded, NT quoted but not traded (volume 0, no open, high or low), S suspended
(no volume), null where the source does not say. Null means not stated, never 0.

``dated``: whether the page states the session of the row. Where it does not, the row has the
session that was asked for and weighs less: see ``reconcile``.
"""

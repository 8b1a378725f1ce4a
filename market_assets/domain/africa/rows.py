"""The rows every source about the neighbouring exchanges is brought to, as one page stated them."""

import polars as pl

from market_assets.domain.quotes.rows import QUOTES

AFRICAN_QUOTES = pl.Schema({"mic": pl.String, **QUOTES, "currency": pl.String})
"""QUOTES of several exchanges. ``currency`` (ISO 4217) is of the prices; ``turnover`` and
``market_cap`` are in the exchange's main currency, also where prices are not (Egypt's lines in
dollars). Prices in cents are stated in the currency itself (South Africa's ZAc as ZAR)."""

AFRICAN_LISTINGS = pl.Schema(
    {
        "mic": pl.String,
        "ticker": pl.String,
        "isin": pl.String,
        "name": pl.String,
        "sector": pl.String,
        "source": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""A line as its publisher describes it; ``sector`` in the publisher's own words."""

"""Rows of the central bank, written short."""

from datetime import UTC, date, datetime

import polars as pl

from market_assets.domain.central_bank.indicators import CATALOGUE, INDICATORS
from market_assets.domain.support import SOURCES

DAY = date(2026, 7, 10)
KNOWN = datetime(2026, 7, 11, 9, tzinfo=UTC)
CHANNELS = pl.DataFrame(
    [("bkam_api", "api", 0.9, 0), ("bkam", "page", 0.9, 1), ("bkam_seldom", "page", 0.9, 2)],
    schema=SOURCES,
    orient="row",
)
CATALOGUED = pl.DataFrame(
    [
        ("fx.reference.mid.USD", "US dollar", "MAD per 1 USD", 1, "business_day", "USD"),
        ("fx.reference.mid.JPY", "Yen", "MAD per 100 JPY", 100, "business_day", "JPY"),
        ("fx.banknote.ask.USD", "US notes", "MAD per 1 USD", 1, "business_day", "USD"),
        ("curve.13w", "Up to 13 weeks", "percent", None, "business_day", "1-91"),
        ("curve.26w", "13 to 26 weeks", "percent", None, "business_day", "92-182"),
        ("monia.rate", "MONIA", "percent", None, "business_day", "Indice MONIA"),
    ],
    schema=CATALOGUE,
    orient="row",
)


def statements(schema: pl.Schema, *rows: dict) -> pl.DataFrame:
    """Rows of a schema of ``rows``; what is not given is null, but for the stamps."""
    stamps = {"source": "bkam", "capture_id": "c1", "known_at": KNOWN, "reference_date": DAY}
    return pl.DataFrame([{**stamps, **row} for row in rows], schema=schema)


def long(*rows: tuple) -> pl.DataFrame:
    """INDICATORS from (indicator, reference date, value) and, if known, the publication."""
    return pl.DataFrame(
        [
            {
                "indicator_id": name,
                "name": name,
                "unit": "MAD",
                "frequency": "month",
                "reference_date": day,
                "value": value,
                "publication_date": published[0] if published else None,
                "confidence": 0.9,
                "source": "bkam",
                "sources": "bkam",
                "capture_id": "c1",
                "known_at": KNOWN,
            }
            for name, day, value, *published in rows
        ],
        schema=INDICATORS,
    )

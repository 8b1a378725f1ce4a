"""Rates as a few words, for the tests of currencies."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl
import pytest

from market_assets.domain.currencies.rows import RATES

DAY = date(2026, 3, 16)
SEEN = datetime(2026, 3, 17, tzinfo=UTC)


@pytest.fixture(scope="session")
def quoted() -> Callable[..., pl.DataFrame]:
    """Rates from tuples of source, base, quote, rate and, if it is not DAY, the day."""

    def frame(*rows):
        return pl.DataFrame(
            [
                {
                    "source": source,
                    "base": base,
                    "quote": quote,
                    "rate": rate,
                    "reference_date": day[0] if day else DAY,
                    "capture_id": source,
                    "known_at": SEEN,
                }
                for source, base, quote, rate, *day in rows
            ],
            schema=RATES,
        )

    return frame

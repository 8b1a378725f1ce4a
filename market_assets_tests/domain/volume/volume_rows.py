"""Quotes made of bare volumes, for the tests of the volume analysis."""

from datetime import date, timedelta

import polars as pl

from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.domain.volume.analysis import volume_analysis

START = date(2024, 1, 1)


def weekdays(count: int) -> list[date]:
    return [START + timedelta(days=7 * (k // 5) + k % 5) for k in range(count)]


def quotes(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=DAILY_QUOTES)


def line(volumes, *, ticker="ATW", days=None, closes=None, statuses=None) -> pl.DataFrame:
    count = len(volumes)
    return quotes(
        *(
            {"ticker": ticker, "session": day, "volume": v, "close": c, "status": s}
            for day, v, c, s in zip(
                days or weekdays(count),
                volumes,
                closes or [100.0] * count,
                statuses or ["T"] * count,
                strict=True,
            )
        )
    )


def analysed(frame: pl.DataFrame, *, high=2.0, low=0.5) -> pl.DataFrame:
    return volume_analysis(frame, high=high, low=low)

"""Rows of neighbouring exchanges with only what a test states; the rest is null."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from market_assets.domain.africa.reconcile import MARKETS
from market_assets.domain.africa.rows import AFRICAN_QUOTES
from market_assets.domain.currencies.cross_rates import CROSS_RATES
from market_assets.domain.quotes.reconcile import DAILY_QUOTES

MONDAY = date(2026, 10, 5)
MONEY = pl.DataFrame(
    [("XNSA", "NGN"), ("XCAI", "EGP"), ("XJSE", "ZAR"), ("XCAS", "MAD")],
    schema=MARKETS,
    orient="row",
)
CURRENCY = dict(MONEY.rows())


def statement(**stated: Any) -> dict[str, Any]:
    row = {"mic": "XNSA", "ticker": "DANGCEM", "session": MONDAY, "dated": True, **stated}
    at = datetime.combine(row["session"], datetime.min.time(), UTC) + timedelta(hours=20)
    known = {"currency": CURRENCY.get(row["mic"]), "capture_id": row["source"], "known_at": at}
    return {**known, **row}


def statements(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([statement(**row) for row in rows], schema=AFRICAN_QUOTES)


def daily(*rows: dict[str, Any]) -> pl.DataFrame:
    known = ({"currency": CURRENCY.get(row["mic"]), **row} for row in rows)
    return pl.DataFrame(list(known), schema=DAILY_QUOTES)


def rates(*rows: tuple[date, str, float]) -> pl.DataFrame:
    """Rates to USD, each two days old."""
    stated = [(day, base, "USD", rate, 2, f"{base}>USD") for day, base, rate in rows]
    known = ("as_of", "base", "quote", "rate", "age_days", "path")
    return pl.DataFrame(stated, schema={name: CROSS_RATES[name] for name in known}, orient="row")


def weekdays(count: int, *, first: date = MONDAY) -> list[date]:
    return [first + timedelta(days=7 * (k // 5) + k % 5) for k in range(count)]


def calendars(days: list[date], *mics: str) -> pl.DataFrame:
    return pl.DataFrame(
        [(mic, day) for mic in mics for day in days],
        schema={"mic": pl.String, "session": pl.Date},
        orient="row",
    )

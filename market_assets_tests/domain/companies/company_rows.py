"""Rows of companies with only what a test states; the rest is null."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from market_assets.domain.companies.fundamentals import FUNDAMENTALS, fundamentals
from market_assets.domain.companies.rows import SHARES, STATEMENTS
from market_assets.domain.quotes.reconcile import DAILY_QUOTES

SPLITS = pl.Schema({"ticker": pl.String, "effective": pl.Date, "factor": pl.Float64})


def weekdays(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def quotes(*rows: dict[str, Any]) -> pl.DataFrame:
    stated = [{"mic": "XCAS", "currency": "MAD", "ticker": "ATW", **row} for row in rows]
    return pl.DataFrame(stated, schema=DAILY_QUOTES)


def statements(*rows: dict[str, Any]) -> pl.DataFrame:
    known = {"ticker": "ATW", "field": "market_cap", "source": "exchange", "rank": 0}
    return pl.DataFrame([{**known, "rounding": 0.5, **row} for row in rows], schema=STATEMENTS)


def shares(*rows: tuple[str, date, int]) -> pl.DataFrame:
    counted = [(*row, f"{row[0]} on {row[1]}") for row in rows]
    return pl.DataFrame(counted, schema=SHARES, orient="row")


def splits(*rows: tuple[str, date, float]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SPLITS, orient="row")


def figures(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FUNDAMENTALS)


def computed(frame: pl.DataFrame, sessions, *, said=None, counts=None, divided=None):
    return fundamentals(
        frame,
        statements=statements() if said is None else said,
        shares=shares() if counts is None else counts,
        splits=splits() if divided is None else divided,
        sessions=sessions,
    )

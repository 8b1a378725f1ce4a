"""All that is published of a company's newest session, a row for each number, with its sources."""

from collections.abc import Callable
from datetime import date

import polars as pl

from market_assets.serving.dashboard.numbers import plain, scaled
from market_assets.serving.dashboard.reading import Data

SCHEMA = pl.Schema(
    {
        "key": pl.String,
        "figure": pl.String,
        "value": pl.String,
        "unit": pl.String,
        "number": pl.Float64,
        "line": pl.String,
        "session": pl.Date,
        "confidence": pl.Float64,
        "sources": pl.String,
        "table": pl.String,
    }
)
"""``value`` is written for people, ``number`` is as it is published, in the unit of its table."""


def _amount(unit: str) -> Callable[[float | None], tuple[str, str]]:
    return lambda value: scaled(value, unit)


def _number(unit: str, digits: int) -> Callable[[float | None], tuple[str, str]]:
    return lambda value: (plain(value, digits=digits), unit)


def _percent(value: float | None) -> tuple[str, str]:
    return plain(None if value is None else value * 100, digits=2), "%"


QUOTED = {
    "open": ("Open", _number("MAD", 2), "confidence"),
    "high": ("High", _number("MAD", 2), "confidence"),
    "low": ("Low", _number("MAD", 2), "confidence"),
    "close": ("Close", _number("MAD", 2), "close_confidence"),
    "volume": ("Volume", _number("shares", 0), "volume_confidence"),
    "turnover": ("Turnover", _number("MAD", 0), "turnover_confidence"),
    "trades": ("Trades", _number("trades", 0), "confidence"),
}
COMPUTED = {
    "casablanca.volume_analysis": {
        "volume_ratio": ("Volume over its 20-session average", _number("×", 2)),
        "volume_change_percent": ("Change of volume", _number("%", 2)),
        "volume_volatility_20": ("Volatility of volume, 20 sessions", _number("", 3)),
        "volume_return_correlation_60": ("Correlation with returns, 60 sessions", _number("", 3)),
    },
    "companies.fundamentals": {
        "market_cap": ("Market capitalisation", _amount("MAD")),
        "market_cap_computed": ("Market capitalisation, computed", _amount("MAD")),
        "market_cap_stated": ("Market capitalisation, stated", _amount("MAD")),
        "shares": ("Shares", _number("shares", 0)),
        "turnover_velocity_20": ("Turnover velocity, 20 sessions", _percent),
        "turnover_velocity_52w": ("Turnover velocity, 52 weeks", _percent),
        "high_52w": ("Highest of 52 weeks", _number("MAD", 2)),
        "low_52w": ("Lowest of 52 weeks", _number("MAD", 2)),
        "ytd": ("Since the year began", _percent),
    },
}


def figures_of(data: Data, ticker: str, session: date) -> pl.DataFrame:
    """The numbers of ``ticker`` on ``session``, quoted and computed; null is what none states."""
    told: list[dict[str, object]] = []
    quoted = "casablanca.daily_quotes"
    row = data.rows(f"FROM {quoted} WHERE ticker = ? AND session = ?", ticker, session)
    for values in row.iter_rows(named=True):
        for key, (figure, write, confidence) in QUOTED.items():
            entry = _entry(key, figure, write(values[key]), values[key])
            origin = {"confidence": values[confidence], "sources": values["sources"]}
            told.append(entry | origin | {"table": quoted, "session": session, "line": ticker})
    behind = row["sources"][0] if row.height else None
    for table, columns in COMPUTED.items():
        if table not in data.facts.columns:
            continue
        newest = data.rows(
            f"FROM {table} WHERE ticker = ? AND session <= ? ORDER BY session DESC LIMIT 1",
            ticker,
            session,
        )
        for values in newest.iter_rows(named=True):
            for key, (figure, write) in columns.items():
                entry = _entry(key, figure, write(values[key]), values[key])
                sources = values.get("market_cap_source") if key == "market_cap" else behind
                told.append(
                    entry
                    | {"table": table, "session": values["session"], "line": ticker}
                    | {"confidence": None, "sources": sources}
                )
    return pl.DataFrame(told, schema=SCHEMA)


def _entry(
    key: str, figure: str, written: tuple[str, str], number: float | None
) -> dict[str, object]:
    value, unit = written
    exact = None if number is None else float(number)
    return {"key": key, "figure": figure, "value": value, "unit": unit, "number": exact}

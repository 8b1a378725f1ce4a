"""One measure of every market, now and over time."""

from dataclasses import dataclass

import polars as pl

from market_assets.serving.dashboard import charts, fields, periods
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import day, nothing
from market_assets.serving.dashboard.numbers import plain, signed
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, Kind, table

TABLE = "africa.cross_market"
PLACES = {
    "XCAS": "Casablanca",
    "XNSA": "Lagos",
    "XCAI": "Cairo",
    "XJSE": "Johannesburg",
    "XBRV": "Abidjan",
}
AMOUNTS = ("market_cap", "turnover")
COUNTS = ("rising", "falling", "unchanged")
MEASURES = {
    "market_cap": "Market capitalisation",
    "turnover": "Turnover",
    "return_1": "Return, 1 session",
    "return_5": "Return, 5 sessions",
    "return_20": "Return, 20 sessions",
    "weighted_return_1": "Weighted return, 1 session",
    "weighted_return_5": "Weighted return, 5 sessions",
    "weighted_return_20": "Weighted return, 20 sessions",
    "breadth": "Breadth",
    "rising": "Rising lines",
    "falling": "Falling lines",
    "unchanged": "Unchanged lines",
}


@dataclass(frozen=True)
class Unit:
    """How a measure is shown: what it is multiplied by, its name, digits after the point."""

    scale: float
    name: str
    digits: int


def unit_of(measure: str, currency: str) -> Unit:
    """Of ``measure``, amounts in ``currency``."""
    if measure == "market_cap":
        return Unit(1e-9, f"billion {currency}", 1)
    if measure == "turnover":
        return Unit(1e-6, f"million {currency}", 1)
    if measure in COUNTS:
        return Unit(1, "lines", 0)
    return Unit(100, "percent", 2)


def place(mic: str) -> str:
    """The city of an exchange, its code where it is not known."""
    return PLACES.get(mic, mic)


def _first(words: str) -> str:
    """With a capital first letter, the others as they are."""
    return words[:1].upper() + words[1:]


def now(data: Data, newest: pl.DataFrame, measure: str, unit: Unit) -> None:
    """Every market on the newest day, the highest first; values are in the column "shown"."""
    ordered = newest.sort("shown", descending=True, nulls_last=True)
    values = ordered["shown"].to_list()
    write = (
        (lambda v: signed(v, digits=unit.digits, unit=""))
        if unit.name == "percent"
        else (lambda v: plain(v, digits=unit.digits))
    )
    names = [place(mic) for mic in ordered["mic"].to_list()]
    figure = fields.lying_bars(names, values, [write(value) for value in values])
    charts.shown(
        data,
        figure,
        title=MEASURES[measure],
        name="now",
        height=260,
        unit=f"{_first(unit.name)}, {day(newest['as_of'][0])}",
    )


def over_time(data: Data, rows: pl.DataFrame, period: int, measure: str, unit: Unit) -> None:
    """Every market over the last ``period`` days; values likewise."""
    wide = (
        rows.pivot("mic", index="as_of", values="shown").sort("as_of").rename({"as_of": "session"})
    )
    series = [
        Series(column=mic, name=place(mic), digits=unit.digits)
        for mic in PLACES
        if mic in wide.columns and wide[mic].count()
    ]
    figure = charts.lines(periods.cut(wide, period), series, from_zero=unit.name != "percent")
    charts.shown(
        data,
        figure,
        title=f"{MEASURES[measure]} over time",
        name="history",
        height=260,
        unit=_first(unit.name),
    )


def reckoned(data: Data, newest: pl.DataFrame, measure: str, currency: str) -> None:
    """What each market's value is made of, and which are missing."""
    kind: Kind = "whole" if measure in (*AMOUNTS, *COUNTS) else "rate"
    missing = newest.filter(pl.col("value").is_null())["mic"].to_list()
    if missing:
        nothing(
            f"{', '.join(map(place, missing))}: null",
            "No young enough rate of exchange leads to this currency, or no source states it.",
        )
    table(
        data,
        newest,
        title="How it was reckoned",
        name=f"cross-market-{measure}-{currency}",
        of=TABLE,
        columns={
            "mic": Column("Market"),
            "value": Column("Value", kind),
            "currency": Column("Currency"),
            "local_value": Column("Local value", kind),
            "local_currency": Column("Local currency"),
            "lines": Column("Lines", "whole"),
            "session": Column("Session", "day"),
            "age_days": Column("Age, days", "whole"),
            "rate": Column("Rate", "rate"),
            "rate_path": Column("Rates used"),
            "rate_age_days": Column("Rate's age, days", "whole"),
        },
    )

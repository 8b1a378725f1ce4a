"""Any currency in any other, as of any day, with the path that was used and its age.

Never looks ahead: a day sees rates of its own date and earlier ones. Nothing is averaged: a rate
is one quotation or the product of two or three, and 1 / rate is the rate the other way round.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from market_assets.domain.currencies.fx_rates import MINOR_UNITS

CURRENCIES = (
    "MAD",
    "USD",
    "EUR",
    "HKD",
    "NGN",
    "EGP",
    "ZAR",
    "XOF",
    "KES",
    "GHS",
    "MUR",
    "TND",
)
"""Of the exchanges covered, and those they are compared in. No source here quotes GHS or MUR."""

CROSS_RATES = pl.Schema(
    {
        "as_of": pl.Date,
        "base": pl.String,
        "quote": pl.String,
        "rate": pl.Float64,
        "path": pl.String,
        "sources": pl.String,
        "reference_dates": pl.String,
        "reference_date": pl.Date,
        "age_days": pl.Int32,
        "reason": pl.String,
    }
)
"""``rate`` units of ``quote`` for one of ``base``. ``path`` "ZAR>USD>MAD", ``sources`` and
``reference_dates`` those of each leg in its order. ``reference_date`` is that of the oldest leg,
``age_days`` the days from it to ``as_of``. All are null where no path is young enough, and
``reason`` says why; else that is null. A currency in itself is 1 without sources."""

OF_LEGS = ("sources", "reference_dates")
MOST_LEGS = 3
HUBS = ("EUR", "USD")
"""Preferred on the way where paths are equal: quoted by most, and to most digits."""
ISO = re.compile("[A-Z]{3}")


def cross_rates(
    rates: pl.DataFrame, *, days: Iterable[date], currencies: Sequence[str], max_age_days: int
) -> pl.DataFrame:
    """Every ordered pair of ``currencies`` on each of ``days`` in CROSS_RATES, sorted.

    ``rates`` is that of ``trusted_rates``; it may hold any other currencies and dates. A pair that
    is quoted, either way round, gets the youngest quotation, of equally old ones that of the first
    source by name. Else it gets the path of fewest legs, found leg by leg: to each currency on the
    way the youngest, then that over the euro, over the dollar, then the first by name. No leg is
    older than ``max_age_days``. ValueError for what is no ISO 4217 code.
    """
    wanted = sorted(set(currencies))
    for code in wanted:
        if not ISO.fullmatch(code):
            part = MINOR_UNITS.get(code)
            said = f", but {part[0]} / {part[1]}" if part else ""
            raise ValueError(f"{code!r} is no currency{said}")
    grid = pl.DataFrame({"as_of": sorted(set(days))}, schema={"as_of": pl.Date})
    names = pl.DataFrame({"base": wanted}, schema={"base": pl.String})
    pairs = grid.join(names, how="cross").join(names.rename({"base": "quote"}), how="cross")
    legs = _legs(rates, grid, max_age_days)
    found = _found(legs, wanted)
    same = pl.col("base") == pl.col("quote")
    return (
        pairs.join(found, on=["as_of", "base", "quote"], how="left")
        .with_columns(
            rate=pl.when(same).then(1.0).otherwise("rate"),
            path=pl.when(same).then("base").otherwise("path"),
            reference_date=pl.when(same).then("as_of").otherwise("reference_date"),
        )
        .with_columns(
            age_days=(pl.col("as_of") - pl.col("reference_date")).dt.total_days().cast(pl.Int32)
        )
        .join(_unquoted(legs, pairs, max_age_days), on=["as_of", "base", "quote"], how="left")
        .with_columns(reason=pl.when(pl.col("rate").is_null()).then("reason"))
        .select(CROSS_RATES.names())
        .sort("as_of", "base", "quote")
    )


def _unquoted(legs: pl.DataFrame, pairs: pl.DataFrame, max_age_days: int) -> pl.DataFrame:
    """Why each of ``pairs`` has no path, if it has none: an end that nobody quotes, or no way."""
    quoted = legs.select("as_of", "base", known=pl.lit(value=True)).unique()
    lacks = [
        pl.when(pl.col(known).is_null()).then(
            pl.format("no quotation of {} within {} days", end, pl.lit(max_age_days))
        )
        for end, known in (("base", "known"), ("quote", "known_quote"))
    ]
    return (
        pairs.join(quoted, on=["as_of", "base"], how="left")
        .join(
            quoted,
            left_on=["as_of", "quote"],
            right_on=["as_of", "base"],
            how="left",
            suffix="_quote",
        )
        .select(
            *("as_of", "base", "quote"),
            reason=pl.coalesce(*lacks, pl.lit(f"no path of at most {MOST_LEGS} legs")),
        )
    )


def _legs(rates: pl.DataFrame, grid: pl.DataFrame, max_age_days: int) -> pl.DataFrame:
    """The youngest quotation of each pair on each day, both ways round."""
    swapped = pl.col("base") > pl.col("quote")
    quoted = (
        rates.with_columns(
            low=pl.min_horizontal("base", "quote"),
            high=pl.max_horizontal("base", "quote"),
            there=pl.when(swapped).then(1 / pl.col("rate")).otherwise("rate"),
            back=pl.when(swapped).then("rate").otherwise(1 / pl.col("rate")),
        )
        .sort("low", "high", "reference_date", "source", "base")
        .unique(["low", "high", "reference_date"], keep="first", maintain_order=True)
        .select("low", "high", "reference_date", "there", "back", sources="source")
        .sort("reference_date")
    )
    pairs = quoted.select("low", "high").unique()
    legs = (
        grid.join(pairs, how="cross")
        .sort("as_of")
        .join_asof(
            quoted,
            left_on="as_of",
            right_on="reference_date",
            by=["low", "high"],
            tolerance=f"{max_age_days}d",
            coalesce=False,
            check_sortedness=False,
        )
        .drop_nulls("there")
        .with_columns(reference_dates=pl.col("reference_date").cast(pl.String))
    )
    there = legs.rename({"low": "base", "high": "quote"})
    back = legs.rename({"high": "base", "low": "quote", "there": "back", "back": "there"})
    return pl.concat([there, back.select(there.columns)])


def _found(legs: pl.DataFrame, wanted: Sequence[str]) -> pl.DataFrame:
    """The best path of each pair of ``wanted``, found in one direction and turned round."""
    reached = legs.filter(pl.col("base").is_in(wanted)).with_columns(
        path=pl.concat_str("base", "quote", separator=">"), via=pl.lit("")
    )
    paths = [reached]
    for _ in range(MOST_LEGS - 1):
        reached = _one_leg_further(reached, legs, pl.concat(paths))
        paths.append(reached)
    ahead = (
        pl.concat(paths)
        .filter((pl.col("base") < pl.col("quote")) & pl.col("quote").is_in(wanted))
        .drop("via")
    )
    behind = ahead.rename({"base": "quote", "quote": "base", "there": "back", "back": "there"})
    turned = behind.with_columns(_reversed(name) for name in ("path", *OF_LEGS))
    return pl.concat([ahead, turned.select(ahead.columns)]).rename({"there": "rate"}).drop("back")


def _one_leg_further(
    reached: pl.DataFrame, legs: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """The best path to each currency that is one leg from ``reached`` and in none of ``known``."""
    hubs = {hub: str(place) for place, hub in enumerate(HUBS)}
    pair = ["as_of", "base", "quote"]
    return (
        reached.join(legs, left_on=["as_of", "quote"], right_on=["as_of", "base"], suffix="_leg")
        .filter(pl.col("quote_leg") != pl.col("base"))
        .select(
            "as_of",
            "base",
            *(pl.concat_str(name, f"{name}_leg", separator=">") for name in OF_LEGS),
            quote="quote_leg",
            reference_date=pl.min_horizontal("reference_date", "reference_date_leg"),
            there=pl.col("there") * pl.col("there_leg"),
            back=pl.col("back") * pl.col("back_leg"),
            path=pl.concat_str("path", "quote_leg", separator=">"),
            via=pl.concat_str("via", pl.col("quote").replace(hubs), separator=">"),
        )
        .join(known, on=pair, how="anti")
        .sort(*pair, "reference_date", "via", descending=[False, False, False, True, False])
        .unique(pair, keep="first", maintain_order=True)
        .select(known.columns)
    )


def _reversed(column: str) -> pl.Expr:
    return pl.col(column).str.split(">").list.reverse().list.join(">")

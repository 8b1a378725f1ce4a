"""Markets beside each other in one currency on a day, each value with the age it has then.

Markets trade on different days, so on ``as_of`` each is shown by its newest session, and a line's
market cap, which few sources state every session, by its newest statement; nothing older than
``carrying.CARRIED`` is carried. A market without a value has a row with null: its absence is seen.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from market_assets.domain.africa.carrying import ages, carried, newest_market_caps
from market_assets.domain.africa.rates import with_rate

HORIZONS = (1, 5, 20)
"""Sessions that returns are over."""
RETURNS = {
    "return": ("return_equal", "lines"),
    "weighted_return": ("return_weighted", "weighted_lines"),
}
"""What each kind of return is made of, and the column that counts its lines."""
COUNTS = ("rising", "falling", "unchanged")

CROSS_MARKET = pl.Schema(
    {
        "as_of": pl.Date,
        "mic": pl.String,
        "measure": pl.String,
        "value": pl.Float64,
        "currency": pl.String,
        "local_value": pl.Float64,
        "local_currency": pl.String,
        "lines": pl.Int64,
        "session": pl.Date,
        "base_session": pl.Date,
        "age_days": pl.Int64,
        "oldest_age_days": pl.Int64,
        "rate": pl.Float64,
        "rate_age_days": pl.Int64,
        "rate_path": pl.String,
    }
)
"""``measure``: "market_cap", "turnover", "rising", "falling", "unchanged", "breadth" (rising less
falling over all three), "return_1", "return_5", "return_20" (lines equal) and "weighted_return_1"
and so on (by market cap). ``value`` is in ``currency``, ``local_value`` in the market's own; a
count has no currency and the same in both. ``lines`` are those the value is of. ``session`` and
``age_days`` are of the newest of them, ``oldest_age_days`` of the oldest; a return is over the
sessions after ``base_session``. ``rate`` is the one of ``as_of`` (of a return: of its last
session), ``rate_age_days`` how old it was then."""


def cross_market(
    quotes: pl.DataFrame,
    returns: pl.DataFrame,
    *,
    as_of: Sequence[date],
    markets: pl.DataFrame,
    rates: pl.DataFrame,
    currency: str,
) -> pl.DataFrame:
    """Each day, market and measure in the schema CROSS_MARKET.

    ``quotes`` needs mic, ticker, session, turnover and market_cap, both in the money that
    ``markets`` (MARKETS) has for the exchange; ``returns`` are ``market_returns`` of them. Give
    ``rates`` (CROSS_RATES) of the days of ``as_of`` and of those that returns begin and end on.
    """
    days = pl.DataFrame({"as_of": sorted(set(as_of))}, schema={"as_of": pl.Date})
    asked = days.join(markets, how="cross")
    money = with_rate(
        pl.concat([_market_caps(quotes, asked), _turnovers(quotes, asked)]),
        rates,
        day="as_of",
        currency=currency,
    ).with_columns(value=pl.col("local_value") * pl.col("rate"), target=pl.lit(currency))
    gains = _gains(returns, asked, rates, currency).with_columns(target=pl.lit(currency))
    breadth = _breadth(returns, asked)
    parts = [part.rename({"currency": "local_currency"}) for part in (money, gains)]
    return (
        pl.concat([*(p.rename({"target": "currency"}) for p in parts), breadth], how="diagonal")
        .select(pl.col(name).cast(kind) for name, kind in CROSS_MARKET.items())
        .sort("as_of", "measure", "mic")
    )


def _market_caps(quotes: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    sums = (
        newest_market_caps(quotes, asked)
        .group_by("as_of", "mic")
        .agg(pl.col("market_cap").sum().alias("local_value"), _lines(), *ages())
    )
    return _for_all(asked, sums, "market_cap")


def _turnovers(quotes: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """What changed hands in the newest session that states any."""
    stated = quotes.filter(pl.col("turnover").is_not_null()).select("mic", "session", "turnover")
    newest = carried(stated, asked).filter(
        pl.col("session") == pl.col("session").max().over("as_of", "mic")
    )
    sums = newest.group_by("as_of", "mic").agg(
        pl.col("turnover").sum().alias("local_value"), _lines(), *ages()
    )
    return _for_all(asked, sums, "turnover")


def _lines() -> pl.Expr:
    return pl.len().cast(pl.Int64).alias("lines")


def _for_all(asked: pl.DataFrame, values: pl.DataFrame, measure: str) -> pl.DataFrame:
    return asked.join(values, on=["as_of", "mic"], how="left").with_columns(measure=pl.lit(measure))


def _newest_returns(returns: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Each market's newest session with lines to compare, on each day, with its age."""
    newest = carried(returns.filter(pl.col("lines") > 0), asked).filter(
        pl.col("session") == pl.col("session").max().over("as_of", "mic")
    )
    age = (pl.col("as_of") - pl.col("session")).dt.total_days()
    return newest.with_columns(age_days=age, oldest_age_days=age)


def _breadth(returns: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    measures = [*COUNTS, "breadth"]
    share = (pl.col("rising") - pl.col("falling")) / pl.col("lines")
    breadth = (
        _newest_returns(returns, asked.select("as_of", "mic"))
        .with_columns(breadth=share)
        .with_columns(pl.col(measures).cast(pl.Float64))
    )
    about = ["as_of", "mic", "lines", "session", "age_days", "oldest_age_days"]
    return pl.concat(
        _for_all(
            asked.select("as_of", "mic"),
            breadth.select(*about, value=name, local_value=name),
            name,
        )
        for name in measures
    )


def _gains(
    returns: pl.DataFrame, asked: pl.DataFrame, rates: pl.DataFrame, currency: str
) -> pl.DataFrame:
    """Returns over HORIZONS up to the newest session, in the market's money and in ``currency``.

    Null where one of their sessions has none.
    """
    ordered = returns.sort("mic", "session")
    parts: list[pl.DataFrame] = []
    for name, (column, lines) in RETURNS.items():
        for horizon in HORIZONS:
            compounded = pl.col(column).log1p().rolling_sum(horizon).over("mic").exp() - 1
            base = pl.col("previous_session").shift(horizon - 1).over("mic")
            over = ordered.with_columns(local_value=compounded, base_session=base)
            shown = _newest_returns(over, asked.select("as_of", "mic")).select(
                *("as_of", "mic", "session", "base_session", "local_value"),
                *("age_days", "oldest_age_days"),
                lines=lines,
            )
            parts.append(_for_all(asked, shown, f"{name}_{horizon}"))
    rows = pl.concat(parts)
    ended = with_rate(rows, rates, day="session", currency=currency)
    begun = with_rate(
        rows.select("base_session", "currency").unique(),
        rates,
        day="base_session",
        currency=currency,
    ).select("base_session", "currency", rate_before="rate")
    change = pl.col("rate") / pl.col("rate_before")
    return ended.join(begun, on=["base_session", "currency"], how="left").with_columns(
        value=(1 + pl.col("local_value")) * change - 1
    )


def values_without_rate(compared: pl.DataFrame, quoted: pl.DataFrame) -> pl.DataFrame:
    """The rows of CROSS_MARKET that no rate brings to their currency, though one could.

    ``quoted`` (RATES) is all that was ever quoted. Of days before both currencies were first
    quoted nobody can know a rate, so these rows are none; where nobody ever quoted one of them
    they are.
    """
    firsts = (
        pl.concat(quoted.select("reference_date", currency=end) for end in ("base", "quote"))
        .group_by("currency")
        .agg(first=pl.col("reference_date").min())
    )
    lacking = compared.filter(pl.col("local_value").is_not_null() & pl.col("value").is_null())
    earliest = pl.coalesce("base_session", "as_of")  # of a return: the first of its two rates
    return (
        lacking.join(firsts, on="currency", how="left")
        .join(firsts, left_on="local_currency", right_on="currency", how="left", suffix="_local")
        .filter(earliest >= pl.max_horizontal("first", "first_local").fill_null(earliest))
        .select(compared.columns)
    )

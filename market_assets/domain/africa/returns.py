"""What a market's lines returned by session, and how markets' returns go together.

There is no index in it: the exchanges' own are not stated by any source that is read for all of
them. A line takes part where it has a close in a session and in the session of its calendar just
before; a missing session is never stepped over.
"""

from collections.abc import Sequence
from datetime import date
from itertools import combinations

import polars as pl

from market_assets.domain.africa.rates import with_rate

LIKELY_SPLIT = 1.5
"""A close that became so many times the one before, or that part of it, is left out: no exchange
here lets a price move by half in a session, and splits of the neighbours' lines are not known."""
CHANGES = 60
"""Returns that a correlation is of."""
STILL = 1e-12
"""Log returns that differ by no more than this do not vary: the rest is floating point."""

MARKET_RETURNS = pl.Schema(
    {
        "mic": pl.String,
        "session": pl.Date,
        "previous_session": pl.Date,
        "lines": pl.Int64,
        "weighted_lines": pl.Int64,
        "left_out": pl.Int64,
        "rising": pl.Int64,
        "falling": pl.Int64,
        "unchanged": pl.Int64,
        "return_equal": pl.Float64,
        "return_weighted": pl.Float64,
    }
)
"""``return_equal`` is the mean of the lines' returns as a part (0.01 is 1 %), ``return_weighted``
that by market cap of the session before, over the ``weighted_lines`` that have one. Both are in
the market's own money and null where no line has what they need."""

CORRELATIONS = pl.Schema(
    {
        "as_of": pl.Date,
        "currency": pl.String,
        "mic": pl.String,
        "other_mic": pl.String,
        "changes": pl.Int64,
        "first_session": pl.Date,
        "last_session": pl.Date,
        "age_days": pl.Int64,
        "correlation": pl.Float64,
        "correlation_local": pl.Float64,
    }
)
"""Of the log returns between days on which both markets had a session, in the target currency and
in each market's own. ``changes`` is how many there are up to ``CHANGES``; a correlation is null
where there are fewer, one is not known or one side does not vary."""


def market_returns(
    quotes: pl.DataFrame, *, sessions: pl.DataFrame, markets: pl.DataFrame
) -> pl.DataFrame:
    """Each session of each market in the schema MARKET_RETURNS, by market and session.

    ``quotes`` needs mic, ticker, session, close, market_cap and currency; ``sessions`` mic and
    session of the calendars, from the first of ``quotes`` to the last; ``markets`` has the schema
    MARKETS. Lines in another money than their market's are not in it. Closes are taken as they are:
    give adjusted ones where splits are known.
    """
    spans = quotes.group_by("mic").agg(first=pl.col("session").min(), last=pl.col("session").max())
    calendar = (
        sessions.select("mic", "session")
        .unique()
        .join(spans, on="mic")
        .filter(pl.col("session").is_between("first", "last"))
        .sort("mic", "session")
        .select("mic", "session", previous_session=pl.col("session").shift().over("mic"))
    )
    own = quotes.join(markets, on=["mic", "currency"]).filter(pl.col("close") > 0)
    before = own.select(
        "mic", "ticker", previous_session="session", close_before="close", weight="market_cap"
    )
    ratio = pl.col("close") / pl.col("close_before")
    moves = (
        own.select("mic", "ticker", "session", "close")
        .join(calendar, on=["mic", "session"])
        .join(before, on=["mic", "ticker", "previous_session"])
        .with_columns(ratio=ratio, split=(ratio >= LIKELY_SPLIT) | (ratio <= 1 / LIKELY_SPLIT))
    )
    split, gain = pl.col("split"), (pl.col("ratio") - 1).filter(~pl.col("split"))
    weight = pl.col("weight").filter(~split & (pl.col("weight") > 0))
    weighed = (pl.col("ratio") - 1).filter(~split & (pl.col("weight") > 0)) * weight
    counts = {
        "lines": gain.len(),
        "weighted_lines": weight.len(),
        "left_out": split.sum(),
        "rising": (gain > 0).sum(),
        "falling": (gain < 0).sum(),
        "unchanged": (gain == 0).sum(),
    }
    # Sorted: a mean depends on the order it is taken in.
    by_session = (
        moves.sort("mic", "session", "ticker")
        .group_by("mic", "session")
        .agg(
            return_equal=gain.mean(),
            return_weighted=pl.when(weight.len() > 0).then(weighed.sum() / weight.sum()),
            **{name: count.cast(pl.Int64) for name, count in counts.items()},
        )
    )
    return (
        calendar.join(by_session, on=["mic", "session"], how="left")
        .with_columns(pl.col(list(counts)).fill_null(0))
        .select(MARKET_RETURNS.names())
        .sort("mic", "session")
    )


def correlations(
    returns: pl.DataFrame,
    *,
    as_of: Sequence[date],
    markets: pl.DataFrame,
    rates: pl.DataFrame,
    currency: str,
) -> pl.DataFrame:
    """Each pair of markets on each day of ``as_of``, in the schema CORRELATIONS.

    ``returns`` has the schema MARKET_RETURNS; of them ``return_equal`` counts, which every market
    with closes has. ``rates`` has the schema CROSS_RATES, to ``currency``, of every session.
    """
    paths = _paths(returns, markets=markets, rates=rates, currency=currency)
    by_mic = {str(mic): path for (mic,), path in paths.group_by("mic")}
    rows = [
        (day, currency, mic, other, *_together(by_mic[mic], by_mic[other], day))
        for day in as_of
        for mic, other in combinations(sorted(by_mic), 2)
    ]
    return pl.DataFrame(rows, schema=CORRELATIONS, orient="row")


def _paths(
    returns: pl.DataFrame, *, markets: pl.DataFrame, rates: pl.DataFrame, currency: str
) -> pl.DataFrame:
    """How far each market has come by each session, as a sum of log returns, and what is unknown.

    ``gaps`` counts the returns that are not known so far, ``unpriced`` whether the rate is not.
    """
    priced = with_rate(
        returns.join(markets, on="mic"), rates, day="session", currency=currency
    ).sort("mic", "session")
    gain = pl.col("return_equal")
    return priced.select(
        "mic",
        "session",
        local=gain.log1p().fill_null(0.0).cum_sum().over("mic"),
        gaps=gain.is_null().cum_sum().over("mic"),
        rate=pl.col("rate").log(),
    )


def _together(
    one: pl.DataFrame, other: pl.DataFrame, as_of: date
) -> tuple[int, date | None, date | None, int | None, float | None, float | None]:
    """What CORRELATIONS says of two paths behind the names."""
    common = (
        one.join(other, on="session", suffix="_other")
        .filter(pl.col("session") <= as_of)
        .sort("session")
        .tail(CHANGES + 1)
    )
    if common.height <= 1:
        return 0, None, None, None, None, None
    first, last = common["session"][0], common["session"][-1]
    known = all(common[c][0] == common[c][-1] for c in ("gaps", "gaps_other"))
    whole = known and common.height == CHANGES + 1
    return (
        common.height - 1,
        first,
        last,
        (as_of - last).days,
        _correlation(common["local"] + common["rate"], common["local_other"] + common["rate_other"])
        if whole
        else None,
        _correlation(common["local"], common["local_other"]) if whole else None,
    )


def _correlation(x: pl.Series, y: pl.Series) -> float | None:
    """Pearson's, of the changes of two series; None where one is not known or stands still."""
    if x.null_count() or y.null_count():
        return None
    changes = pl.select(x=x.diff().slice(1), y=y.diff().slice(1))
    spans = changes.select(pl.all().max() - pl.all().min()).row(0)
    if min(spans) <= STILL:
        return None
    return changes.select(pl.corr("x", "y").clip(-1.0, 1.0)).item()

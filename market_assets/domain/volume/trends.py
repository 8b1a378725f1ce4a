"""Volume by week and by month and which way it went; forecasts nothing."""

import polars as pl

from market_assets.domain.faults import counted

PERIODS = {"week": "1w", "month": "1mo"}
"""Each period and how its first day is found: weeks are ISO weeks, from Monday."""

SIGNIFICANT = 1.96
"""A rise or fall is one where ``|z|`` is above this: chance does it in 1 of 20 flat periods."""

VOLUME_TRENDS = pl.Schema(
    {
        "ticker": pl.String,
        "period": pl.String,
        "period_start": pl.Date,
        "sessions": pl.Int64,
        "total_volume": pl.Int64,
        "mean_volume": pl.Float64,
        "max_volume": pl.Int64,
        "min_volume": pl.Int64,
        "volatility": pl.Float64,
        "direction": pl.String,
        "strength": pl.Float64,
        "z": pl.Float64,
        "statistic": pl.String,
        "complete": pl.Boolean,
    }
)
KEY = ["ticker", "period", "period_start"]


def volume_trends(quotes: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Each line's weeks and months in the schema VOLUME_TRENDS, by period, its start and line.

    ``quotes`` needs ticker, session, status and volume, whole periods of one market.
    ``expected`` says how many sessions the calendar has in each period: period ("week" or "month"),
    period_start, sessions. ``complete`` is whether the market's quotes hold that many; it is false
    for a period in progress and null where ``expected`` does not know the period.

    ``sessions`` counts those of the line with a stated volume, untraded ones as 0, suspended ones
    not; a line without any has no row. ``volatility`` is the sample standard deviation over the
    mean; null for one session and for a mean of 0.

    The trend is that of the daily volumes within the period by the Mann-Kendall test: ``strength``
    is Kendall's tau-b against time (-1 falls every session, 1 rises every session; ties in volume
    lessen the denominator; null where no two volumes differ), ``z`` the test's score with the
    variance corrected for ties and for continuity. ``direction`` is rising or falling where ``|z|``
    is above SIGNIFICANT and else flat. It is coarse in a week: of five sessions only a rise or fall
    of every single one is significant, of four or fewer none is.
    """
    rows = pl.concat(
        quotes.select(
            "ticker",
            "session",
            "status",
            "volume",
            period=pl.lit(period),
            period_start=pl.col("session").dt.truncate(every),
        )
        for period, every in PERIODS.items()
    )
    seen = rows.group_by("period", "period_start").agg(seen=pl.col("session").n_unique())
    stated = rows.filter(pl.col("status").ne_missing("S") & pl.col("volume").is_not_null())
    volume = pl.col("volume")
    summed = stated.group_by(KEY).agg(
        sessions=pl.len().cast(pl.Int64),
        total_volume=volume.sum(),
        mean_volume=volume.mean(),
        max_volume=volume.max(),
        min_volume=volume.min(),
        volatility=pl.when(volume.mean() > 0).then(volume.std() / volume.mean()),
    )
    return (
        summed.join(_mann_kendall(stated.sort(*KEY, "session")), on=KEY)
        .join(seen, on=["period", "period_start"])
        .join(expected.rename({"sessions": "due"}), on=["period", "period_start"], how="left")
        .with_columns(
            statistic=pl.lit("Mann-Kendall tau-b"), complete=pl.col("seen") >= pl.col("due")
        )
        .select(VOLUME_TRENDS.names())
        .sort("period", "period_start", "ticker")
    )


def _mann_kendall(rows: pl.DataFrame) -> pl.DataFrame:
    """Direction, strength and z of each group of KEY; ``rows`` come in order of session.

    Sen's and Kendall's formulas: of n values and groups of t equal ones, S is later-minus-earlier
    signs over all pairs, tau-b = S / sqrt(P (P - T)) with P = n(n-1)/2 and T = sum of t(t-1)/2, and
    var S = (n(n-1)(2n+5) - sum of t(t-1)(2t+5)) / 18.
    """
    volume, n, t = pl.col("volume"), pl.col("n"), pl.col("t")
    longest = rows.select(pl.len().over(KEY).max()).item() or 1
    signs = [(volume - volume.shift(k).over(KEY)).sign() for k in range(1, longest)]
    pairs = rows.with_columns(signs=pl.sum_horizontal(*signs, pl.lit(0)))
    ties = rows.group_by(*KEY, "volume").agg(t=pl.len().cast(pl.Int64)).group_by(KEY)
    counted = (
        pairs.group_by(KEY)
        .agg(s=pl.col("signs").sum(), n=pl.len().cast(pl.Int64))
        .join(
            ties.agg(tied=(t * (t - 1)).sum() / 2, tied_variance=(t * (t - 1) * (2 * t + 5)).sum()),
            on=KEY,
        )
    )
    s, of_pairs = pl.col("s"), n * (n - 1) / 2
    differ = pl.col("tied") < of_pairs
    variance = (n * (n - 1) * (2 * n + 5) - pl.col("tied_variance")) / 18
    return counted.select(
        *KEY,
        strength=pl.when(differ).then(s / (of_pairs * (of_pairs - pl.col("tied"))).sqrt()),
        z=pl.when(differ).then((s - s.sign()) / variance.sqrt()),
    ).with_columns(
        direction=pl.when(pl.col("z") > SIGNIFICANT)
        .then(pl.lit("rising"))
        .when(pl.col("z") < -SIGNIFICANT)
        .then(pl.lit("falling"))
        .otherwise(pl.lit("flat"))
    )


def volume_trends_faults(trends: pl.DataFrame) -> dict[str, int]:
    """How many rows break each rule the trends keep."""
    low, mean, high = pl.col("min_volume"), pl.col("mean_volume"), pl.col("max_volume")
    faults = {
        "missing_ticker": pl.col("ticker").is_null(),
        "duplicate_row": pl.struct(KEY).is_duplicated(),
        "negative_volume": low < 0,
        "mean_outside_extremes": (mean < low) | (mean > high),
        "no_sessions": pl.col("sessions") < 1,
        "strength_beyond_one": pl.col("strength").abs() > 1 + 1e-12,
        "direction_against_strength": (pl.col("direction") == "rising") & (pl.col("strength") <= 0)
        | (pl.col("direction") == "falling") & (pl.col("strength") >= 0),
    }
    return counted(trends, **faults)

"""What each line is worth by session: our own figures, next to what the sources state.

Every window is complete or null: it holds a row of the line for each session of the calendar, and
the calendar is known for all of it. Splits whose date is known are undone first, so a range or a
return never spans two kinds of share.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from market_assets.domain.companies.adjustment import with_split_factor
from market_assets.domain.companies.market_caps import best_statements, with_market_cap

WEEKS_52 = timedelta(days=364)
HISTORY = timedelta(days=731)
"""How far before the first session wanted rows must reach: to the last one of the year before, and
52 weeks and a closure back."""
VELOCITY_SESSIONS = 20
WINDOWS = ("20", "52w")
ROW = ["ticker", "session"]

FUNDAMENTALS = pl.Schema(
    {
        "mic": pl.String,
        "ticker": pl.String,
        "session": pl.Date,
        "status": pl.String,
        "close": pl.Float64,
        "turnover": pl.Float64,
        "split_factor": pl.Float64,
        "shares": pl.Int64,
        "market_cap": pl.Float64,
        "market_cap_source": pl.String,
        "market_cap_computed": pl.Float64,
        "market_cap_stated": pl.Float64,
        "turnover_velocity_20": pl.Float64,
        "turnover_velocity_52w": pl.Float64,
        "high_52w": pl.Float64,
        "low_52w": pl.Float64,
        "high_52w_stated": pl.Float64,
        "low_52w_stated": pl.Float64,
        "ytd": pl.Float64,
        "ytd_base": pl.Float64,
        "ytd_stated": pl.Float64,
        "currency": pl.String,
        "close_confidence": pl.Float64,
        "turnover_confidence": pl.Float64,
        "capture_id": pl.String,
        "market_cap_capture_id": pl.String,
        "shares_capture_id": pl.String,
    }
)
"""The confidences and ``capture_id`` are of the session's quote, the other captures of what stands:
see ``market_caps``."""


def fundamentals(
    quotes: pl.DataFrame,
    *,
    statements: pl.DataFrame,
    shares: pl.DataFrame,
    splits: pl.DataFrame,
    sessions: Sequence[date],
) -> pl.DataFrame:
    """Each line and session of ``quotes`` in the schema FUNDAMENTALS, by session and ticker.

    ``quotes`` are reconciled rows of one market (DAILY_QUOTES), at most one for a line and session:
    ValueError otherwise. ``statements`` has the schema STATEMENTS, ``shares`` SHARES, ``splits``
    are those of ``dated_splits``; ``sessions`` are the calendar's. Give all of them from
    ``HISTORY`` before the first session wanted.

    - ``market_cap`` and whose it is, and ``shares``: see ``market_caps``. ``market_cap_stated`` is
      the best-ranked statement, chosen or not.
    - ``turnover_velocity_20`` and ``_52w``: turnover of the last 20 sessions and of 52 weeks, today
      included, over the market cap of today, as a part and not made annual. A suspended session has
      a turnover of 0.
    - ``high_52w``, ``low_52w``: of the closes of 52 weeks, today included, in today's shares; of a
      session's highs not all are stated. ``ytd``: the close over ``ytd_base``, the close of the
      last session of the year before in today's shares, less 1 (0.05 is 5 %).
    - ``..._stated``: the best-ranked statement for the session, as the source words it.
    """
    if quotes.select(pl.struct(ROW).is_duplicated().any()).item():
        raise ValueError("two rows for one line and session")
    rows = with_split_factor(quotes, splits).sort(ROW)
    rows = with_market_cap(rows, statements=statements, shares=shares, splits=splits)
    calendar = _calendar(sessions)
    factor, close, cap = pl.col("split_factor"), pl.col("close"), pl.col("market_cap")
    figures = (
        rows.join(_windows(rows, calendar), on=ROW, how="left")
        .with_columns(year=pl.col("session").dt.year())
        .join(_year_bases(rows, calendar), on=["ticker", "year"], how="left")
        .with_columns(ytd_base=pl.col("adjusted_base") * factor)
        .with_columns(
            *((pl.col(f"turnover_{w}") / cap).alias(f"turnover_velocity_{w}") for w in WINDOWS),
            *((pl.col(f"adjusted_{c}") * factor).alias(c) for c in ("high_52w", "low_52w")),
            ytd=pl.when(pl.col("ytd_base") > 0).then(close / pl.col("ytd_base") - 1),
        )
    )
    for field in ("ytd", "high_52w", "low_52w"):
        said = best_statements(statements, field).select(*ROW, **{f"{field}_stated": "value"})
        figures = figures.join(said, on=ROW, how="left")
    return figures.select(FUNDAMENTALS.names()).sort("session", "ticker")


def _calendar(sessions: Sequence[date]) -> pl.DataFrame:
    """session, its ``number``, and how many 52 weeks hold (``due``), null where not all known."""
    frame = pl.DataFrame({"session": sorted(sessions)}, schema={"session": pl.Date})
    frame = frame.with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    reaches_back = pl.col("session") - WEEKS_52 >= pl.col("session").min()
    return frame.with_columns(one=pl.lit(1)).select(
        "session",
        "number",
        due=pl.when(reaches_back).then(
            pl.col("one").rolling_sum_by("session", window_size=WEEKS_52, closed="right")
        ),
    )


def _windows(rows: pl.DataFrame, calendar: pl.DataFrame) -> pl.DataFrame:
    """Per line and session the turnover, highest and lowest adjusted close of complete windows."""
    suspended = pl.col("status").eq_missing("S")
    nothing = pl.when(suspended).then(0.0)
    known = (
        rows.join(calendar, on="session")
        .sort(ROW)
        .with_columns(
            money=pl.coalesce("turnover", nothing),
            adjusted=pl.col("close") / pl.col("split_factor"),
        )
        .with_columns(
            priced=(pl.col("adjusted").is_not_null() | suspended).cast(pl.Int64),
            paid=pl.col("money").is_not_null().cast(pl.Int64),
        )
    )

    number, ago = pl.col("number"), VELOCITY_SESSIONS - 1
    unbroken = number - number.shift(ago).over("ticker") == ago
    priced, paid = (
        pl.col(c).rolling_sum_by("session", WEEKS_52, closed="right").over("ticker")
        == pl.col("due")
        for c in ("priced", "paid")
    )
    money, adjusted = pl.col("money"), pl.col("adjusted")
    money_52w = money.rolling_sum_by("session", WEEKS_52, closed="right").over("ticker")
    highest = adjusted.rolling_max_by("session", WEEKS_52, closed="right").over("ticker")
    lowest = adjusted.rolling_min_by("session", WEEKS_52, closed="right").over("ticker")
    money_20 = money.rolling_sum(VELOCITY_SESSIONS).over("ticker")
    return known.select(
        *ROW,
        turnover_20=pl.when(unbroken).then(money_20),
        turnover_52w=pl.when(paid).then(money_52w),
        adjusted_high_52w=pl.when(priced).then(highest),
        adjusted_low_52w=pl.when(priced).then(lowest),
    )


def _year_bases(rows: pl.DataFrame, calendar: pl.DataFrame) -> pl.DataFrame:
    """Per line and year the adjusted close of the last session of the year before."""
    years = calendar.group_by(year=pl.col("session").dt.year() + 1).agg(pl.col("session").max())
    return rows.join(years, on="session").select(
        "ticker", "year", adjusted_base=pl.col("close") / pl.col("split_factor")
    )

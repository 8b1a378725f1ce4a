"""A line's volume beside its own past: averages, ratio, change, volatility, correlation.

Every window looks back over rows of its own line only, is complete or null, and spans at most
``WINDOW_DAYS`` days. So the rows of a session depend on at most ``HISTORY_SESSIONS`` sessions
before it, and a run that reads no more than those gives, bit for bit, what a run over all
history gives. The frame is walked without grouping, in blocks of rows, one on each core: the same
steps over whole columns take twice as long, most of it in waiting for memory.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import polars as pl

from market_assets.domain.faults import counted
from market_assets.domain.volume.windows import ROUNDING, correlation_of_changes, trailing_sum

WINDOW_DAYS = 366
"""A window whose first row lies more days than this before its last is null."""

HISTORY_SESSIONS = 270
"""Sessions to give before the first one wanted: more than ``WINDOW_DAYS`` days can hold."""

VOLUME_ANALYSIS = pl.Schema(
    {
        "ticker": pl.String,
        "session": pl.Date,
        "volume": pl.Int64,
        "turnover": pl.Float64,
        "close": pl.Float64,
        "previous_volume": pl.Int64,
        "average_volume": pl.Float64,
        "volume_ratio": pl.Float64,
        "volume_ma_5": pl.Float64,
        "volume_ma_20": pl.Float64,
        "volume_change_percent": pl.Float64,
        "high_volume": pl.Boolean,
        "low_volume": pl.Boolean,
        "volume_volatility_20": pl.Float64,
        "volume_return_correlation_60": pl.Float64,
    }
)

LOOKBACK = 60
"""Rows of a line before the present one that its longest window holds."""

BLOCK_ROWS = 2**19
"""Rows analysed together: few enough to reuse their memory, enough to outweigh each step's cost."""

UNKNOWN_COUNT = pl.Series([None], dtype=pl.Int64)
UNKNOWN = pl.Series([None], dtype=pl.Float64)
ZERO = pl.Series([0.0])


def volume_analysis(quotes: pl.DataFrame, *, high: float, low: float) -> pl.DataFrame:
    """Each session of each line of one market in the schema VOLUME_ANALYSIS, by line and session.

    ``quotes`` needs ticker, session, status, close, volume and turnover, in any order, at most one
    row for a line and session; ``ticker`` may be an Enum and then stays one.

    A session a line spent suspended (status S) is no session of that line: it has no row here and
    windows step over it. An untraded session is one with volume 0. A volume that nobody stated
    makes every window that holds it null.

    - ``average_volume``: mean of the 20 sessions before, today excluded; ``volume_ratio`` is
      volume over it, null where it is 0. ``volume_ma_5`` and ``volume_ma_20`` include today.
    - ``volume_change_percent``: against ``previous_volume``, in percent; null where that is 0.
    - ``high_volume``, ``low_volume``: ratio above ``high``, below ``low``; null as the ratio is.
    - ``volume_volatility_20``: sample standard deviation of volume over 20 sessions, today
      included, over its mean; null where that is 0. Right to about 1e-7.
    - ``volume_return_correlation_60``: Pearson correlation, over the changes of 60 sessions, of
      log(1 + volume) with log(close); null where either has no variance or a close is not above 0.
    """
    rows = quotes.select("ticker", "session", "close", "volume", "turnover")
    suspended = quotes["status"].eq("S")
    if suspended.any():
        rows = rows.filter(suspended.ne_missing(other=True))
    rows = _by_line(rows)
    padded = pl.concat([rows.clear(LOOKBACK), rows])
    blocks = [
        padded.slice(start, LOOKBACK + BLOCK_ROWS).rechunk()
        for start in range(0, max(rows.height, 1), BLOCK_ROWS)
    ]
    # polars multiplies by the reciprocal of a scalar, which is not always the exact quotient.
    five = pl.repeat(5.0, min(rows.height, BLOCK_ROWS) + 1, eager=True)
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        figures = pl.concat(threads.map(_figures, blocks, repeat(five)))
    ratio = pl.col("volume_ratio")
    return (
        rows.hstack(figures)
        .with_columns(high_volume=ratio > high, low_volume=ratio < low)
        .select(VOLUME_ANALYSIS.names())
    )


def _by_line(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` ascending by line and session, each line with a number of its own in ``line``."""
    line, session, number = pl.col("line"), pl.col("session"), pl.col("ticker").rle_id()
    numbered = rows.with_columns(line=number)
    begins = line.ne_missing(line.shift())
    sessions_ascend = (begins | (session > session.shift())).all(ignore_nulls=False)
    lines_ascend = pl.col("ticker").filter(begins).is_sorted()
    if numbered.select(sessions_ascend & lines_ascend).item():
        return numbered
    return rows.sort("ticker", "session").with_columns(line=number)


def _figures(rows: pl.DataFrame, five: pl.Series) -> pl.DataFrame:
    """The figures of ``rows`` but their first LOOKBACK, which are only looked back at.

    Every series here ends with the block's last row, however many rows it starts later;
    ``five`` is a 5.0 for each of them and one more.
    """
    height = rows.height - LOOKBACK

    def at(series: pl.Series, ago: int = 0) -> pl.Series:
        return series.slice(series.len() - height - ago, height)

    line, day = rows["line"], rows["session"].cast(pl.Int32)
    this_line, earliest = at(line), at(day) - WINDOW_DAYS

    def reaches(ago: int) -> pl.Series:
        return (at(line, ago) == this_line) & (at(day, ago) >= earliest)

    volume = rows["volume"].cast(pl.Float64)
    now, before = at(volume), at(volume, 1)
    of_5 = trailing_sum(volume, 5, apart=1)
    of_20 = trailing_sum(of_5, 4, apart=5)
    mean_20 = of_20.tail(height + 1) / five.head(height + 1) * 0.25
    average = mean_20.head(height).zip_with(reaches(20), UNKNOWN)

    total = at(of_20)
    squared = total * total
    of_squares = trailing_sum(trailing_sum(volume * volume, 5, apart=1), 4, apart=5)
    spread = at(of_squares) * 20.0 - squared
    spread = spread.zip_with(spread > squared * ROUNDING, ZERO)
    volatility = (spread * (20 / 19)).sqrt() / total

    close = rows["close"]
    price = close.zip_with(close > 0, UNKNOWN)
    correlation = correlation_of_changes((volume + 1.0).log10(), price.log10(), LOOKBACK)
    previous, last_20 = reaches(1), reaches(19)
    return pl.DataFrame(
        {
            "previous_volume": at(rows["volume"], 1).zip_with(previous, UNKNOWN_COUNT),
            "average_volume": average,
            "volume_ratio": (now / average).zip_with(average > 0, UNKNOWN),
            "volume_ma_5": (at(of_5) / five.head(height)).zip_with(reaches(4), UNKNOWN),
            "volume_ma_20": at(mean_20).zip_with(last_20, UNKNOWN),
            "volume_change_percent": ((now / before - 1.0) * 100.0).zip_with(
                previous & (before > 0), UNKNOWN
            ),
            "volume_volatility_20": volatility.zip_with(last_20 & (total > 0), UNKNOWN),
            "volume_return_correlation_60": at(correlation).zip_with(reaches(LOOKBACK), UNKNOWN),
        }
    )


def volume_analysis_faults(analysis: pl.DataFrame) -> dict[str, int]:
    """How many rows break each rule a volume analysis keeps."""
    average, ratio = pl.col("average_volume"), pl.col("volume_ratio")
    flagged = pl.any_horizontal("high_volume", "low_volume")
    faults = {
        "missing_ticker": pl.col("ticker").is_null(),
        "duplicate_row": pl.struct("ticker", "session").is_duplicated(),
        "negative_volume": pl.col("volume") < 0,
        "negative_average": average < 0,
        "ratio_without_average": ratio.is_not_null() & average.is_null(),
        "flag_without_ratio": flagged.is_not_null() & ratio.is_null(),
        "negative_volatility": pl.col("volume_volatility_20") < 0,
        "correlation_beyond_one": pl.col("volume_return_correlation_60").abs() > 1,
    }
    return counted(analysis, **faults)

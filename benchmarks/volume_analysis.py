"""The volume analysis against pandas, DuckDB and a memory copy: same rows in, same figures out.

Run: ``uv run python benchmarks/volume_analysis.py [--rows 20000000] [--rounds 2]``; README.md
says what is compared. Exits with 1 where a ratio is missed.
"""

import sys
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from turns import Goals, Timed, Way, buffers, in_turns, missed

from market_assets.domain.volume.analysis import VOLUME_ANALYSIS, WINDOW_DAYS, volume_analysis

SESSIONS = 5000
HIGH, LOW = 2.0, 0.5
FIGURES = [name for name, dtype in VOLUME_ANALYSIS.items() if dtype == pl.Float64]
SQL = f"""
with stated as (
    select ticker, session, volume, turnover, close, ln(1 + volume) as x, ln(close) as y
    from quotes where status is distinct from 'S'
), changed as (
    select *, x - lag(x) over line as dx, y - lag(y) over line as dy
    from stated window line as (partition by ticker order by session)
), windows as (
    select ticker, session, volume, turnover, close,
        lag(volume) over line as previous,
        avg(volume) over before_20 as average, count(volume) over before_20 as n_before,
        avg(volume) over last_5 as ma_5, count(volume) over last_5 as n_5,
        avg(volume) over last_20 as ma_20, count(volume) over last_20 as n_20,
        stddev_samp(volume) over last_20 as deviation,
        corr(dx, dy) over last_60 as correlation,
        count(dx) over last_60 as n_x, count(dy) over last_60 as n_y,
        session - lag(session, 1) over line <= {WINDOW_DAYS} as to_1,
        session - lag(session, 4) over line <= {WINDOW_DAYS} as to_4,
        session - lag(session, 19) over line <= {WINDOW_DAYS} as to_19,
        session - lag(session, 20) over line <= {WINDOW_DAYS} as to_20,
        session - lag(session, 60) over line <= {WINDOW_DAYS} as to_60
    from changed window
        line as (partition by ticker order by session),
        before_20 as (partition by ticker order by session rows between 20 preceding
                      and 1 preceding),
        last_5 as (partition by ticker order by session rows 4 preceding),
        last_20 as (partition by ticker order by session rows 19 preceding),
        last_60 as (partition by ticker order by session rows 59 preceding)
), figures as (
    select *, case when to_20 and n_before = 20 then average end as average_volume
    from windows
)
select ticker, session, volume, turnover, close,
    case when to_1 then previous end as previous_volume,
    average_volume,
    volume / nullif(average_volume, 0) as volume_ratio,
    case when to_4 and n_5 = 5 then ma_5 end as volume_ma_5,
    case when to_19 and n_20 = 20 then ma_20 end as volume_ma_20,
    case when to_1 then (volume / nullif(previous, 0) - 1) * 100 end as volume_change_percent,
    volume_ratio > {HIGH} as high_volume,
    volume_ratio < {LOW} as low_volume,
    case when to_19 and n_20 = 20 then deviation / nullif(ma_20, 0) end as volume_volatility_20,
    case when to_60 and n_x = 60 and n_y = 60 then correlation end as volume_return_correlation_60
from figures
"""


def history(rows: int) -> pl.DataFrame:
    """``rows`` of 5,000 weekdays of each line: 3 % untraded, 0.1 % suspended, 0.02 % unstated."""
    dice = np.random.default_rng(2026)
    start, row = date(2005, 1, 3), pl.int_range(rows, eager=True)
    days = pl.Series([start + timedelta(days=7 * (k // 5) + k % 5) for k in range(SESSIONS)])
    lines = pl.Series([f"L{k:05}" for k in range(-(-rows // SESSIONS))])
    volume = dice.lognormal(9.0, 1.5, rows).astype(np.int64)
    volume[dice.random(rows) < 0.03] = 0
    drift = np.cumsum(dice.integers(-100, 101, rows))
    kind = pl.Series(dice.random(rows))
    status = pl.when(kind < 0.001).then(pl.lit("S")).otherwise(pl.lit("T"))
    return pl.select(
        ticker=lines.gather(row // SESSIONS),
        session=days.gather(row % SESSIONS),
        status=status,
        close=pl.Series(100 + np.abs(drift % 40_000 - 20_000) / 100),
        volume=pl.when(kind >= 0.0012).then(pl.Series(volume)),
    ).with_columns(turnover=pl.col("volume") * pl.col("close"))


def in_duckdb(quotes: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A database in memory with the table ``quotes`` in the same order, its words as enums."""
    database = duckdb.connect()
    database.execute("set enable_progress_bar = false")
    for name in ("ticker", "status"):
        words = ", ".join(f"'{word}'" for word in quotes[name].unique().sort())
        database.execute(f"create type {name}_enum as enum ({words})")
    database.register("given", quotes)
    database.execute(
        "create table quotes as select * replace "
        "(ticker::ticker_enum as ticker, status::status_enum as status) from given"
    )
    return database


def rolled(quotes: pd.DataFrame) -> pd.DataFrame:
    """The figures by groupby and rolling; null is NaN."""
    rows = quotes[quotes["status"] != "S"]
    rows = rows.assign(x=np.log1p(rows["volume"]), y=np.log(rows["close"]))
    lines = rows.groupby("ticker", observed=True, sort=False)
    rows["dx"], rows["dy"] = lines["x"].diff(), lines["y"].diff()
    rows["xx"], rows["yy"] = rows["dx"] ** 2, rows["dy"] ** 2
    rows["xy"] = rows["dx"] * rows["dy"]

    def mean(column: str, size: int) -> np.ndarray:
        return lines[column].rolling(size).mean().to_numpy()

    def reaches(rows_ago: int) -> np.ndarray:
        span = rows["session"] - lines["session"].shift(rows_ago)
        return (span <= pd.Timedelta(days=WINDOW_DAYS)).to_numpy()

    def where(known: np.ndarray, figure: np.ndarray) -> np.ndarray:
        return np.where(known, figure, np.nan)

    ma_20, to_19 = mean("volume", 20), reaches(19)
    volume, previous = rows["volume"].to_numpy(), lines["volume"].shift(1).to_numpy()
    shifted = np.concatenate([[np.nan], ma_20[:-1]])
    average = where(reaches(20), shifted)
    x, y = mean("dx", 60), mean("dy", 60)
    spread = np.sqrt((mean("xx", 60) - x * x) * (mean("yy", 60) - y * y))
    deviation = lines["volume"].rolling(20).std().to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = where(average > 0, volume / average)
        change = where(reaches(1) & (previous > 0), (volume / previous - 1) * 100)
        volatility = where(to_19 & (ma_20 > 0), deviation / ma_20)
        correlation = where(reaches(60), (mean("xy", 60) - x * y) / spread)
    return rows[["ticker", "session", "volume", "turnover", "close"]].assign(
        previous_volume=where(reaches(1), previous),
        average_volume=average,
        volume_ratio=ratio,
        volume_ma_5=where(reaches(4), mean("volume", 5)),
        volume_ma_20=where(to_19, ma_20),
        volume_change_percent=change,
        high_volume=ratio > HIGH,
        low_volume=ratio < LOW,
        volume_volatility_20=volatility,
        volume_return_correlation_60=correlation,
    )


def agreement(ours: pl.DataFrame, theirs: pl.DataFrame, name: str) -> None:
    """How far the figures are apart at most; raises AssertionError where it is too far."""
    theirs = theirs.sort("ticker", "session")
    assert (ours["session"] == theirs["session"].cast(pl.Date)).all(), f"{name}: other rows"
    furthest = 0.0
    for column in FIGURES:
        a, b = ours[column], theirs[column].cast(pl.Float64).fill_nan(None)
        assert (a.is_null() == b.is_null()).all(), f"{name}: other nulls in {column}"
        apart = (a - b).abs() / pl.select(pl.max_horizontal(a.abs(), 1.0)).to_series()
        worst = apart.max() or 0.0
        assert isinstance(worst, float)
        assert worst < 1e-6, f"{name}: {column} is {worst:.1e} apart"
        furthest = max(furthest, worst)
    ratio = ours["volume_ratio"]
    sure = ((ratio - HIGH).abs() > 1e-9) & ((ratio - LOW).abs() > 1e-9)
    for column in ("high_volume", "low_volume"):
        same = ours[column].filter(sure) == theirs[column].filter(sure)
        assert same.all(ignore_nulls=False), f"{name}: {column} differs"
    print(f"{name} agrees with us to {furthest:.0e}", flush=True)


def as_pandas(quotes: pl.DataFrame) -> pd.DataFrame:
    """``quotes`` as rolling windows want them: tickers categories, nulls NaN."""
    words = {"ticker": pl.Categorical(), "status": pl.Categorical(), "volume": pl.Float64()}
    return quotes.cast(words).to_pandas()


def analysed(quotes: pl.DataFrame) -> pl.DataFrame:
    """Our figures."""
    return volume_analysis(quotes, high=HIGH, low=LOW)


def agree(rows: int) -> None:
    """Hold the three ways to the same figures."""
    quotes = history(rows)
    ours = analysed(quotes)
    agreement(ours, pl.DataFrame(in_duckdb(quotes).execute(SQL).to_arrow_table()), "DuckDB")
    agreement(ours, pl.from_pandas(rolled(as_pandas(quotes))), "pandas")


def ours_and_copy(rows: int) -> list[Timed]:
    """Our way, and the copy of what it reads and writes."""
    quotes = history(rows)
    source = buffers(quotes, analysed(quotes))
    target = [array.copy() for array in source]

    def copied() -> None:
        for to, array in zip(target, source, strict=True):
            np.copyto(to, array)

    ours = Way("market_assets", lambda: analysed(quotes))
    return in_turns(5, ours, Way("NumPy copy", copied))


def by_pandas(rows: int) -> list[Timed]:
    """The way of pandas."""
    quotes = as_pandas(history(rows))
    return in_turns(2, Way("pandas", lambda: rolled(quotes)))


def by_duckdb(rows: int) -> list[Timed]:
    """The way of DuckDB."""
    database = in_duckdb(history(rows))
    return in_turns(2, Way("DuckDB", lambda: database.execute(SQL).to_arrow_table()))


if __name__ == "__main__":
    sys.exit(
        missed(
            agree,
            (ours_and_copy, by_pandas, by_duckdb),
            Goals(pandas=4.0, duckdb=4.0, copy=4.0),
            rounds=2,
        )
    )

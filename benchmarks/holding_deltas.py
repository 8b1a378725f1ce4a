"""The holding deltas against pandas, DuckDB and a memory copy: same rows in, same changes out.

Run: ``uv run python benchmarks/holding_deltas.py [--rows 20000000] [--rounds 2]``; README.md
says what is compared. Exits with 1 where a ratio is missed.
"""

import sys
from collections.abc import Iterable
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from turns import Goals, Timed, Way, buffers, in_turns, missed

from market_assets.domain.holdings.deltas import holding_deltas
from market_assets.domain.holdings.numbering import REACH

SESSIONS = 5000
DAYS = [date(2005, 1, 3) + timedelta(days=7 * (k // 5) + k % 5) for k in range(SESSIONS)]
HORIZONS = (1, 5, 20)
SQL = [  # one statement each: DuckDB 1.5.5 waits for ever on a union of as-of joins
    f"""
    select code, session, {horizon}::integer as horizon, base_session, base_shares, shares,
        shares - base_shares as change_shares,
        (shares / nullif(base_shares, 0) - 1) * 100 as change_pct,
        percent - base_percent as change_points,
        case when base_session is not null then 'ok' when number < {horizon} then 'base_missing'
            else 'new' end as status
    from (
        select l.code, l.session, l.number, l.shares, l.percent,
            case when l.number - b.number <= {horizon + REACH} then b.session end as base_session,
            case when l.number - b.number <= {horizon + REACH} then b.shares end as base_shares,
            case when l.number - b.number <= {horizon + REACH} then b.percent end as base_percent
        from holdings l asof left join holdings b
            on l.code = b.code and l.number - {horizon} >= b.number
    )"""
    for horizon in HORIZONS
]


def history(rows: int) -> pl.DataFrame:
    """``rows`` of 5,000 weekdays of each code, but 0.2 % that are missing; nothing is split."""
    dice = np.random.default_rng(2026)
    row = pl.int_range(rows, eager=True)
    codes = pl.Series([f"{k:05}" for k in range(3000, 3000 + -(-rows // SESSIONS))])
    walk = np.cumsum(dice.integers(-500, 501, rows, dtype=np.int64))
    percent = np.round(5 + np.abs(walk % 200_000 - 100_000) / 1e5, 2)
    return pl.select(
        code=codes.gather(row // SESSIONS),
        name=codes.gather(row // SESSIONS),
        session=pl.Series(DAYS).gather(row % SESSIONS),
        number=(row % SESSIONS).cast(pl.Int32),
        shares=pl.Series(3_000_000 + np.abs(walk % 2_000_000 - 1_000_000)),
        percent=pl.Series(percent),
        source=pl.repeat("hkex_southbound", rows, eager=True),
    ).filter(pl.Series(dice.random(rows) >= 0.002))


def in_duckdb(holdings: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A database in memory with the table ``holdings`` in the same order, its codes an enum."""
    database = duckdb.connect()
    database.execute("set enable_progress_bar = false")
    words = ", ".join(f"'{word}'" for word in holdings["code"].unique().sort())
    database.execute(f"create type code_enum as enum ({words})")
    database.register("given", holdings.drop("name", "source"))
    database.execute(
        "create table holdings as select * replace (code::code_enum as code) from given"
    )
    return database


def merged(holdings: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """The changes over one horizon by merge_asof; ``holdings`` ascend by number."""
    base = holdings[["code", "number", "session", "shares", "percent"]]
    joined = pd.merge_asof(
        holdings.assign(wanted=holdings["number"] - horizon),
        base.rename(columns=lambda c: c if c == "code" else f"base_{c}"),
        left_on="wanted",
        right_on="base_number",
        by="code",
        tolerance=REACH,
    )
    without = np.where(joined["number"] < horizon, "base_missing", "new")
    return pd.DataFrame(
        {
            "code": joined["code"],
            "session": joined["session"],
            "horizon": np.int32(horizon),
            "base_session": joined["base_session"],
            "base_shares": joined["base_shares"],
            "shares": joined["shares"],
            "change_shares": joined["shares"] - joined["base_shares"],
            "change_pct": (joined["shares"] / joined["base_shares"] - 1) * 100,
            "change_points": joined["percent"] - joined["base_percent"],
            "status": np.where(joined["base_shares"].notna(), "ok", without),
        }
    )


def agreement(ours: pl.DataFrame, theirs: Iterable[pl.DataFrame], name: str) -> None:
    """Raise AssertionError where a figure is not ours; what exited is ours alone and left out."""
    plain = (
        pl.col("code", "status").cast(pl.String),
        pl.col("session", "base_session").cast(pl.Date),
    )
    for horizon, frame in zip(HORIZONS, theirs, strict=True):
        a = ours.filter(pl.col("horizon") == horizon, pl.col("status") != "exited")
        b = frame.with_columns(*plain).sort("code", "session")
        assert a.height == b.height, f"{name}: {b.height} rows, not {a.height}"
        for column in ("code", "session", "base_session", "status"):
            same = a[column].eq_missing(b[column]).all()
            assert same, f"{name}: other {column} over {horizon}"
        for column in ("base_shares", "change_shares", "change_pct", "change_points"):
            x, y = a[column].cast(pl.Float64), b[column].cast(pl.Float64).fill_nan(None)
            assert (x.is_null() == y.is_null()).all(), f"{name}: other nulls in {column}"
            worst = (x - y).abs().max() or 0.0
            assert worst < 1e-6, f"{name}: {column} is {worst:.1e} apart"
    print(f"{name} agrees with us", flush=True)


def as_pandas(holdings: pl.DataFrame) -> pd.DataFrame:
    """``holdings`` as merge_asof wants them: ascending by number, the codes categories."""
    coded = holdings.drop("name", "source").cast({"code": pl.Categorical()})
    return coded.sort("number", "code").to_pandas()


def agree(rows: int) -> None:
    """Hold the three ways to the same changes; they cannot all keep theirs of 20 M rows."""
    holdings = history(rows)
    ours, database, in_pandas = deltas(holdings), in_duckdb(holdings), as_pandas(holdings)
    tables = (pl.DataFrame(database.execute(sql).to_arrow_table()) for sql in SQL)
    agreement(ours, tables, "DuckDB")
    frames = (pl.from_pandas(merged(in_pandas, horizon)) for horizon in HORIZONS)
    agreement(ours, frames, "pandas")


def ours_and_copy(rows: int) -> list[Timed]:
    """Our way, and the copy of what it reads and writes."""
    holdings = history(rows)
    source, target = _copied(holdings, deltas(holdings))
    ours = Way("market_assets", lambda: deltas(holdings))
    return in_turns(5, ours, Way("NumPy copy", lambda: _copy(source, target)))


def by_pandas(rows: int) -> list[Timed]:
    """The way of pandas, one horizon after the other."""
    holdings = as_pandas(history(rows))

    def run() -> None:
        for horizon in HORIZONS:
            merged(holdings, horizon)

    return in_turns(2, Way("pandas", run))


def by_duckdb(rows: int) -> list[Timed]:
    """The way of DuckDB, one horizon after the other."""
    database = in_duckdb(history(rows))

    def run() -> None:
        for sql in SQL:
            database.execute(sql).to_arrow_table()

    return in_turns(2, Way("DuckDB", run))


def deltas(holdings: pl.DataFrame) -> pl.DataFrame:
    """Our changes over all horizons."""
    return holding_deltas(holdings, horizons=HORIZONS, sessions=DAYS)


def _copy(source: list[list[np.ndarray]], target: list[list[np.ndarray]]) -> None:
    """The input once, and as much for each horizon as is new in the output."""
    for times, arrays, others in zip((1, len(HORIZONS)), target, source, strict=True):
        for _ in range(times):
            for to, array in zip(arrays, others, strict=True):
                np.copyto(to, array)


def _copied(
    holdings: pl.DataFrame, deltas: pl.DataFrame
) -> tuple[list[list[np.ndarray]], list[list[np.ndarray]]]:
    """Arrays as wide as the input, and as what is new in the output for one horizon; twice.

    Code, session and shares of the output are those of the input and counted once.
    """
    one = deltas.filter(pl.col("horizon") == HORIZONS[0]).drop("code", "session", "shares")
    source = [buffers(holdings.drop("number", "source")), buffers(one)]
    return source, [[array.copy() for array in arrays] for arrays in source]


if __name__ == "__main__":
    sys.exit(
        missed(
            agree,
            (ours_and_copy, by_pandas, by_duckdb),
            Goals(pandas=10.0, duckdb=5.0, copy=6.0),
            rounds=2,
        )
    )

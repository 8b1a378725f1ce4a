"""What one more session costs after one year and after twenty: it must not grow with history.

One increment reads the last 270 sessions of the quotes, as the longest window does, and replaces
one session of four tables. The two warehouses take turns, so that a busy machine slows both.
Run: ``uv run python benchmarks/increment.py [--lines 81] [--rounds 15]``
"""

import argparse
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import polars as pl

from market_assets.warehouse.tables import Warehouse

HISTORIES = {"1 year": 1, "20 years": 20}
WINDOW = 270
MOST = 1.2
LAST = date(2026, 10, 9)
QUOTES = "casablanca.daily_quotes"
TABLES = {
    QUOTES: 1.0,
    "casablanca.volume_analysis": 1.0,
    "casablanca.volume_alerts": 0.1,
    "casablanca.sector_volume_analysis": 0.25,
}
"""The tables and how many rows each has for one line and session."""
NUMBERS = ("open", "high", "low", "close", "turnover", "average_volume", "ratio", "volatility")


def weekdays(first: date, last: date) -> list[date]:
    """Every Monday to Friday from ``first`` to ``last``."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def rows_of(sessions: list[date], rows: int) -> pl.DataFrame:
    """``rows`` rows of each session: texts, numbers that do not compress away, an instant."""
    lines = pl.DataFrame({"ticker": [f"T{number:03}" for number in range(rows)]})
    frame = pl.DataFrame({"session": sessions}).join(lines, how="cross")
    noise = pl.struct("session", "ticker").hash
    return frame.with_columns(
        pl.lit("MA000000").alias("isin"),
        (noise(0) % 1_000_000).cast(pl.Int64).alias("volume"),
        pl.lit(["casablanca_bourse", "bmce"]).alias("sources"),
        pl.col("session").cast(pl.Datetime("us", "UTC")).alias("known_at"),
        *[((noise(seed) % 100_000) / 100).alias(name) for seed, name in enumerate(NUMBERS, 1)],
    )


def filled(path: Path, *, years: int, lines: int) -> Warehouse:
    """A warehouse with ``years`` years up to ``LAST``, written a year at a time."""
    warehouse = Warehouse(path, mode="sandbox")
    for back in range(years, 0, -1):
        first, last = LAST - timedelta(days=365 * back - 1), LAST - timedelta(days=365 * (back - 1))
        for table, share in TABLES.items():
            frame = rows_of(weekdays(first, last), max(1, int(lines * share)))
            warehouse.replace_sessions(table, frame, first=first, last=last)
    return warehouse


def increment(warehouse: Warehouse, session: date, lines: int) -> tuple[float, float]:
    """Wall and CPU seconds of one more session."""
    frames = {
        table: rows_of([session], max(1, int(lines * share))) for table, share in TABLES.items()
    }
    wall, cpu = time.perf_counter(), time.process_time()
    window = warehouse.newest_sessions(QUOTES, before=session, count=WINDOW)
    history = warehouse.read(QUOTES, first=window[0], last=session)
    for table, frame in frames.items():
        warehouse.replace_sessions(table, frame, first=session, last=session)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert history is not None
    assert history.height >= lines * min(WINDOW, len(window))
    return wall, cpu


def main() -> None:
    """Measure, print the medians and fail where the longer history costs more."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=81)
    arguments.add_argument("--rounds", type=int, default=15)
    asked = arguments.parse_args()
    with TemporaryDirectory() as folder:
        warehouses = {
            name: filled(Path(folder) / f"{years}.duckdb", years=years, lines=asked.lines)
            for name, years in HISTORIES.items()
        }
        spent: dict[str, list[tuple[float, float]]] = {name: [] for name in warehouses}
        for session in weekdays(LAST + timedelta(days=1), LAST + timedelta(days=365)):
            if len(spent["1 year"]) == asked.rounds + 1:
                break
            for name, warehouse in warehouses.items():
                spent[name].append(increment(warehouse, session, asked.lines))
    walls = {name: median(wall for wall, _ in times[1:]) for name, times in spent.items()}
    cpus = {name: median(cpu for _, cpu in times[1:]) for name, times in spent.items()}
    for name in warehouses:
        print(f"{name:>8}: wall {1000 * walls[name]:6.1f} ms   CPU {1000 * cpus[name]:6.1f} ms")
    for what, medians in (("wall", walls), ("CPU", cpus)):
        ratio = medians["20 years"] / medians["1 year"]
        print(f"{what} ratio {ratio:.2f} (at most {MOST})")
        assert ratio <= MOST, f"{what}: one more session costs {ratio:.2f} times as much"


if __name__ == "__main__":
    main()
